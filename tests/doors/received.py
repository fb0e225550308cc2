"""An upload handler that notes which files were received."""

from django.core.files.uploadhandler import MemoryFileUploadHandler

RECEIVED: list[str] = []
HANDLER = f"{__name__}.Noting"


class Noting(MemoryFileUploadHandler):
    """Django's own, with a note of each file that it takes in."""

    def new_file(self, field_name, file_name, *args, **kwargs):
        RECEIVED.append(file_name)
        return super().new_file(field_name, file_name, *args, **kwargs)
