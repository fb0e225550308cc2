"""What is wrong with a rule file, beyond what can be wrong with any rule table."""

from coding.decision import TableError


class UnreadableFile(TableError):
    """The file is not what its format asks for; the message says where and what to do."""


class Inexpressible(TableError):
    """A rule table holds what a format cannot express; the message names rule and fact."""
