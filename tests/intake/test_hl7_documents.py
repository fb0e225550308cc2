"""What becomes of the documents of a visit as its messages bring, sign, edit, replace and cancel them."""

import base64

import pytest

from coding.intake.hl7.documents import Documents
from coding.intake.hl7.segments import taken_apart

HEADER = "MSH|^~\\&|EHR|CLINIC|||20260112||MDM^T02|1|P|2.5.1"


def txa(
    number="D1", *, state="AU", parent="", availability="", kind="OP^Operative note", day="20260112"
):
    cells = [""] * 20
    cells[0], cells[2], cells[4], cells[12], cells[13] = "TXA", kind, day, number, parent
    cells[9], cells[17], cells[19] = "7^TESTER^ALEX", state, availability
    return "|".join(cells)


def obx(value, kind="TX", *, name="", state="F", units=""):
    return f"OBX|1|{kind}|{name}||{value}|{units}|||||{state}"


def told(*messages):
    """The documents of messages, each given as its trigger and its segments."""
    documents = Documents()
    for number, (trigger, *segments) in enumerate(messages, start=1):
        content = "".join(f"{segment}\r" for segment in (HEADER, *segments)).encode()
        documents.take(taken_apart(content), trigger, f"message {number}")
    return documents


def texts(documents):
    return [document.text for document in documents.kept]


def remarks(documents):
    every = (*documents.remarks, *documents.taken_out, *documents.without_text)
    return [remark.text for remark in every]


def faults(documents):
    return [(problem.text, problem.place) for problem in documents.problems]


OLD = ("T02", txa(), obx("Reduced."))


# A document.


def test_a_document_has_kind_day_author_number_and_text():
    documents = told(("T02", txa(state="DI"), obx("Reduced."), "NTE|1||Checked twice.", obx("")))
    [document] = documents.kept
    assert (document.kind, document.day, document.author, document.number) == (
        "Operative note",
        "2026-01-12",
        "ALEX TESTER",
        "D1",
    )
    assert document.text == "Reduced.\nChecked twice.\n"
    assert documents.note.startswith("Operative note, 2026-01-12 (not signed: dictated)\nReduced.")


def test_a_document_without_a_header_is_one_of_which_nothing_is_stated():
    documents = told(("T02", obx("Reduced.", state="")))
    [document] = documents.kept
    assert (document.kind, document.state) == ("Document", "signing not stated")
    # Where its observations are final, that is stated.
    assert told(("T02", obx("Reduced.", state="F"))).kept[0].state == ""
    assert told(("T02", obx("Reduced.", state="P"))).kept[0].state == "preliminary"


def test_a_kind_is_told_by_its_words_or_else_its_code():
    assert told(("T02", txa(kind="OP"), obx("Reduced."))).kept[0].kind == "OP"
    assert told(("T02", txa(kind=""), obx("Reduced."))).kept[0].kind == "Document"


@pytest.mark.parametrize(
    ("state", "unsigned"),
    [
        ("AU", ""),
        ("LA", ""),
        ("DI", "dictated"),
        ("do", "not authenticated"),
        ("IP", "in progress"),
        ("IN", "incomplete"),
        ("PA", "not authenticated"),
    ],
)
def test_the_header_says_how_far_from_signed_a_document_is(state, unsigned):
    documents = told(("T02", txa(state=state), obx("Reduced.", state="")))
    assert (documents.kept[0].unsigned, documents.kept[0].not_stated) == (unsigned, False)
    assert documents.remarks == []


def test_a_state_that_nobody_knows_is_told_and_signs_nothing():
    documents = told(("T02", txa(state="XX"), obx("Reduced.", state="")))
    assert documents.kept[0].state == "signing not stated"
    unknown = "The state XX (TXA-17) of Operative note, 2026-01-12 is none that HL7 names"
    assert remarks(documents) == [f"{unknown}: nothing says that it is signed."]
    documents = told(OLD, ("T03", txa(state="XX")))
    assert remarks(documents)[0] == f"{unknown}: it changes nothing."


def test_where_the_header_says_nothing_the_observations_do():
    silent = txa(state="")
    assert told(("T02", silent, obx("A", state="F"), obx("B", state="C"))).kept[0].state == ""
    mixed = told(("T02", silent, obx("A", state="F"), obx("B", state="S"))).kept[0]
    assert mixed.state == "signing not stated"
    [entered] = told(("T02", silent, obx("A", state="R"))).kept
    assert (entered.unsigned, entered.not_stated) == ("preliminary", False)


def test_a_message_without_a_text_says_so():
    documents = told(("T02", txa()))
    assert faults(documents) == [
        ("The message holds no text. Send it with its text in OBX-5.", "message 1")
    ]
    assert (documents.problems[0].field, documents.with_text) == ("note", ())


# What observations say.


def test_coded_observations_are_words_under_their_names():
    coded = obx("GEN^General^L~^^^X^Spinal^L~CODE", "CWE", name="ANES^Anesthesia")
    assert texts(told(("T02", txa(), coded))) == ["Anesthesia: General, Spinal, CODE"]
    assert texts(told(("T02", txa(), obx("GEN^General^L~X", "CE")))) == ["General, X"]


