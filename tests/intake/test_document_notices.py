"""Messages that tell of documents without their text, and texts told by their first bytes, in HL7 v2."""

import base64

import pytest

from coding.intake.hl7.file import HL7_V2
from tests.intake.samples import dft, document, drafts, head, hl7, mdm, reasons

CDA = b"""<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>
<title>Findings</title><text>Left hip reduced.</text></section></component></structuredBody></component>
</ClinicalDocument>"""


def notice(number="D1", trigger="T03", completion="AU", availability="AV", parent=""):
    header = document(number, completion=completion, availability=availability, parent=parent)
    return mdm("V1", trigger=trigger, header=header, control="9")


def dictated(number="D1"):
    return mdm("V1", "Seen.", header=document(number, completion="DI"))


def only(content):
    [draft] = drafts(HL7_V2, content)
    assert draft.problems == ()
    return draft


def said(draft):
    return " ".join(remark.text for remark in draft.remarks)


@pytest.mark.parametrize("messages", [(dictated(), notice()), (notice(), dictated())])
def test_a_document_is_signed_by_a_message_before_or_behind_it(messages):
    draft = only(dft("V1") + b"".join(messages))
    assert (draft.texts.note, draft.remarks) == ("Seen.", ())


def test_a_state_that_nobody_knows_signs_nothing_and_is_told():
    draft = only(dft("V1") + dictated() + notice(completion="ZZ"))
    assert "not signed: dictated" in draft.texts.note
    assert "The state ZZ (TXA-17) of Progress note, 2026-01-12 is none that HL7 names" in said(
        draft
    )


@pytest.mark.parametrize("completion", ["", "ZZ"])
def test_a_document_whose_state_is_not_told_is_not_said_to_be_signed(completion):
    final = mdm("V1", "Seen.", header=document("D1", completion=completion))
    silent = final.replace(b"||||||F", b"")
    assert "Progress note, 2026-01-12: signing not stated." in said(only(dft("V1") + silent))
    assert "signing not stated" not in said(only(dft("V1") + final))
    assert "signing not stated" not in said(only(dft("V1") + silent + notice()))


def test_a_state_that_is_no_signature_leaves_a_document_unsigned():
    assert "not signed" in said(only(dft("V1") + dictated() + notice(completion="IP")))


@pytest.mark.parametrize("told", [{"availability": "CA"}, {"completion": "CA"}])
def test_a_document_is_cancelled_by_its_state(told):
    assert only(dft("V1") + dictated() + notice(**told)).texts.note == ""


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ("T01", "a document"),
        ("T05", "an addendum"),
        ("T07", "an edited document"),
        ("T09", "a document that replaces another one"),
    ],
)
def test_what_only_a_notice_tells_of_is_a_remark_on_its_visit(trigger, words):
    draft = only(dft("V1") + dictated() + notice("D2", trigger, parent="D1"))
    assert f"a message tells of {words} without its text" in said(draft)


def test_a_text_that_comes_behind_its_notice_is_no_remark():
    assert (
        only(dft("V1") + notice("D1", "T01") + mdm("V1", "Seen.", header=document("D1"))).remarks
        == ()
    )


@pytest.mark.parametrize(("told", "sent"), [("T05", "T06"), ("T07", "T08")])
def test_a_further_text_that_comes_behind_its_notice_is_not_left_out(told, sent):
    first, further = (
        mdm("V1", "Seen.", header=document("D1")),
        mdm("V1", "Seen again.", trigger=sent, header=document("D1")),
    )
    assert "without its text" not in said(only(dft("V1") + first + notice("D1", told) + further))
    assert "without its text" in said(only(dft("V1") + first + further + notice("D1", told)))


def test_a_report_that_comes_behind_the_notice_of_its_number_is_no_remark():
    segments = (
        "OBR|1|P1|D1|HIP^Hip film|||20260112||||||||||||||||||F",
        "OBX|1|TX|IMP^Impression||Clear.||||||F",
    )
    draft = only(dft("V1") + notice("D1", "T01") + hl7(*head("ORU^R01"), *segments))
    assert "Clear." in draft.texts.note
    assert "without its text" not in said(draft)


def test_a_notice_alone_is_skipped_by_name():
    assert reasons(HL7_V2, notice(trigger="T05")) == [
        "This is a message MDM^T05, which tells of a document without its text."
    ]


def test_an_observation_says_that_it_is_preliminary_where_the_document_tells_no_state():
    observed = b"||||||P\r"
    draft = only(
        dft("V1")
        + mdm("V1", "Seen.", header=document("D1", completion="")).replace(b"||||||F\r", observed)
    )
    assert "not signed: preliminary" in said(draft)
    assert only(dft("V1") + mdm("V1", "Seen.").replace(b"||||||F\r", observed)).remarks == ()


@pytest.mark.parametrize(
    ("kind", "encoding", "data"),
    [
        ("text^plain", "Hex", b"Left hip reduced.".hex()),
        ("multipart^x-hl7-cda-level-one", "Base64", base64.b64encode(CDA).decode()),
        ("application^octet-stream", "Base64", base64.b64encode(b"Left hip reduced.").decode()),
        (
            "application^octet-stream",
            "Base64",
            base64.b64encode("Left hip reduced.".encode("utf-16")).decode(),
        ),
        (
            "application^x-unknown",
            "Base64",
            base64.b64encode(rb"{\rtf1 Left hip reduced.}").decode(),
        ),
        ("text^x-note", "A", "Left hip reduced."),
    ],
)
def test_a_text_is_read_whatever_it_is_called(kind, encoding, data):
    message = hl7(
        *head("MDM^T02", "V1"), document("D1"), f"OBX|1|ED|||^{kind}^{encoding}^{data}||||||F"
    )
    assert "Left hip reduced." in only(dft("V1") + message).texts.note


@pytest.mark.parametrize(
    ("kind", "data"),
    [("application^json", b'{"a": 1}'), ("application^octet-stream", b"\1\2\3\4 text")],
)
def test_what_is_no_text_is_named(kind, data):
    attached = base64.b64encode(data).decode()
    message = hl7(
        *head("MDM^T02", "V1"), document("D1"), f"OBX|1|ED|||^{kind}^Base64^{attached}||||||F"
    )
    assert "Left out of the note" in said(only(dft("V1") + message))


def test_what_the_order_of_a_document_says_besides_is_told():
    order = b"OBR|1|O1||76881^Ultrasound of a joint|||||||||Fall from a bed|||||||||||||||||||Clicking hip\rTXA"
    told = said(only(dft("V1") + mdm("V1", "Seen.").replace(b"TXA", order)))
    for words in ("order 76881 Ultrasound of a joint", "clinical information Fall from a bed"):
        assert f"Progress note, 2026-01-12: {words}" in told
