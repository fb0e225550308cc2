"""What administrators of a register are refused, in its words: each says which row, and what to do instead."""

from datetime import date

import pytest

from coding.actions import registers
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, Payer, Provider, RegisterState
from tests.registers import rows

BORN, OTHER_DAY = date(2020, 1, 2), date(2020, 1, 3)


def standing(people):
    """Three payers, of which the second is merged into the first."""
    kept, merged, other = (rows.payer(people, name) for name in ("North", "Northern", "South"))
    registers.merge(people["administrator"], [merged], kept, "One payer.")
    return kept, merged, other


@pytest.fixture
def payers(standing):
    return [Payer.objects.get(pk=row.pk) for row in standing]


@pytest.fixture
def administrator(people):
    return people["administrator"]


def refused(act, *arguments, kind=Conflict):
    events = AuditEvent.objects.count()
    with pytest.raises(kind) as refusal:
        act(*arguments)
    assert AuditEvent.objects.count() == events
    return str(refusal.value)


def test_whoever_may_not_is_told_so_for_each_verb(people, payers):
    kept, merged, other = payers
    end = "Ask an administrator for the role that may."
    coder = people["coder"]
    assert refused(registers.accept, coder, [kept], kind=NotAllowed) == (
        f"You may not complete rows of this register. {end}"
    )
    assert refused(registers.merge, coder, [other], kept, "Why.", kind=NotAllowed) == (
        f"You may not merge rows of this register. {end}"
    )
    assert refused(registers.take_apart, coder, [merged], "Why.", kind=NotAllowed) == (
        f"You may not take rows of this register apart. {end}"
    )


def test_a_merged_row_is_neither_completed_nor_merged_again(payers, administrator):
    _, merged, other = payers
    assert refused(registers.complete_payer, administrator, merged, merged.edition) == (
        "Northern is merged into another row. Complete that one, or take this one apart first."
    )
    words = (
        "Northern is merged into another row already. Choose that one, or take this one apart"
        " first."
    )
    assert refused(registers.merge, administrator, [merged], other, "Why.") == words
    assert refused(registers.merge, administrator, [other], merged, "Why.") == words


def test_a_row_that_counts_for_others_is_merged_the_other_way_round(people, payers, administrator):
    kept, _, other = payers
    assert refused(registers.merge, administrator, [kept], other, "Why.") == (
        "North counts for 1 merged row. Merge the other way round, or take it apart first."
    )
    another = rows.payer(people, "Nord")
    registers.merge(administrator, [another], kept, "One payer.")
    assert refused(registers.merge, administrator, [kept], other, "Why.") == (
        "North counts for 2 merged rows. Merge the other way round, or take them apart first."
    )


def test_a_row_is_not_merged_into_itself_and_what_is_not_merged_is_not_taken_apart(
    payers, administrator
):
    kept, _, other = payers
    assert refused(registers.merge, administrator, [other, kept], kept, "Why.") == (
        "A row is not merged into itself. Choose the others without it."
    )
    assert refused(registers.take_apart, administrator, [other], "Why.") == (
        "South is not merged into another row. Reload the list to see where it stands."
    )


def test_a_row_that_somebody_changed_meanwhile_is_opened_again(payers, administrator):
    _, _, other = payers
    registers.accept(administrator, [other])
    assert refused(registers.complete_payer, administrator, other, other.edition) == (
        "South was changed meanwhile. Nothing of yours is saved: open it again and take over your"
        " changes."
    )
    other.refresh_from_db()
    registers.complete_payer(administrator, other, other.edition)


def test_all_are_done_or_none(payers, administrator):
    _, merged, other = payers
    before = other.edition
    refused(registers.accept, administrator, [other, merged])
    refused(registers.take_apart, administrator, [merged, other], "Why.")
    other.refresh_from_db()
    merged.refresh_from_db()
    assert (other.edition, other.state) == (before, RegisterState.NEW)
    assert merged.state == RegisterState.MERGED


def test_nothing_to_take_apart_is_nothing_done(administrator):
    before = AuditEvent.objects.count()
    registers.take_apart(administrator, [], "Why.")
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("own", "other", "what"),
    [
        ({"birth_date": BORN}, {"birth_date": OTHER_DAY}, "birth date"),
        ({"sex": "F"}, {"sex": "M"}, "sex"),
        ({"birth_date": BORN, "sex": "F"}, {"birth_date": OTHER_DAY, "sex": "M"}, "birth date"),
    ],
)
def test_two_patients_who_differ_are_not_one_until_one_is_corrected(
    people, administrator, own, other, what
):
    first, second = rows.patient(people, "P-1"), rows.patient(people, "P-2")
    for row, values in ((first, own), (second, other)):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    assert refused(registers.merge, administrator, [first], second, "Why.") == (
        f"{first} and {second} differ in {what}. If they are one, correct the wrong {what} first."
    )


def test_a_dated_row_is_told_as_it_was_and_said_again_for_the_same_day(people, administrator):
    falk = rows.provider(people, "Dr. Falk")
    day = date(2026, 1, 1)
    for edition, group in enumerate(("North", "South"), start=falk.edition):
        affiliation = registers.Affiliation(day, group, "Orthopedics")
        registers.complete_provider(administrator, falk, edition, "f@example.org", affiliation)
    first, second = AuditEvent.objects.filter(event="register.completed").order_by("sequence")
    assert (first.before["e-mail"], first.after["e-mail"]) == ("", "f@example.org")
    assert "group" not in first.before
    assert (second.before["group"], second.after["group"]) == ("North", "South")
    assert second.after["from"] == "2026-01-01"
    assert Provider.objects.get(pk=falk.pk).affiliations.count() == 1
