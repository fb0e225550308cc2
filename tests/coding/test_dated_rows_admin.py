"""House notes, claim checks, names of authorities and loaded tables in the administration, straight to its methods."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from coding.actions import authorities, house_notes
from coding.actions.authorities import TwoNames
from coding.actions.house_notes import NoteText
from coding.admin.authorities import AliasForm
from coding.admin.claim_checks import SettlingForm
from coding.admin.claim_checks import choices as checks
from coding.admin.house_notes import IsApproved, NoteForm
from coding.models import (
    AuthorityAlias,
    ClaimCheckRow,
    FeeScheduleRelease,
    FeeScheduleValue,
    HouseNote,
    TableKind,
    TableLoad,
    TablePart,
    TableRelease,
)
from tests import factories, small_rules
from tests.straight import admin_of, asked, sent, told

DAY = date(2026, 1, 1)
SAME = TwoNames("HILL", "1.2.3.4", "Both are the clinic's own.")


def standing(people):
    """Two notes about a code, of which one is approved, and two names of one authority."""
    small_rules.published(people)
    author = people["rule author"]
    for text in ("Films are read twice.", "Films are read once."):
        house_notes.write(author, NoteText(text, DAY, code="27256"))
    house_notes.approve(people["rule approver"], HouseNote.objects.order_by("pk")[0])
    authorities.add(people["administrator"], SAME)


@pytest.fixture
def author(people, standing):
    return people["rule author"]


# House notes.


def test_notes_that_wait_and_that_count_are_found_apart(author):
    def listed(**query):
        request = asked(author, **query)
        chosen = IsApproved(request, {key: [text] for key, text in query.items()}, HouseNote, None)
        return [note.text for note in chosen.queryset(request, HouseNote.objects.order_by("pk"))]

    assert listed(approved="yes") == ["Films are read twice."]
    assert listed(approved="no") == ["Films are read once."]
    assert len(listed()) == len(listed(approved="soon")) == 2


def test_a_note_asks_what_is_written_and_shows_afterwards_who_did_what(people, author):
    notes, note = admin_of(HouseNote), HouseNote.objects.first()
    request = asked(author)
    assert notes.get_fields(request) == ("code", "rule_set", "text", "valid_from")
    assert notes.get_fields(request, note)[4:] == (
        "written_by",
        "written_at",
        "approved_by",
        "approved_at",
        "signed",
    )
    assert not notes.has_approve_permission(request)
    assert notes.has_approve_permission(asked(people["rule approver"]))
    assert not notes.has_change_permission(request, note)
    assert not notes.has_delete_permission(request, note)


def test_what_the_verb_would_refuse_is_refused_on_the_form(author):
    form = NoteForm({"code": "", "text": "Films.", "valid_from": "2026-01-01"})
    assert "Name a code or a rule set" in form.non_field_errors()[0]
    assert NoteForm({"code": "27256", "text": "Films.", "valid_from": "2026-01-01"}).is_valid()


def test_an_approver_is_asked_to_sign_what_they_read(people, author):
    approver = people["rule approver"]
    chosen = HouseNote.objects.filter(approved_at=None)
    page = admin_of(HouseNote).approve_notes(sent(approver), chosen).context_data
    [note] = chosen
    assert page["rows"] == [(note.pk, f"{note}, by {author.name}: Films are read once.")]
    assert page["lead"].startswith(f"You sign as {approver.name}: ")
    assert (page["title"], page["verb"]) == ("Approve house notes", "Sign and approve")


def test_each_note_that_is_approved_and_each_that_is_not_is_named(people, author, settings):
    settings.SIGN_AGAIN = False
    request = sent(people["rule approver"], confirm="1")
    assert admin_of(HouseNote).approve_notes(request, HouseNote.objects.all()) is None
    refused, approved = told(request)
    assert "approved already" in refused
    assert approved.startswith("The note “")
    assert approved.endswith("” is approved.")
    assert not HouseNote.objects.filter(approved_at=None).exists()


# Claim checks.


def test_a_check_is_chosen_by_its_words_and_settled_from_a_day_on():
    key, label = next((key, label) for key, label in checks() if key.startswith("N10 "))
    assert label.startswith("N10: ")
    data = {
        "check": key,
        "payer": "",
        "valid_from": "2026-01-01",
        "severity": "",
        "message": "",
        "reason": "Nobody asks for it.",
    }
    form = SettlingForm(data)
    assert form.is_valid(), form.errors
    setting = form.setting(form.cleaned_data)
    assert f"{setting.check_id} {setting.kind}" == key
    assert (setting.valid_from, setting.is_on, setting.reason) == (
        DAY,
        False,
        "Nobody asks for it.",
    )


def test_a_settling_that_the_verb_would_refuse_is_refused_on_the_form():
    data = {"check": checks()[0][0], "valid_from": "1700-01-01", "reason": "x", "is_on": "on"}
    assert "1900" in SettlingForm(data).non_field_errors()[0]
    assert list(SettlingForm({**data, "check": "N99 none"}).errors) == ["check"]


def test_a_settled_check_is_read_by_its_id_and_kind(author):
    fields, request = admin_of(ClaimCheckRow).get_fields, asked(author)
    assert fields(request)[0] == "check"
    assert fields(request, ClaimCheckRow())[:2] == ["check_id", "kind"]
    assert fields(request, ClaimCheckRow())[-2:] == ["set_by", "set_at"]


# Names of authorities.


def test_two_names_that_cannot_be_of_one_authority_are_refused_on_the_form(author):
    told_twice = {"name": SAME.name, "counts_as": "9.9.9", "reason": "x"}
    assert AliasForm(told_twice).non_field_errors()
    assert AliasForm({"name": "LAKE", "counts_as": "1.2.3.5", "reason": "x"}).is_valid()
    assert sorted(AliasForm({}).errors) == ["counts_as", "name", "reason"]


def test_names_are_taken_out_once_and_each_is_named(people, author):
    aliases, administrator = admin_of(AuthorityAlias), people["administrator"]
    for words in (
        "“HILL is 1.2.3.4” is taken out.",
        "HILL was taken out meanwhile.",
    ):
        request = sent(administrator)
        aliases.take_out(request, AuthorityAlias.objects.all())
        assert told(request) == [words]
    assert aliases.has_take_out_permission(asked(administrator))
    assert not aliases.has_take_out_permission(asked(author))


# Tables that are loaded.


def release(*parts):
    row = TableRelease.objects.create(table=TableKind.PAIRS, program="medicare", valid_from=DAY)
    for number, (rows, left_out) in enumerate(parts):
        TablePart.objects.create(
            release=row,
            file_name=f"part{number}.txt",
            content_hash=str(number) * 64,
            rows=rows,
            left_out=left_out,
            loaded_at=timezone.now(),
        )
    return row


def test_a_release_sums_its_files_and_one_without_any_says_nothing_was_read(author):
    tables = admin_of(TableRelease)
    release((3, 1), (4, 0))
    row = tables.get_queryset(asked(author)).get()
    assert (tables.number_of_parts(row), tables.number_of_rows(row)) == (2, 7)
    assert tables.number_left_out(row) == 1

    TableRelease.objects.create(table=TableKind.ADD_ONS, program="medicare", valid_from=DAY)
    empty = tables.get_queryset(asked(author)).get(table=TableKind.ADD_ONS)
    assert tables.number_of_parts(empty) == 0
    assert tables.number_of_rows(empty) == tables.number_left_out(empty) == 0


def test_what_is_loaded_is_neither_edited_nor_deleted_and_files_come_by_their_release(author):
    request = asked(author)
    for model in (TableRelease, FeeScheduleRelease, FeeScheduleValue, TableLoad):
        assert not admin_of(model).has_change_permission(request)
        assert not admin_of(model).has_delete_permission(request)
    for model in (FeeScheduleValue, TableLoad):
        assert not admin_of(model).has_add_permission(request)
    assert admin_of(TableLoad).has_view_permission(request)
    assert admin_of(TableLoad).has_module_permission(request)


def test_a_fee_schedule_says_what_was_loaded_or_that_all_of_it_was_there(author):
    fees = admin_of(FeeScheduleRelease)
    content = factories.rulesets.made_up_fees().read_bytes()

    def load():
        file = SimpleUploadedFile("fees.csv", content)
        request = sent(author, file=file, valid_from="2026-01-01", name="Made-up values")
        response = fees.add_view(request)
        return told(request), response.url

    there = "/admin/coding/feeschedulerelease/"
    assert load() == (["Loaded: Made-up values."], there)
    assert load() == (["Everything in it is loaded already."], there)


def test_who_may_not_load_sees_no_form(people, author):
    with pytest.raises(PermissionDenied):
        admin_of(FeeScheduleRelease).add_view(asked(people["rule approver"]))
