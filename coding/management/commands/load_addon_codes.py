"""``manage.py load_addon_codes FILE …``: load NCCI add-on codes of a quarter."""

from coding.management.loading import LoadTable
from coding.models import TableKind


class Command(LoadTable):
    """Each add-on code with its primaries."""

    help = "Load NCCI add-on codes of a quarter, as CMS publishes it or as plain CSV."
    table = TableKind.ADD_ONS
