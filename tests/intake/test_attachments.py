"""Attached documents as text: a PDF with a text layer is read, anything that shows none is named."""

import base64
import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from coding.intake import pdf
from coding.intake.attachments import shown_data, shown_text
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
    assert (
        shown_data(attached(pdf_of("Left hip reduced.")), "application/pdf").text
        == "Left hip reduced."
    )


def test_what_was_filled_in_or_written_on_a_pdf_is_named():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of("Left hip reduced."))))
    writer.add_annotation(0, FreeText(text="Not the left!", rect=(50, 50, 200, 100)))
    texts = {"/T": "Anesthesia", "/V": "general"}
    names = {"/FT": "/Tx", "/Subtype": "/Widget", "/Type": "/Annot"}
    field = {NameObject(key): TextStringObject(text) for key, text in texts.items()}
    field |= {NameObject(key): NameObject(name) for key, name in names.items()}
    reference = writer._add_object(DictionaryObject(field))
    writer.pages[0]["/Annots"].append(reference)
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([reference])})
    writer.root_object[NameObject("/AcroForm")] = form
    filled = io.BytesIO()
    writer.write(filled)

    shown = shown_data(attached(filled.getvalue()), "application/pdf")
    assert shown.text == "Left hip reduced."
    assert shown.left_out == (
        "what fields of a form hold: “Anesthesia: general”",
        "marks and comments on the pages: “FreeText Not the left!”",
    )


def test_a_scan_says_that_it_has_no_text():
    with pytest.raises(Unreadable, match="a PDF without text"):
        shown_data(attached(pdf_of()), "application/pdf")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\0" * 500, pdf_of("Left hip.")[:300]]
)
def test_a_pdf_that_is_damaged_is_told_as_one(content):
    with pytest.raises(Unreadable, match=r"a PDF (that cannot be read|without text)"):
        shown_data(attached(content), "application/pdf")


def test_a_pdf_of_more_than_is_read_is_not_begun(monkeypatch):
    monkeypatch.setattr(pdf, "LARGEST", 100)
    with pytest.raises(Unreadable, match="more than 10 MB"):
        shown_data(attached(pdf_of("Left hip.")), "application/pdf")


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
        shown_data(attached(content), "text/plain")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("TGVmdCBoaXAgcmVkdWNlZC4gTm8gc3BpY2Eu", "Left hip reduced. No spica."),
        ("Left hip reduced. No spica.", "Left hip reduced. No spica."),
        ("OSTEOTOMYOSTEOTOMYOSTEOT", "OSTEOTOMYOSTEOTOMYOSTEOT"),
    ],
)
def test_base64_is_told_from_words(data, text):
    assert shown_text(data).text == text


def test_what_calls_itself_latin_1_is_windows_1252():
    note = shown_data(attached("Patient’s hip".encode("cp1252")), "text/plain; charset=iso-8859-1")
    assert note.text == "Patient’s hip"


def test_xml_of_another_kind_is_no_note():
    with pytest.raises(Unreadable, match="XML of the kind Bundle"):
        shown_text('<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>')


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
        shown_text(document)


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
    assert shown_text(markup).text == "Reduced [deleted: with] without anesthesia."


@pytest.mark.parametrize(
    "hiding",
    [
        '<span style="display:none">HIDDEN</span>',
        '<span style="Display : None !important"><b>HIDDEN</b></span>',
        '<span style="visibility:hidden">HIDDEN</span>',
        "<span hidden>HIDDEN</span>",
        '<font style="font-size:0px">HIDDEN</font>',
        '<span style="font-size:1px;opacity:0">HIDDEN</span>',
        "<span style='mso-hide:all'>HIDDEN</span>",
        '<span class="Note off">HIDDEN</span>',
        '<span id="draft">HIDDEN</span>',
        '<div style="display:none"><span style="visibility:visible">HIDDEN</span></div>',
        '<span style="max-height:0;overflow:hidden">HIDDEN</span>',
        '<span style="color:transparent">HIDDEN</span>',
    ],
)
def test_what_html_hides_is_no_part_of_the_note_and_is_named(hiding):
    sheet = (
        "<style><!-- @media print { p { display:none } } .OFF, #draft { display:none } --></style>"
    )
    shown = shown_text(f"<html>{sheet}<p>Reduced {hiding}without anesthesia.</p></html>")
    assert " ".join(shown.text.split()) == "Reduced without anesthesia."
    assert shown.left_out == ("hidden text “HIDDEN”",)


