"""What a signature is of: the content of a record, of which any change makes another hash."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from coding.models import Answer, HouseNote, RuleSet, RuleSetVersion, Service, TableSignOff
from coding.rules import case_rows
from coding.signing import content
from coding.signing.content import answer_content, note_content, sign_off_content, version_content
from coding.signing.files import write_file
from coding.signing.shown import ShownSignature

DAY = date(2026, 5, 4)


def differs(sign, values, changes):
    """Each of the changes makes another hash, and the same values make the same one."""
    same = sign(**values)
    assert sign(**values).sha256 == same.sha256
    hashes = {sign(**{**values, name: value}).sha256 for name, value in changes.items()}
    return len(hashes - {same.sha256}) == len(changes)


# A version -----------------------------------------------------------------------------------------


@pytest.fixture
def cases(monkeypatch):
    """The digest of the worked cases of a version, which has none."""
    digests = {"digest": ""}
    monkeypatch.setattr(content.case_rows, "digest", lambda version: digests["digest"])
    return digests


VERSION = {
    "number": 2,
    "day": DAY,
    "note": "Why.",
    "rules": "ab",
    "lexicon": None,
    "payer": "any",
    "place": "any",
}


def version(**values):
    said = {**VERSION, **values}
    own = RuleSetVersion(
        pk=7,
        number=said["number"],
        effective_from=said["day"],
        change_note=said["note"],
        for_payer=said["payer"],
        for_place=said["place"],
        rule_set=RuleSet(key="small"),
    )
    own.document = _stored("document", said["rules"])
    own.lexicon = _stored("lexicon", said["lexicon"])
    return version_content(own)


def _stored(name, content_hash):
    model = RuleSetVersion._meta.get_field(name).related_model
    return None if content_hash is None else model(content_hash=content_hash)


def test_a_version_is_signed_with_its_day_its_rules_its_phrases_and_for_whom_it_is(cases):
    assert version().subject == ("coding.rulesetversion", "7")
    changes = {
        "number": 3,
        "day": date(2026, 5, 5),
        "note": "Why not.",
        "rules": "cd",
        "lexicon": "ef",
        "payer": "kind:medicare",
        "place": "11",
    }
    assert differs(version, VERSION, changes)


def test_its_worked_cases_are_signed_with_it(cases):
    without = version().sha256
    cases["digest"] = "ab"
    with_cases = version().sha256
    cases["digest"] = "cd"
    assert len({without, with_cases, version().sha256}) == 3


def test_of_a_version_that_was_signed_before_there_were_layers_and_cases_the_hash_is_the_same(
    cases,
):
    expected = content.SignedContent.of(
        RuleSetVersion(pk=7),
        {
            "rule set": "small",
            "number": 2,
            "in force from": "2026-05-04",
            "rules": "ab",
            "lexicon": "",
            "change": "Why.",
        },
    )
    assert version().sha256 == expected.sha256


# Other records -------------------------------------------------------------------------------------

ANSWER = {
    "round": 1,
    "fact": "drug",
    "value": {"value": "sleep"},
    "reason": "Told by phone.",
    "passages": [],
    "revision": 1,
}


def answer(**values):
    service = Service(public_id=UUID(int=3))
    return answer_content(Answer(pk=9, service=service, **{**ANSWER, **values}))


def test_an_answer_against_the_note_is_signed_with_its_reason_and_what_was_read():
    changes = {
        "round": 2,
        "fact": "held",
        "value": None,
        "reason": "",
        "passages": [{"start": 0, "end": 4, "text": "Held"}],
        "revision": 2,
    }
    assert answer().subject == ("coding.answer", "9")
    assert differs(answer, ANSWER, changes)


NOTE = {"code": "12345", "rule_set": None, "text": "Ask.", "valid_from": DAY, "written_by_id": 4}


def note(**values):
    return note_content(HouseNote(pk=5, **{**NOTE, **values}))


def test_a_house_note_is_signed_with_what_it_is_about_its_text_its_day_and_its_author():
    changes = {
        "code": "54321",
        "text": "Ask twice.",
        "valid_from": date(2026, 5, 5),
        "written_by_id": 5,
    }
    assert differs(note, NOTE, changes)
    about_rules = note(code="", rule_set=RuleSet(key="small"))
    assert about_rules.sha256 == note(code="small").sha256
    assert about_rules.sha256 != note(code="").sha256


def test_an_update_of_tables_is_signed_as_it_was_told():
    def sign_off(**told):
        return sign_off_content(TableSignOff(pk=1, content=told))

    assert differs(sign_off, {"day": "2026-07-01", "rule sets": []}, {"day": "2026-10-01"})


def test_a_record_is_named_by_its_random_id_where_it_has_one():
    service = Service(pk=8, public_id=UUID(int=3))
    assert content.subject_of(service) == ("coding.service", str(UUID(int=3)))
    assert content.subject_of(RuleSetVersion(pk=8)) == ("coding.rulesetversion", "8")


# Worked cases --------------------------------------------------------------------------------------


def digest(*rows):
    cases = SimpleNamespace(values_list=lambda *names: rows)
    return case_rows.digest(SimpleNamespace(worked_cases=cases))


CASE = ("V1", "held: yes", "code", "12345", "LT", "", "")


def test_of_no_cases_there_is_no_digest_and_each_change_of_one_makes_another():
    assert digest() == ""
    digests = {digest(CASE), digest(CASE, CASE)}
    for place, text in enumerate(("V2", "held: no", "query", "54321", "RT", "A book.", "none")):
        changed = list(CASE)
        changed[place] = text
        digests.add(digest(tuple(changed)))
    assert len(digests) == 9


def test_a_case_that_says_nothing_of_lines_has_the_digest_that_it_had_before_there_were_lines():
    *before, _ = CASE
    assert digest(CASE) == case_rows.content_hash([before])


# Files ---------------------------------------------------------------------------------------------


def test_a_file_is_written_whole_and_its_hash_is_that_of_its_bytes():
    file = write_file([b"one,", b"", b"two"])
    with file.content as written:
        assert written.read() == b"one,two"
    assert write_file([b"one,two"]).sha256 == file.sha256
    assert write_file([b"one,too"]).sha256 != file.sha256


def test_a_signature_in_a_file_is_its_name_roles_time_meaning_and_hash():
    at = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)
    shown = ShownSignature("Ann", "coder", at, "Export", "password", "ab", is_current=True)
    assert shown.cells == ("Ann", "coder", "2026-05-04T12:00:30Z", "Export", "ab")