def test_values_stand_with_their_names_and_units():
    pressure = obx("120", "NM", name="BP^Pressure", units="mmHg")
    ratio = obx(">^1^:^8", "SN", name="RATIO")
    read = texts(told(("T02", txa(), pressure, ratio)))
    assert read == ["Pressure: 120 mmHg\nRATIO: > 1 : 8"]


def test_an_observation_of_an_unknown_kind_and_a_withdrawn_one_are_told():
    odd, withdrawn = obx("1", "ZZ", name="X^Odd"), obx("Left hip.", state="W")
    documents = told(("T02", txa(), obx("Reduced."), odd, withdrawn, obx("x", state="d")))
    assert texts(documents) == ["Reduced."]
    assert remarks(documents) == [
        "Left out: Odd, of the kind ZZ.",
        "Left out: an observation: its source withdrew it.",
        "Left out: an observation: its source withdrew it.",
    ]


def test_a_document_stored_elsewhere_is_a_fault_of_its_segment():
    documents = told(("T02", txa(), obx("note.pdf^EHR", "RP")))
    [problem] = documents.problems
    assert (problem.field, problem.value, problem.place) == (
        "note",
        "note.pdf",
        "message 1, segment 3 (OBX)",
    )
    assert problem.text == "The note is stored elsewhere. Export it with its text in OBX-5."


TEXT = base64.b64encode(b"Reduced.").decode()
RTF = base64.b64encode(b"{\\rtf1 Reduced.}").decode()


@pytest.mark.parametrize(
    "value",
    [
        f"EHR^TEXT^^Base64^{TEXT}",
        f"EHR^text^plain^BASE64^{TEXT}",
        f"EHR^^^Base64^{TEXT}",
        f"EHR^Application^rtf^Base64^{RTF}",
        "EHR^TEXT^PLAIN^A^Reduced.",
        f"EHR^TEXT^PLAIN^Hex^{b'Reduced.'.hex()}",
    ],
)
def test_an_attached_document_is_decoded_as_it_says(value):
    documents = told(("T02", txa(), obx(value, "ED")))
    assert (texts(documents), documents.problems) == (["Reduced."], [])


def test_an_attachment_that_cannot_be_decoded_is_told_with_its_kind():
    documents = told(("T02", txa(), obx("EHR^TEXT^PLAIN^Hex^zz", "ED")))
    assert faults(documents) == [
        (
            "The attachment is not valid hexadecimal. Export it again.",
            "message 1, segment 3 (OBX)",
        )
    ]
    image = told(("T02", txa(), obx(f"EHR^IM^PNG^Base64^{TEXT}", "ED")))
    assert image.problems[0].value == "im/png"
    assert "is of the kind im/png" in image.problems[0].text


def test_what_hides_in_markup_is_no_text_and_told():
    documents = told(("T02", txa(), obx("<p>Reduced.<span hidden>Spica.</span></p>", "FT")))
    assert texts(documents) == ["Reduced."]
    assert remarks(documents) == ["Left out: of the note, hidden text “Spica.”."]


def test_markup_over_several_observations_is_read_as_one():
    documents = told(("T02", txa(), obx("<p>Left"), obx("hip.</p>")))
    assert texts(documents) == ["Left\nhip."]


def test_markup_that_is_no_note_is_a_fault_of_its_message():
    documents = told(("T02", txa(), obx("<Bundle>x</Bundle>", "FT")))
    [problem] = documents.problems
    assert (problem.field, problem.place) == ("note", "message 1")
    assert "XML of the kind Bundle" in problem.text
    assert documents.with_text == ()


# Later messages.


def test_an_edit_takes_the_place_of_the_text_which_is_kept():
    documents = told(OLD, ("T08", txa(), obx("Reduced twice.")))
    assert texts(documents) == ["Reduced twice."]
    [old] = documents.superseded
    assert (old.text, old.superseded_by, old.superseded_on) == (
        "Reduced.",
        "Operative note",
        "2026-01-12",
    )
    assert remarks(documents) == [
        "Left out: Operative note, 2026-01-12: a later message edits it; its text is kept."
    ]
    # The same text again edits nothing.
    assert told(OLD, ("T08", txa(), obx(" Reduced. "))).superseded == ()


def test_a_replacement_takes_the_place_of_the_document_that_it_names():
    documents = told(OLD, ("T10", txa("D2", parent="D1"), obx("Reduced twice.")))
    assert texts(documents) == ["Reduced twice."]
    assert [old.text for old in documents.superseded] == ["Reduced."]
    assert remarks(documents) == [
        "Left out: Operative note, 2026-01-12: a later message replaces it; its text is kept."
    ]


def test_a_replacement_may_come_before_what_it_replaces():
    documents = told(("T10", txa("D2", parent="D1"), obx("Reduced twice.")), OLD)
    assert (texts(documents), [old.text for old in documents.superseded]) == (
        ["Reduced twice."],
        ["Reduced."],
    )


