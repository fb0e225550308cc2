"""What became of each element of a source: taken, told before, or told now; and what a document of a file says."""

import io
from datetime import date

from coding.intake.accounts import Element, account, kinds_left_out
from coding.intake.as_document import document_of
from coding.intake.drafts import EncounterTexts, LineDraft, Problem, Remark
from tests.intake.samples import NOTE, charge, claim, claims_file, dft, document, mdm

TEXTS = EncounterTexts(
    date_of_service="2026-05-31",
    place_of_service="22",
    provider="Bo Roe",
    payer="Plan",
    note="Left hip\nreduced.",
    diagnoses=("Q65.02",),
    service_lines=(LineDraft("12345", ("LT",)),),
)


def told_of(*elements, faults=(), used=()):
    return account(elements, TEXTS, faults, used)


def test_what_stands_in_the_texts_is_taken():
    keys = ("Q65.02", "12345", "LT", "2026-05-31", "22", "Bo Roe", "Plan")
    own = told_of(*(Element("code", key) for key in keys))
    assert (own.seen, own.taken, own.told_before, own.told_now, own.remarks) == (7, 7, 0, 0, ())


def test_what_has_its_effect_otherwise_is_taken_too():
    own = told_of(Element("procedure", "23456"), used={"23456"})
    assert (own.taken, own.remarks) == (1, ())


def test_a_text_is_taken_if_the_note_holds_it():
    own = told_of(
        Element("note", " reduced. ", is_text=True), Element("note", "held.", is_text=True)
    )
    assert (own.taken, own.told_now) == (1, 1)
    # A code is no text: standing within the note does not take it.
    assert told_of(Element("code", "reduced.")).told_now == 1


def test_what_a_remark_or_a_problem_names_is_told_before():
    remark = Remark("Left out: diagnosis S72.001A under the system LOCAL.")
    problem = Problem("service_lines", "The charge is for it.", "99999")
    own = told_of(
        Element("code", "S72.001A"), Element("procedure", "99999"), faults=(remark, problem)
    )
    assert (own.told_before, own.remarks) == (2, ())
    # The stop at the end of a sentence is none of a word, and neither are quotation marks.
    faults = [Remark("Left out: code A7."), Remark("Not this: “B8”, or (C9).")]
    own = told_of(*(Element("code", key) for key in ("A7", "B8", "C9")), faults=faults)
    assert own.told_before == 3


def test_several_words_are_told_by_one_remark_only():
    element = Element("quantity", "4711 MJ")
    assert told_of(element, faults=[Remark("Left out: quantity 4711 MJ.")]).told_before == 1
    apart = [Remark("It has 4711 of them."), Remark("Left out: MJ.")]
    assert told_of(element, faults=apart).told_now == 1


def test_what_is_nowhere_is_told_now_once_with_its_place():
    elements = [
        Element("code", "A7", "line 2"),
        Element("code", "A7", "line 3"),
        Element("x", "A7"),
    ]
    own = told_of(*elements)
    assert own.told_now == 3
    assert own.remarks == (Remark("Left out: code A7.", "line 2"), Remark("Left out: x A7."))
    assert own.seen == own.taken + own.told_before + own.told_now
    assert told_of(Element("code", "x" * 100)).remarks[0].text == f"Left out: code {'x' * 60}."


def test_kinds_are_counted_and_those_that_are_read_are_not_named():
    kinds = ["AL1", "PID", "ZXY", "AL1"]
    remarks = kinds_left_out(kinds, {"PID"}, " segment", {"ZXY": "a note of the house"})
    assert [remark.text for remark in remarks] == [
        "Left out: 2 AL1 segments.",
        "Left out: a note of the house.",
    ]
    assert kinds_left_out([], ()) == []


# The document of a file.


def read(content, name="file"):
    return document_of(io.BytesIO(content), name, date(2026, 11, 25))


def standings(content, name="file"):
    return [item["standing"] for item in read(content, name)["items"]]


def test_a_file_that_cannot_be_read_says_why_and_holds_what_came_before():
    told = read(b"%PDF-1.7")
    assert (told["format"], told["items"]) == ("", [])
    assert told["file_problem"].startswith("This is a PDF document.")
    cut = read(claims_file(claim("C1")).rpartition(b"SE*")[0])
    assert cut["format"] == "x12"
    assert "it is cut off" in cut["file_problem"]
    assert len(cut["items"]) == 1


def test_an_item_is_told_with_everything_that_is_checked():
    [item] = read(dft())["items"]
    assert item["standing"] == "good"
    assert item["service_lines"] == [
        {"code": "27256", "modifiers": ["LT"], "units": 1, "diagnosis_pointers": [1]}
    ]
    assert (item["external_id"], item["birth_date"], item["problems"]) == ("V1", "2025-12-20", [])


def test_a_fault_is_told_with_its_value_and_its_place():
    [item] = read(dft("V1", charge().replace("^^C4", "^^HOUSE")))["items"]
    assert item["standing"] == "rejected"
    assert item["problems"][0].endswith("Found: 27256. At message 1, segment 4 (FT1).")


def test_a_note_alone_is_good_by_itself_and_what_takes_back_is_passed_over():
    assert standings(mdm("V1", NOTE.replace("\n", " "))) == ["good"]
    assert standings(mdm("V1", trigger="T02")) == ["rejected"]
    [taken_back] = read(mdm("V1", "Old.") + mdm("V1", trigger="T11"))["items"]
    assert taken_back["standing"] == "skipped"
    assert taken_back["remarks"][0] == "Its source took the encounter, or its note, back."
    signs = mdm("V1", trigger="T03", header=document("D1"))
    [signature] = read(signs)["items"]
    assert signature["standing"] == "skipped"
    assert signature["remarks"][0].startswith("It tells that a document is signed, and not what")


HEADER = "Acct,MRN,DOS,POS,Rendering,Note\n"


def test_two_items_of_one_id_are_both_left_to_a_person():
    row = "A1,M1,2026-06-01,22,Al,Seen.\n"
    assert standings(f"{HEADER}{row}{row}".encode(), "x.csv") == ["good", "good"]
    other = row.replace("Seen.", "Held.")
    first, second = read(f"{HEADER}{row}{other}".encode(), "x.csv")["items"]
    assert (first["standing"], second["standing"]) == ("rejected", "rejected")
    assert "The same id stands at line 3 with other content." in first["problems"][0]
    assert "The same id stands at line 2 with other content." in second["problems"][0]
