"""An attachment as its bytes and its name say: what is read, in which characters, and what is refused with its name."""

import base64

import pytest

from coding.intake.attachments import SEND, shown_bytes, shown_data, shown_text
from coding.intake.texts import Unreadable


def attached(content):
    return base64.b64encode(content).decode()


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return str(error.value)


# Its kind.


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "TEXT/Plain; charset=utf-8",
        "text/x-anything",
        "",
        "application/octet-stream",
        "application/rtf",
        "application/xml",
        "application/xhtml+xml",
    ],
)
def test_a_text_is_read_under_any_name_of_a_text(kind):
    assert shown_bytes(b"Left hip reduced.", kind).text == "Left hip reduced."


@pytest.mark.parametrize("kind", ["application/json", "image/svg", "audio/wav", "application/pdf"])
def test_what_is_called_otherwise_is_refused_by_that_name(kind):
    assert refusal(shown_bytes, b"Left hip reduced.", kind) == (
        f"The attachment is of the kind {kind}. {SEND}"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"{\\rtf1 Reduced.}",
        b"<html><p>Reduced.</p></html>",
        b"\xef\xbb\xbf  <!DOCTYPE html><p>Reduced.</p>",
        b"<?xml version='1.0'?><html><p>Reduced.</p></html>",
    ],
)
def test_what_begins_as_markup_is_read_under_any_name(content):
    assert shown_bytes(content, "application/json").text == "Reduced."


def test_a_long_name_of_a_kind_is_cut():
    assert f"of the kind {'x' * 40}. " in refusal(shown_bytes, b"a", "x" * 100)


def test_what_is_called_html_is_html_though_it_does_not_begin_so():
    assert shown_bytes(b"Reduced &amp; <i>held</i>.", "text/html").text == "Reduced & held."
    assert shown_bytes(b"Reduced &amp; held.", "text/plain").text == "Reduced &amp; held."


def test_bytes_of_which_nobody_says_what_they_are_have_to_be_readable():
    for kind in ("", "application/octet-stream"):
        assert refusal(shown_bytes, b"a\x01\x02b", kind) == f"The attachment is no text. {SEND}"
    assert shown_bytes(b"a\tb\r\n\fc", "").text == "a\tb\r\n\fc"
    # What is called a text is looked at by the check, which names the character.
    assert shown_bytes(b"a\x01b", "text/plain").text == "a\x01b"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"MM\0*", "a TIFF image"),
        (b"\xd0\xcf\x11\xe0", "an older Word document"),
    ],
)
def test_what_holds_no_text_is_named_by_its_first_bytes(head, kind):
    assert refusal(shown_bytes, head, "text/plain") == f"The attachment is {kind}. {SEND}"


# Its characters.


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("Hüfte".encode(), "text/plain"),
        ("\ufeffHüfte".encode(), "text/plain"),
        ("Hüfte".encode("utf-16"), "text/plain; charset=utf-8"),
        ("Hüfte".encode("utf-16-le"), "text/plain; charset=UTF-16LE"),
        ("Hüfte".encode("cp1252"), 'text/plain; charset="windows-1252"'),
        ("Hüfte".encode("iso8859-2"), "text/plain; format=flowed; CharSet = ISO-8859-2"),
    ],
)
def test_a_text_is_in_the_characters_that_are_named_or_in_utf_8(content, kind):
    assert shown_bytes(content, kind).text == "Hüfte"


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (b"\xff", "utf-8"),
        (b"a", "rot13"),
        (b"a", "unicode_escape"),
        (b"a", "iso-8859-99"),
        (b"\xe4", "ascii"),
    ],
)
def test_characters_that_cannot_be_read_are_told_with_their_name(content, charset):
    assert refusal(shown_bytes, content, f"text/plain; charset={charset}") == (
        f"The attachment is not text in {charset}. Send it in UTF-8."
    )


# Base64, said or seen.


def test_what_is_said_to_be_base64_has_to_be_it():
    assert shown_data(attached(b"Reduced."), "text/plain").text == "Reduced."
    in_lines = "\n".join(attached(b"Reduced.")) + "\r\n"
    assert shown_data(in_lines, "text/plain").text == "Reduced."
    for data in ("Reduced.", "AAA", "ÄÄÄÄ"):
        assert refusal(shown_data, data, "text/plain") == (
            "The attachment is not valid base64. Export it again."
        )


