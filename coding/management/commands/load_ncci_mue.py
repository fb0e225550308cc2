"""``manage.py load_ncci_mue FILE …``: load medically unlikely edits of a quarter."""

from coding.management.loading import LoadTable
from coding.models import TableKind


class Command(LoadTable):
    """The practitioner file of a quarter."""

    help = "Load medically unlikely edits of a quarter, as CMS publishes it or as plain CSV."
    table = TableKind.UNIT_LIMITS
