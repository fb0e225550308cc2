"""What can be wrong with a file as a whole."""


class FileError(ValueError):
    """A file that cannot be read, or not from here on; the message names the place and what to do."""
