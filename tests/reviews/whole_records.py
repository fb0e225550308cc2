"""Whether the records are what the trail tells, asked after a change by hand."""

import io

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from coding import trail
from coding.models import User
from coding.trail import proof


def verify():
    """What the command prints, and its exit status."""
    out = io.StringIO()
    try:
        call_command("verify_records", stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def problem():
    """What is wrong, or nothing."""
    try:
        proof.prove()
    except proof.Differs as difference:
        return str(difference)
    return ""


def shell(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def tell_accounts():
    """Accounts of tests are made beside the verbs."""
    with transaction.atomic():
        trail.record(None, "user.saved", User.objects.earliest("pk"), rows=list(User.objects.all()))


class Undone(Exception):
    """Rolls back what somebody did."""


def found_of(act):
    """What is found of a change, which is undone; empty if nothing is."""
    words = "refused"
    try:
        with transaction.atomic():
            act()
            words = problem()
            raise Undone
    except (DatabaseError, Undone):
        return words


def found(statement, *values):
    return found_of(lambda: shell(statement, *values))


def rows_of(model):
    """The first row, and the last one where rows are written in bulk too."""
    rows = [model._base_manager.earliest("pk")]
    return [*rows, model._base_manager.latest("pk")] if model.BEGINS else rows
