"""Signing: whose name stands under what, when, by what means; and that nobody signs for another."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from coding.actions.signatures import NotSigned, bound_to, sign
from coding.models import Meaning, Means, Signature, SignedRecord
from coding.signing.confirmation import at_console
from coding.signing.content import SignedContent, access_content
from coding.signing.shown import signatures_of
from tests.signing import by_password, signatures_under


@pytest.fixture
def supervisor(people):
    return people["supervisor"]


@pytest.fixture(autouse=True)
def _asked_again(settings):
    settings.SIGN_AGAIN = True


def contents(people, *roles):
    return [access_content(people[role]) for role in roles]


def test_it_keeps_the_printed_name_the_roles_the_time_the_meaning_and_the_means(people, supervisor):
    before = timezone.now()
    signature = sign(
        supervisor, Meaning.ROLES, contents(people, "coder"), by_password(supervisor)
    ).signature
    assert (signature.printed_name, signature.roles) == (supervisor.name, "supervisor")
    assert (signature.signer, signature.meaning, signature.means) == (
        supervisor,
        "roles",
        "password",
    )
    assert before <= signature.signed_at <= timezone.now()


def test_the_name_stays_as_it_was_printed(people, supervisor):
    sign(supervisor, Meaning.ROLES, contents(people, "coder"), by_password(supervisor))
    name = supervisor.name
    supervisor.last_name = "Married"
    supervisor.save()
    [shown] = signatures_of([people["coder"]], access_content)[people["coder"].pk]
    assert shown.name == name


def test_one_signature_covers_all_records_of_an_action_each_with_its_own_hash(people, supervisor):
    signed = sign(
        supervisor, Meaning.ROLES, contents(people, "coder", "auditor"), by_password(supervisor)
    )
    [signature] = Signature.objects.all()
    hashes = set(signature.records.values_list("content_hash", flat=True))
    assert hashes == {access_content(people[role]).sha256 for role in ("coder", "auditor")}
    assert signature.content_hash == bound_to(
        {subject: row.content_hash for subject, row in signed.records.items()}
    )
    assert signed.in_trail(people["coder"]) == {
        "signature": str(signature.public_id),
        "sha256": access_content(people["coder"]).sha256,
    }


def test_nothing_is_signed_where_an_action_touched_nothing(supervisor):
    assert sign(supervisor, Meaning.RULING, [], None).signature is None
    assert not Signature.objects.exists()


def test_nobody_signs_without_confirming_or_with_what_another_confirmed(people, supervisor):
    for confirmation in (None, by_password(people["supervisor", 2])):
        with pytest.raises(NotSigned, match="signed with your password"):
            sign(supervisor, Meaning.ROLES, contents(people, "coder"), confirmation)
    assert not Signature.objects.exists()


def test_a_local_copy_takes_the_sign_in_for_a_confirmation_and_records_it_as_what_it_was(
    people, supervisor, settings
):
    settings.SIGN_AGAIN = False
    signature = sign(supervisor, Meaning.ROLES, contents(people, "coder"), None).signature
    assert signature.means == Means.SIGN_IN


def test_what_an_operator_does_at_the_console_is_recorded_as_that(people, supervisor):
    signature = sign(
        supervisor, Meaning.ROLES, contents(people, "coder"), at_console(supervisor)
    ).signature
    assert signature.get_means_display() == "the operator at the console"


def test_when_the_record_changes_the_signature_is_for_an_earlier_version(people, supervisor):
    coder = people["coder"]
    sign(supervisor, Meaning.ROLES, [access_content(coder)], by_password(supervisor))
    coder.is_active = False
    sign(supervisor, Meaning.ROLES, [access_content(coder)], by_password(supervisor))
    assert [shown.is_current for shown in signatures_of([coder], access_content)[coder.pk]] == [
        False,
        True,
    ]


def test_equal_content_has_an_equal_hash_in_whatever_order_it_is_told(people):
    first = SignedContent.of(people["coder"], {"code": "27256", "units": 1})
    assert first == SignedContent.of(people["coder"], {"units": 1, "code": "27256"})


def test_signatures_of_many_records_take_one_query(people, supervisor, django_assert_num_queries):
    sign(supervisor, Meaning.EXPORT, contents(people, "coder", "auditor"), by_password(supervisor))
    with django_assert_num_queries(1):
        shown = signatures_of([people["coder"], people["auditor"]])
    assert len(shown) == 2
    assert signatures_under(people["coder"]) == signatures_under(people["auditor"])


@pytest.mark.both
@pytest.mark.parametrize("table", [Signature._meta.db_table, SignedRecord._meta.db_table])
@pytest.mark.parametrize("statement", ["UPDATE {} SET content_hash = ''", "DELETE FROM {}"])
def test_the_database_keeps_signatures_as_they_were_written(people, supervisor, table, statement):
    sign(supervisor, Meaning.ROLES, contents(people, "coder"), by_password(supervisor))
    with (
        pytest.raises(DatabaseError, match="kept as it is"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
