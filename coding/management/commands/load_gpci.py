"""``manage.py load_gpci FILE …``: load geographic practice cost indices."""

from coding.management.loading import LoadTable
from coding.models import TableKind


class Command(LoadTable):
    """The localities of a year."""

    help = "Load geographic practice cost indices, as CMS publishes it or as plain CSV."
    table = TableKind.LOCALITIES