@pytest.mark.parametrize(
    "showing",
    [
        '<span aria-hidden="true">with</span>',
        '<div style="visibility:hidden"><span style="visibility:visible">with</span></div>',
        '<div style="font-size:0"><span style="font-size:11pt">with</span></div>',
        '<span class="off" style="display:inline">with</span>',
        '<span style="color:white">with</span>',
        "<!-- off -->with",
        "<!-- off --><!-- off -->with<?off ?>",
    ],
)
def test_what_html_shows_is_read(showing):
    sheet = "<style>.off { display:none }</style>"
    shown = shown_text(f"<html>{sheet}<p>Reduced {showing} anesthesia.</p></html>")
    assert " ".join(shown.text.split()) == "Reduced with anesthesia."
    assert shown.left_out == ()


def test_a_style_sheet_strikes_out_and_what_it_hides_in_other_ways_is_named():
    sheet = "<style>.out { text-decoration: line-through } table td + td { display: none }</style>"
    shown = shown_text(f"<html>{sheet}Reduced <i class=out>with</i> without anesthesia.</html>")
    assert shown.text == "Reduced [deleted: with] without anesthesia."
    assert shown.left_out == ("what a style sheet hides or strikes out by “table td + td”",)


def test_a_form_in_html_shows_what_is_ticked_filled_in_and_chosen():
    shown = shown_text(
        "<p>Anesthesia: <input type=checkbox checked>general <input type=checkbox>none</p>"
        "<p>Side: <select><option>Left<option selected>Right</select></p>"
        "<p>Minutes: <input value=40><input type=hidden value=7></p><img src=x alt='Hip, AP'>"
    )
    assert shown.text.split("\n") == [
        "Anesthesia: [x] general [ ] none",
        "",
        "Side: Right",
        "",
        "Minutes: 40",
    ]
    assert shown.left_out == ("an image “Hip, AP”",)


@pytest.mark.parametrize(
    "hiding",
    [
        r"{\v HIDDEN}",
        r"\v HIDDEN\v0 ",
        r"\v1\b HIDDEN\plain ",
        r"{\strike\v HIDDEN}",
    ],
)
def test_what_rtf_hides_is_no_part_of_the_note_and_is_named(hiding):
    shown = shown_text(
        rf"{{\rtf1{{\stylesheet{{\s1\v Old;}}}}Reduced {hiding}without anesthesia.}}"
    )
    assert shown.text == "Reduced without anesthesia."
    assert shown.left_out == ("hidden text “HIDDEN”",)


def test_what_stands_beside_the_text_of_rtf_is_named():
    shown = shown_text(
        r"{\rtf1{\header Northern Health\par}Reduced{\footnote See \'dcS.} without anesthesia."
        r"{\*\annotation{\*\atnid A}Which side?}{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt Left.\par}}}{\pict 00}}"
    )
    assert shown.text == "Reduced without anesthesia."
    assert shown.left_out == (
        "the header “Northern Health”",
        "a footnote “See ÜS.”",
        "a comment “Which side?”",
        "a text box “Left.”",
        "a picture",
    )


def test_words_after_a_sign_are_no_markup():
    for note in ("<b 12 mm, then reduced.", "<5 mm of effusion", "<!--a-->" * 40 + "Text"):
        assert shown_text(note).text == note
    assert shown_text("<b>Reduced</b> it.").text == "Reduced it."
