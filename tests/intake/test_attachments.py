"""Attached documents as text: a PDF with a text layer is read, anything that shows none is named."""

import base64

import pytest

from coding.intake import pdf
from coding.intake.attachments import as_text, text_of
from coding.intake.texts import Unreadable

FONT = b"/Resources << /Font << /F1 5 0 R >> >>"


def pdf_of(text=""):
    """A PDF of one page with this text, as small as readers accept it."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode() if text else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % FONT,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (size, table, size, len(content))


def attached(content):
    return base64.b64encode(content).decode()


def test_the_text_layer_of_a_pdf_is_the_note():
    assert text_of(attached(pdf_of("Left hip reduced.")), "application/pdf") == "Left hip reduced."


def test_a_scan_says_that_it_has_no_text():
    with pytest.raises(Unreadable, match="a PDF without text"):
        text_of(attached(pdf_of()), "application/pdf")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\0" * 500, pdf_of("Left hip.")[:300]]
)
def test_a_pdf_that_is_damaged_is_told_as_one(content):
    with pytest.raises(Unreadable, match=r"a PDF (that cannot be read|without text)"):
        text_of(attached(content), "application/pdf")


def test_a_pdf_of_more_than_is_read_is_not_begun(monkeypatch):
    monkeypatch.setattr(pdf, "LARGEST", 100)
    with pytest.raises(Unreadable, match="more than 10 MB"):
        text_of(attached(pdf_of("Left hip.")), "application/pdf")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n", "a PNG image"),
        (b"II*\0", "a TIFF image"),
        (b"PK\x03\x04", "a ZIP archive or Word document"),
    ],
)
def test_what_shows_no_text_is_named_whatever_its_sender_calls_it(content, kind):
    with pytest.raises(Unreadable, match=kind):
        text_of(attached(content), "text/plain")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("TGVmdCBoaXAgcmVkdWNlZC4gTm8gc3BpY2Eu", "Left hip reduced. No spica."),
        ("Left hip reduced. No spica.", "Left hip reduced. No spica."),
        ("OSTEOTOMYOSTEOTOMYOSTEOT", "OSTEOTOMYOSTEOTOMYOSTEOT"),
    ],
)
def test_base64_is_told_from_words(data, text):
    assert as_text(data) == text


def test_what_calls_itself_latin_1_is_windows_1252():
    note = text_of(attached("Patient’s hip".encode("cp1252")), "text/plain; charset=iso-8859-1")
    assert note == "Patient’s hip"


def test_xml_of_another_kind_is_no_note():
    with pytest.raises(Unreadable, match="XML of the kind Bundle"):
        as_text('<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>')


def test_entities_of_a_document_reach_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("not to be read")
    document = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><ClinicalDocument xmlns="urn:hl7-org:v3">'
    document = (
        '<?xml version="1.0"?>'
        + document
        + "<section><text>&e;</text></section></ClinicalDocument>"
    )
    with pytest.raises(Unreadable, match="a document type of its own"):
        as_text(document)


SECTION_OF_CDA = '<ClinicalDocument xmlns="urn:hl7-org:v3"><section><text>'
END_OF_CDA = "</text></section></ClinicalDocument>"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Reduced <del>with</del> without anesthesia.</p>",
        "<div>Reduced <s>with</s> without anesthesia.</div>",
        f'{SECTION_OF_CDA}Reduced <content revised="delete">with</content> without anesthesia.{END_OF_CDA}',
        '<p>Reduced <span style="text-decoration: line-through">with</span> without anesthesia.</p>',
        r"{\rtf1\ansi Reduced \strike with\strike0  without anesthesia.}",
        r"{\rtf1{\stylesheet{\s1\strike Old;}}Reduced {\striked1\b with} without anesthesia.}",
        r"{\rtf1{\*\x \strike no}Reduced {\deleted with}\plain  without anesthesia.\strike\par}",
        '<p>Reduced <script revised="delete">of()</script><del>with</del> without anesthesia.</p>',
    ],
)
def test_what_was_deleted_is_readable_and_marked(markup):
    assert as_text(markup) == "Reduced [deleted: with] without anesthesia."
