"""HTML as a person sees it: lines, cells, what is hidden, struck out or chosen; and RTF beside it."""

import pytest

from coding.intake.markup import html_text
from coding.intake.rtf import rtf_text
from coding.intake.shown import LONGEST_EXCERPT, quoted

# Lines.


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>One<li>Two</ul>", "One\n\nTwo"),
        ("<h1>Plan</h1>Cast", "Plan\nCast"),
        ("<b>One</b> <i>two</i>", "One two"),
        ("<table><tr><td>BP</td><td>120</td></tr><tr><th>T</th></tr></table>", "BP 120\n\nT"),
        ("<p>One</p>\n \n\t<p></p><p>Two</p>", "One\n\nTwo"),
        ("<pre>One\n  two</pre>", "One\n  two"),
        ("5 &lt; 6 &amp; &#233;&nbsp;7", "5 < 6 & é\xa07"),
    ],
)
def test_blocks_begin_lines_and_cells_stand_apart(markup, text):
    assert html_text(markup).text == text


def test_what_is_no_text_for_anybody_is_not_even_named():
    head = "<head><title>Chart</title><style>p { color: red }</style></head>"
    shown = html_text(
        f"<html>{head}<body>Reduced.<script>x()</script><template>y</template></body></html>"
    )
    assert (shown.text, shown.left_out) == ("Reduced.", ())
    # Within the body a title is none either.
    assert html_text("<p>Reduced.</p><title>Chart</title>").text == "Reduced."


@pytest.mark.parametrize("markup", ["", "   ", "<!-- nothing -->"])
def test_nothing_is_no_text(markup):
    assert html_text(markup).text == ""


def test_images_are_named_by_their_words():
    shown = html_text("<p>Film: <img alt='Hip, AP'><svg></svg><img alt=''></p>")
    assert shown.text == "Film:"
    assert shown.left_out == ("an image “Hip, AP … without words … without words”",)
    assert html_text("<p>Film <span hidden><img alt='x'></span></p>").left_out == ()


# Forms.


def test_a_form_shows_what_it_holds():
    assert html_text(
        "<input value=40> <input type=TEXT value=41> <input type=radio checked>x"
    ).text == ("40 41 [x] x")
    for kind in ("hidden", "submit", "button", "reset", "image", "file", "password"):
        assert html_text(f"a<input type={kind} value=b>").text == "a"
    assert html_text("<dialog>closed</dialog><dialog open>open</dialog>").text == "open"


# What is struck out.


def test_what_is_struck_out_is_marked_once_around_all_of_it():
    assert html_text("<del>with <b>general</b> care</del> now").text == (
        "[deleted: with general care] now"
    )
    assert (
        html_text("<u style='text-decoration-line: line-through'>with</u>").text
        == "[deleted: with]"
    )
    assert html_text("<span hidden><del>with</del></span>now").text == "now"


# What is hidden.


@pytest.mark.parametrize(
    "style",
    [
        "mso-hide:all",
        "color:transparent",
        "display:none !important",
        "max-height:0;overflow:hidden",
        "opacity:0.0",
        "opacity:0%",
        "font-size:.5px",
        "font-size:1pt",
        "visibility:collapse",
        "height:0;overflow:hidden",
        "width:0px;overflow:hidden",
    ],
)
def test_a_style_hides(style):
    shown = html_text(f'<p>Reduced. <span style="{style}">Not so.</span></p>')
    assert (shown.text, shown.left_out) == ("Reduced.", ("hidden text “Not so.”",))


@pytest.mark.parametrize(
    "style",
    [
        "opacity:0.5",
        "opacity:",
        "font-size:10px",
        "font-size:2px",
        "height:0",
        "height:10px;overflow:hidden",
        "display none",
        "color:white",
        "mso-hide:none",
    ],
)
def test_a_style_that_hides_nothing_leaves_the_text(style):
    shown = html_text(f'<p>Reduced <span style="{style}">so.</span></p>')
    assert (shown.text, shown.left_out) == ("Reduced so.", ())


@pytest.mark.parametrize(
    ("sheet", "hides"),
    [
        ("p.no {display:none}", True),
        ("P#n{display:none}", True),
        (".yes, .no {display:none}", True),
        ("@charset 'x'; .no {display:none}", True),
        ("/* .no { */ p {display:none}", True),
        ("@media print {.no {display:none}}", False),
        ("@media print {.x {color:red}} .no {display:none}", True),
        (".no {display:none} .no {display:block}", False),
        ("} .no {display:none}", True),
        ("div.no {display:none}", False),
        (".no {display:none", False),
    ],
)
def test_a_style_sheet_hides_by_name_class_and_id(sheet, hides):
    shown = html_text(f'<style>{sheet}</style><div>Reduced.</div><p class="no" id="n">Not so.</p>')
    assert ("Not so." not in shown.text) is hides
    assert bool(shown.left_out) is hides