def test_what_is_said_to_be_text_is_none():
    data = attached(b"Left hip reduced in theatre.")
    assert shown_data("Reduced.", "text/plain; charset=ascii", is_base64=False).text == "Reduced."
    # Its name alone counts: the text is in Python's characters already.
    assert shown_data("Hüfte", "text/plain; charset=ascii", is_base64=False).text == "Hüfte"
    # A whole text of base64 is still read as what it holds.
    assert shown_data(data, "text/plain", is_base64=False).text == "Left hip reduced in theatre."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (attached(b"Left hip reduced."), "Left hip reduced."),
        (f"\n{attached(b'Left hip reduced.')}\n", "Left hip reduced."),
        (attached(b"{\\rtf1 Left hip reduced.}"), "Left hip reduced."),
        ("Left hip reduced in theatre.", "Left hip reduced in theatre."),
        # Too short, not in fours, or nothing that can be read inside.
        ("TGVmdA==", "TGVmdA=="),
        ("ABCDEFGHIJKLMNOPQRSTUVW", "ABCDEFGHIJKLMNOPQRSTUVW"),
        (attached(bytes(range(200, 230))), attached(bytes(range(200, 230)))),
    ],
)
def test_base64_that_nobody_names_shows_by_what_it_holds(data, text):
    assert shown_data(data, "text/plain", is_base64=None).text == text


def test_an_image_in_base64_that_nobody_names_is_refused_as_one():
    image = attached(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    assert "a PNG image" in refusal(shown_text, image)


# C-CDA.

BEGIN, END = '<ClinicalDocument xmlns="urn:hl7-org:v3">', "</ClinicalDocument>"


def cda(body):
    return f"{BEGIN}{body}{END}"


def test_the_narrative_of_a_document_is_its_sections_in_order():
    within = "<section><title>Exam</title><text>Left hip out.</text></section>"
    first = f"<section><title>History</title><text>Fell.</text>{within}</section>"
    shown = shown_text(cda(f"<title>Letter</title>{first}<section><title/><text/></section>"))
    assert shown.text == "History\nFell.\nExam\nLeft hip out."


def test_of_a_section_one_title_and_one_text_count_and_what_they_hide_is_named():
    section = "<section><title>Plan</title><text>Cast.<renderMultiMedia/></text><text>Twice.</text></section>"
    shown = shown_text(cda(section))
    assert (shown.text, shown.left_out) == ("Plan\nCast.", ("an image “without words”",))


def test_a_document_that_wraps_another_is_read_as_what_it_wraps():
    def wrapping(text, attributes=""):
        return shown_text(
            cda(f"<component><nonXMLBody><text {attributes}>{text}</text></nonXMLBody></component>")
        )

    assert wrapping("Reduced.").text == "Reduced."
    base = attached(b"<p>Reduced &amp; held.</p>")
    assert wrapping(base, 'mediaType="text/html" representation="B64"').text == "Reduced & held."
    with pytest.raises(Unreadable, match="of the kind application/zip"):
        wrapping("Reduced.", 'mediaType="application/zip"')


def test_a_document_that_is_not_well_formed_is_told():
    assert refusal(shown_text, f"{BEGIN}<section>") == (
        "The attachment is a C-CDA document that is not well formed. Export it again."
    )


def test_a_prefix_of_the_names_does_not_matter():
    section = "<v3:section><v3:text>Fell.</v3:text></v3:section>"
    begin = '<v3:ClinicalDocument xmlns:v3="urn:hl7-org:v3">'
    assert shown_text(f"{begin}{section}</v3:ClinicalDocument>").text == "Fell."


def test_what_a_narrative_strikes_out_is_marked():
    struck = '<content styleCode="Bold Strikethrough">with</content>'
    section = f"<section><text>Reduced {struck} without anesthesia.</text></section>"
    assert shown_text(cda(section)).text == "Reduced [deleted: with] without anesthesia."


def test_xml_of_another_kind_is_named_and_cut():
    assert (
        refusal(shown_text, f"<{'x' * 60}>")
        == f"The attachment is XML of the kind {'x' * 40}. {SEND}"
    )
    assert "a document type of its own" in refusal(shown_text, "<!DOCTYPE note SYSTEM 'x'><note/>")


def test_a_mark_and_blanks_before_markup_are_none_of_it():
    for before in ("\ufeff", " \t\r\n"):
        assert shown_text(f"{before}<p>Reduced.</p>").text == "Reduced."
        assert shown_text(f"{before}{{\\rtf1 Reduced.}}").text == "Reduced."
    assert shown_text(" Reduced. ").text == " Reduced. "
