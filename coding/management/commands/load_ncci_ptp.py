"""``manage.py load_ncci_ptp FILE …``: load NCCI procedure-to-procedure edits of a quarter."""

from coding.management.loading import LoadTable
from coding.models import TableKind


class Command(LoadTable):
    """The parts of a quarter are one release."""

    help = (
        "Load NCCI procedure-to-procedure edits of a quarter, as CMS publishes it or as plain CSV."
    )
    table = TableKind.PAIRS
