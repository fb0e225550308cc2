"""What the house settles: names of authorities, checks, notes, descriptors and updates, and how each is refused."""

from dataclasses import replace
from datetime import date

import pytest

from coding.actions import authorities, claim_checks, descriptors, house_notes, table_sign_offs
from coding.actions.authorities import TwoNames
from coding.actions.claim_checks import CheckSetting, _fault_of_text
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.house_notes import NoteText
from coding.actions.transitions import JOB, of
from coding.models import AuditEvent, AuthorityAlias, ClaimCheckRow, HouseNote, RuleSet
from coding.rules.tables_update import TablesUpdate
from tests import signing
from tests.races import at_once

OID = "1.2.840.1"
NAMES = TwoNames("MAIN", OID, "Told by phone.")
DAY = date(2026, 1, 1)


@pytest.fixture
def administrator(people):
    return people["administrator"]


def refused(act, *arguments, kind=Conflict):
    with pytest.raises(kind) as refusal:
        act(*arguments)
    return str(refusal.value)


# Names of authorities ------------------------------------------------------------------------------


def test_a_second_name_is_kept_with_its_reason_until_it_is_taken_out(administrator):
    alias = authorities.add(administrator, TwoNames(" MAIN ", f" {OID} ", " Told by phone. "))
    assert (alias.name, alias.counts_as, alias.reason) == ("MAIN", OID, "Told by phone.")
    authorities.remove(administrator, alias)
    told = {"name": "MAIN", "counts as": OID, "reason": "Told by phone."}
    added, removed = AuditEvent.objects.filter(event__startswith="authority_alias.").order_by("pk")
    assert (added.after, removed.before) == (told, told)
    alias.refresh_from_db()
    assert alias.removed_by == administrator
    assert refused(authorities.remove, administrator, alias) == "MAIN was taken out meanwhile."
    authorities.add(administrator, NAMES)
    assert AuthorityAlias.objects.count() == 2


def test_two_names_that_cannot_be_of_one_authority_are_refused_with_what_to_do(administrator):
    authorities.add(administrator, NAMES)
    for names, words in (
        (
            TwoNames("A^B", OID, "x"),
            "Give one name, without ^: the short name, the OID or the address.",
        ),
        (
            TwoNames("A", "B^C", "x"),
            "Give one name, without ^: the short name, the OID or the address.",
        ),
        (TwoNames("main", "MAIN", "x"), "These are two spellings of one name already."),
        (TwoNames("main", "OTHER", "x"), "main is an alias already. Take it out first."),
        (
            TwoNames("OTHER", "Main", "x"),
            "Main is an alias itself. Give the name that counts for it.",
        ),
        (
            TwoNames(OID, "OTHER", "x"),
            f"Other names count as {OID}. Give it as the name that counts, or take those out first.",
        ),
    ):
        assert refused(authorities.add, administrator, names) == words
    assert AuthorityAlias.objects.count() == 1


def test_of_two_who_say_the_same_at_once_the_second_is_told(administrator, monkeypatch):
    authorities.add(administrator, NAMES)
    monkeypatch.setattr(authorities, "fault_of", lambda names, besides=0: "")
    words = "MAIN is an alias already. Take it out first."
    assert refused(authorities.add, administrator, NAMES) == words


@pytest.mark.django_db(transaction=True)
def test_of_two_names_that_are_said_to_count_for_each_other_at_once_one_does(people):
    pairs = [("MAIN", "SOUTH"), ("SOUTH", "MAIN")]
    actors = [people["administrator", number] for number in range(2)]

    def say(number):
        name, counts_as = pairs[number]
        return authorities.add(actors[number], TwoNames(name, counts_as, "Told by phone."))

    results = at_once(2, say)
    [refusal] = [result for result in results if isinstance(result, Conflict)]
    [alias] = AuthorityAlias.objects.all()
    assert alias in results
    assert str(refusal) == f"{alias.name} is an alias itself. Give the name that counts for it."


def test_who_keeps_no_registers_says_nothing_of_authorities(people, administrator):
    alias = authorities.add(administrator, NAMES)
    end = "Ask an administrator for the role that may."
    coder = people["coder"]
    assert refused(authorities.add, coder, NAMES, kind=NotAllowed) == (
        f"You may not say which names of authorities are of one. {end}"
    )
    assert refused(authorities.remove, coder, alias, kind=NotAllowed) == (
        f"You may not take names of authorities apart. {end}"
    )


# Checks of claims ----------------------------------------------------------------------------------

SETTING = CheckSetting("N10", "visit_beside_minor", DAY, reason="So settled.")


