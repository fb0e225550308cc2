"""Odd texts in the fields of an encounter: stored as typed or refused in words, and shown as text."""

import pytest

from coding.models import Encounter
from tests.coding.test_typed_encounter_page import coder, errors, send  # noqa: F401
from tools.audit.attacks import REFLECTED, TEXTS


def test_an_odd_note_is_stored_as_it_was_typed_and_shown_as_text(coder):  # noqa: F811
    for number, text in enumerate(TEXTS):
        response = send(coder, external_id=f"T-{number}", note=f"{text} seen")
        if "\0" in text:
            assert "note" in errors(response)
            continue
        stored = Encounter.objects.get(external_id=f"T-{number}")
        assert stored.note == f"{text} seen"
        assert not REFLECTED.search(coder.get(stored.get_absolute_url()).text), text


@pytest.mark.parametrize("field", ["provider", "payer"])
def test_an_odd_name_is_stored_without_blanks_around_it_or_refused_at_its_field(coder, field):  # noqa: F811
    for number, text in enumerate(TEXTS):
        response = send(coder, external_id=f"T-{number}", **{field: text})
        if response.status_code == 302:
            assert getattr(Encounter.objects.get(external_id=f"T-{number}"), field) == text.strip()
        else:
            assert list(errors(response)) == [field]
