"""``manage.py load_hcpcs FILE …``: load HCPCS Level II codes of a quarter."""

from coding.management.loading import LoadTable
from coding.models import TableKind


class Command(LoadTable):
    """Codes with their terms; descriptions are CMS's own."""

    help = "Load HCPCS Level II codes of a quarter, as CMS publishes it or as plain CSV."
    table = TableKind.TERMS