def test_how_a_check_stands_is_kept_with_who_settled_it(administrator):
    row = claim_checks.settle(administrator, replace(SETTING, payer="medicare", severity="info"))
    assert (row.check_id, row.payer, row.severity, row.is_on) == ("N10", "medicare", "info", True)
    assert row.set_by == administrator
    event = AuditEvent.objects.get(event="claim_check.settled")
    assert event.after["valid_from"] == "2026-01-01"
    assert (event.reason, "reason" in event.after) == ("So settled.", False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "other"}, "There is no such check. Choose one of the list."),
        ({"reason": "  "}, "Say why the house decides so."),
    ],
)
def test_a_setting_that_cannot_be_is_refused(administrator, change, words):
    assert refused(claim_checks.settle, administrator, replace(SETTING, **change)) == words
    assert not ClaimCheckRow.objects.exists()


def test_a_text_of_the_house_names_what_the_shipped_one_names_and_no_more():
    assert _fault_of_text("Look at {code}.", "{code} beside {other}") == ""
    assert _fault_of_text("Look.", "{code}") == ""
    assert _fault_of_text("{colour}", "{other} {code}") == (
        "The text names {colour}, which this check does not know. It knows: {code}, {other}."
    )
    assert _fault_of_text("{colour}", "Nothing.") == (
        "The text names {colour}, which this check does not know. It knows: none."
    )
    assert _fault_of_text("{code", "{code}") == "A brace { or } of the text has no partner."


# Notes of the house --------------------------------------------------------------------------------

NOTE = NoteText("Ask for the film.", DAY, code="12345")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": ""}, "Name a code or a rule set, and not both."),
        ({"rule_set": RuleSet(key="small")}, "Name a code or a rule set, and not both."),
        ({"text": " \n"}, "Write what the house settled."),
    ],
)
def test_a_note_that_cannot_be_is_refused(people, change, words):
    assert refused(house_notes.write, people["rule author"], replace(NOTE, **change)) == words
    assert not HouseNote.objects.exists()


def test_a_note_is_approved_once_by_somebody_else(people):
    note = house_notes.write(people["rule author"], NOTE)
    words = "You may not approve house notes. Ask an administrator for the role that may."
    assert refused(house_notes.approve, people["coder"], note, kind=NotAllowed) == words
    house_notes.approve(people["rule approver"], note)
    again = refused(house_notes.approve, people["rule approver", 2], note)
    assert again == f"The note “{note}” is approved already."
    note.refresh_from_db()
    assert note.approved_by == people["rule approver"]


# Descriptors and updates ---------------------------------------------------------------------------


def test_without_a_folder_of_their_own_no_descriptors_are_kept(db, settings):
    settings.DESCRIPTORS_FOLDER = ""
    assert refused(descriptors.load, b"12345,A made-up text\n", DAY) == (
        "Set DESCRIPTORS_FOLDER first: it names where the descriptors of your licence are kept."
    )


def test_descriptors_of_a_day_are_loaded_once(db, settings, tmp_path):
    settings.DESCRIPTORS_FOLDER = str(tmp_path / "apart")
    content = b"code,descriptor\n12345,A made-up text\n"
    assert descriptors.load(content, DAY).codes == 1
    assert refused(descriptors.load, content, DAY) == (
        "Descriptors from 2026-01-01 are loaded already. A release is never overwritten."
    )


def test_an_update_is_signed_once_and_by_who_may_approve_rules(people, monkeypatch):
    update = TablesUpdate(DAY, (("", "Q1"),), ())
    monkeypatch.setattr(table_sign_offs, "tables_update", lambda day: update)
    sign_off, seen = table_sign_offs.sign_off, update.content_hash
    words = "You may not sign what new tables change. Ask an administrator for the role that may."
    assert refused(sign_off, people["coder"], DAY, seen, (), kind=NotAllowed) == words

    done = sign_off(people["rule approver"], DAY, seen, ("small", "other"))
    assert done.content["stands as it is"] == ["other", "small"]
    event = AuditEvent.objects.get(event="table_update.signed")
    said = signing.but_for_the_signature(event.after)
    assert said == {"day": "2026-01-01", "stands as it is": ["other", "small"]}

    again = refused(sign_off, people["rule approver", 2], DAY, seen, ())
    assert again == "This update is signed already. Reload the page."


# The table of verbs --------------------------------------------------------------------------------


def test_a_verb_that_no_table_names_is_a_fault_of_the_caller():
    assert of(JOB, "pause").event == "job.paused"
    assert refused(of, JOB, "burn", kind=LookupError) == "burn is no verb of this table."