def test_what_is_invisible_may_be_shown_again_within():
    for hiding, showing in (
        ("mso-hide:all", "mso-hide:none"),
        ("color:transparent", "color:black"),
        ("visibility:hidden", "visibility:visible"),
        ("font-size:0", "font-size:9pt"),
    ):
        within = f'<i style="{showing}">two</i><i>three</i>'
        shown = html_text(f'<p>One <span style="{hiding}">{within}</span></p>')
        assert (shown.text, shown.left_out) == ("One two", ("hidden text “three”",))
    assert html_text("<p hidden style='display:block'>One</p>").text == "One"


def test_a_later_and_a_nearer_word_counts_before_an_earlier_one():
    sheet = "<style>p {display:none} p.shown {display:block} #gone {display:none}</style>"
    shown = html_text(f"{sheet}<p class=shown>One</p><p class=shown id=gone>Two</p>")
    assert shown.text == "One"
    assert html_text(f"{sheet}<p class=shown id=gone style='display:block'>Two</p>").text == "Two"


def test_what_a_sheet_hides_by_more_than_a_name_is_named_and_shown():
    hiding = "div > p, td + td {display:none} a:hover {color:red}"
    striking = "li:first-child {text-decoration:line-through}"
    shown = html_text(f"<style>{hiding} {striking}</style><div><p>One</p></div>")
    assert shown.text == "One"
    assert shown.left_out == (
        "what a style sheet hides or strikes out by “div > p … td + td … li:first-child”",
    )


# How it is named.


def test_what_is_left_out_is_named_with_how_it_begins():
    assert quoted("hidden text", [" one\n two ", "", "three"]) == ("hidden text “one two … three”",)
    assert quoted("hidden text", ["", " "]) == ()
    exact, longer = "x" * LONGEST_EXCERPT, "x" * (LONGEST_EXCERPT + 1)
    assert quoted("it", [exact]) == (f"it “{exact}”",)
    assert quoted("it", [longer]) == (f"it “{exact}…”",)


# RTF.


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (r"{\rtf1 One\par Two\line Three}", "One\nTwo\nThree"),
        (r"{\rtf1 {\b One} \i two\i0 .}", "One two."),
        (r"{\rtf1\ansi H\'fcfte, 5\'b0}", "Hüfte, 5°"),
        (r"{\rtf1 C:\\notes \{a\}}", r"C:\notes {a}"),
        (r"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\info{\author Bo}}One}", "One"),
        (r"{\rtf1 {\strike one}{\b two} three}", "[deleted: one]two three"),
        (r"{\rtf1 \strike one\par two\strike0  three}", "[deleted: one\ntwo] three"),
        (r"{\rtf1 one {\strike two}}", "one [deleted: two]"),
        (r"{\rtf1 \strike\par\strike0 one}", "one"),
    ],
)
def test_rtf_is_read_as_what_it_shows(markup, text):
    assert rtf_text(markup).text == text


def test_what_rtf_hides_goes_on_to_the_end_of_its_braces():
    shown = rtf_text(r"{\rtf1 One {\v two {three}} four {\v five \u8364?}}")
    assert shown.text == "One  four"
    assert shown.left_out == ("hidden text “two three … five €”",)


def test_pieces_of_one_kind_are_named_apart():
    shown = rtf_text(r"{\rtf1 One{\footnote A\par}{\footnote B}{\v x\par}{\v y} two {\v {\b u} v}}")
    assert shown.left_out == ("a footnote “A … B”", "hidden text “x … y … u v”")


def test_a_line_that_a_brace_ends_is_none_of_the_text_behind_it():
    shown = rtf_text(r"{\rtf1 One{\footnote A\par{\b B}}}")
    assert shown.left_out == ("a footnote “A B”",)


def test_pieces_that_are_struck_out_one_behind_the_other_are_marked_as_one():
    assert rtf_text(r"{\rtf1 {\strike one }{\striked two}}").text == "[deleted: one two]"
    assert rtf_text(r"{\rtf1 {\strike one}{\*\x no}{\strike  two}\plain  three}").text == (
        "[deleted: one two] three"
    )


def test_a_footer_a_comment_and_a_picture_are_named():
    shown = rtf_text(
        r"{\rtf1 One{\footer Page 1\par}{\footerl Left}{\pict 0102}{\annotation Why?}}"
    )
    assert shown.text == "One"
    assert shown.left_out == ("the footer “Page 1 … Left”", "a comment “Why?”", "a picture")


@pytest.mark.parametrize(
    "markup", [r"{\rtf1 One", r"{\rtf1 One}}", r"{\rtf1 One\'", r"{\rtf1 One\u}"]
)
def test_rtf_that_is_cut_off_or_closed_twice_shows_what_it_holds(markup):
    assert rtf_text(markup).text.startswith("One")