def test_a_replacement_under_the_number_of_what_it_replaces_is_an_edit():
    documents = told(OLD, ("T10", txa("D1", parent="D1"), obx("Reduced twice.")))
    assert (texts(documents), documents.replacing) == (["Reduced twice."], {})


def test_a_cancelled_replacement_stands_for_nothing():
    replacing = ("T10", txa("D2", parent="D1"), obx("Reduced twice."))
    documents = told(OLD, replacing, ("T11", txa("D2")))
    assert (texts(documents), documents.superseded) == (["Reduced."], ())


@pytest.mark.parametrize(
    "cancel",
    [("T11", txa()), ("T02", txa(state="CA"), obx("x")), ("T02", txa(availability="OB"), obx("x"))],
    ids=["trigger", "state", "availability"],
)
def test_a_cancelled_document_stays_away_whichever_came_first(cancel):
    for messages in ((OLD, cancel), (cancel, OLD)):
        documents = told(*messages)
        assert (texts(documents), documents.superseded) == ([], ())
        assert remarks(documents) == [
            "Left out: Operative note, 2026-01-12: it was cancelled.",
            "Left out: Operative note, 2026-01-12: a later message cancels it.",
        ]


def test_an_addendum_stands_beside_its_document_and_goes_with_it():
    addendum = ("T06", txa("D1", parent="D1"), obx("Harness checked."))
    assert texts(told(OLD, addendum)) == ["Reduced.", "Harness checked."]
    assert texts(told(OLD, addendum, ("T11", txa()))) == []
    # It may come before what it adds to.
    assert texts(told(addendum, OLD)) == ["Harness checked.", "Reduced."]
    # One that names another document has a number of its own.
    assert texts(told(OLD, ("T06", txa("D2", parent="D1"), obx("More.")))) == ["Reduced.", "More."]


def test_an_addendum_that_repeats_its_document_is_its_later_text():
    whole = ("T06", txa("D1", parent="D1"), obx("Reduced. Harness checked."))
    documents = told(OLD, whole)
    assert texts(documents) == ["Reduced. Harness checked."]
    assert [old.text for old in documents.superseded] == ["Reduced."]


def test_an_addendum_of_which_nothing_came_is_a_document():
    assert texts(told(("T06", txa(), obx("Harness checked.")))) == ["Harness checked."]


# Notices.


def test_a_notice_of_a_signature_signs_the_document_before_or_behind_it():
    dictated = ("T02", txa(state="DI"), obx("Reduced."))
    signature = ("T03", txa(state="AU"))
    for messages in ((dictated, signature), (signature, dictated)):
        documents = told(*messages)
        assert (documents.kept[0].state, remarks(documents)) == ("", [])


@pytest.mark.parametrize(
    "notice", [("T03", txa(state="")), ("T03", txa(state="DI")), ("T01", txa(state="AU"))]
)
def test_a_notice_that_tells_of_no_signature_signs_nothing(notice):
    dictated = ("T02", txa(state="DI"), obx("Reduced."))
    assert told(dictated, notice).kept[0].unsigned == "dictated"


def test_a_signature_whose_document_is_not_here_is_kept_by_its_number():
    documents = told(("T03", txa("D7", state="LA")))
    assert [document.number for document in documents.signed] == ["D7"]
    assert remarks(documents) == [
        "Left out: Operative note, 2026-01-12: a message tells of the state of a document without its text."
    ]
    # Without a number nobody can find it.
    assert told(("T03", txa("", state="LA"))).signed == ()


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ("T05", "an addendum"),
        ("T07", "an edited document"),
        ("T09", "a document that replaces another one"),
    ],
)
def test_a_text_that_is_to_come_is_awaited_until_it_comes(trigger, words):
    documents = told(OLD, (trigger, txa()))
    assert texts(documents) == ["Reduced."]
    assert remarks(documents) == [
        f"Left out: Operative note, 2026-01-12: a message tells of {words} without its text."
    ]
    came = told(OLD, (trigger, txa()), ("T08", txa(), obx("Reduced twice.")))
    assert came.without_text == []


# The same text.


def test_of_documents_with_one_text_the_first_of_which_most_is_stated_counts():
    unsigned = ("T02", txa("D1", state="DI"), obx("Reduced."))
    silent = ("T02", txa("D2", state=""), obx("Reduced.", state=""))
    signed = ("T02", txa("D3"), obx("Reduced."))
    assert [document.number for document in told(unsigned, signed, silent).kept] == ["D3"]
    assert [document.number for document in told(silent, unsigned).kept] == ["D1"]
    assert [document.number for document in told(signed, OLD).kept] == ["D3"]


def test_what_an_order_beside_a_document_says_is_told():
    order = "OBR|1|||HIP^Hip film|||||||||Fell"
    assert remarks(told(("T02", txa(), order, obx("Reduced.")))) == [
        "Left out: Operative note, 2026-01-12: order HIP Hip film.",
        "Left out: Operative note, 2026-01-12: clinical information Fell.",
    ]
