"""Everything that is to be known of a code on a day, and the ways to it: search, comparison, family."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from coding.decision import RuleTable, contrast, label_of, rules_of
from coding.decision.shapes import LISTED_CODE
from coding.forms.codes import CodePageForm, DayForm, PlainDayForm, SearchForm, TwoCodesForm
from coding.models import HouseNote, TableKind
from coding.reference.code_rows import CodeRows, ListedPair, localities
from coding.reference.descriptors import descriptor_for
from coding.reference.payments import payments
from coding.rules import case_rows
from coding.rules.code_search import search
from coding.rules.code_words import code_words, spoken_of
from coding.rules.example_passages import passages_of
from coding.rules.payer_forms import payer_forms
from coding.rules.published import Published, RulesOfDay
from coding.rules.supplies import supplies_of
from coding.views.access import allowed, user_of
from coding.views.pages import numbered_page
from reviews.codes.house import confusions_of, defects_of, precedents_of
from reviews.codes.use import code_use, supplies_beside

MAY = "coding.view_rulesetversion"
# So many neighbours and worked cases stand on the page; all pairs are one address away.
MOST_NEIGHBOURS = 10
MOST_CASES = 5
PAIRS_A_PAGE = 20
LONGEST_NUMBER = 6


@allowed(MAY)
def codes(request: HttpRequest) -> HttpResponse:
    """Search over codes; without a search the families with their codes."""
    form = SearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, object] = {"form": form, "text": text, "day": form.day}
    if text:
        context["hits"] = search(text, form.day)
    else:
        context["families"] = [_family(published) for published in RulesOfDay.on(form.day).in_force]
    return render(request, "reviews/codes.html", context)


@allowed(MAY)
def code_page(request: HttpRequest, code: str) -> HttpResponse:
    """One code on one day."""
    if not LISTED_CODE.fullmatch(code):
        raise Http404("A code has five letters or digits.")
    day = DayForm(request.GET or {}).day
    rules = RulesOfDay.on(day)
    published = rules.of_code(code)
    rows = CodeRows.read(code, day)
    others = rules.others_of(code)
    first_column, second_column = _pairs(request, rows, 1), _pairs(request, rows, 2)
    has_pairs = bool(first_column.paginator.count or second_column.paginator.count)
    if not (published or others or rows.is_known or has_pairs):
        raise Http404(f"No published rule set and no loaded table knows the code {code}.")

    table = published.table if published else None
    house_note = _house_note(day, code=code)
    note_texts = [house_note.text] if house_note else []
    context = {
        "code": code,
        "day": day,
        "published": published,
        "others": others,
        **(_of_published(published, code, day) if published else {}),
        "rows": rows,
        "pairs": [(1, first_column), (2, second_column)],
        **_of_tables(request, rows),
        "payer_forms": payer_forms(day),
        "supplies": supplies_of(table, code, note_texts, rows.releases),
        "supplies_beside": supplies_beside(code),
        "use": code_use(code),
        "descriptor": descriptor_for(user_of(request), code, day),
        "house_note": house_note,
        "confusions": confusions_of(code),
    }
    return render(request, "reviews/code_page.html", context)


def _of_published(published: Published, code: str, day: date) -> dict[str, object]:
    """What the rule set in force says of a code, and what was settled and noted about it."""
    words = code_words(published.table, code)
    return {
        "words": words,
        "rules_part": _rules_part(published, code, day),
        "cases_part": _cases_part(published, code),
        "precedents": precedents_of(published, code),
        "defects": defects_of(published, [rule.id for rule in words.rules]),
    }


def _of_tables(request: HttpRequest, rows: CodeRows) -> dict[str, object]:
    """The form that chooses day and locality, what is paid there, and the releases that the page rests on."""
    releases = rows.releases
    form = CodePageForm(request.GET or {}, places=localities(releases.get(TableKind.LOCALITIES)))
    form.is_valid()
    return {
        "form": form,
        "payment": _payment(form, rows),
        "pair_release": releases.get(TableKind.PAIRS),
        "limit_release": releases.get(TableKind.UNIT_LIMITS),
        "add_on_release": releases.get(TableKind.ADD_ONS),
        "locality_release": releases.get(TableKind.LOCALITIES),
    }


@allowed(MAY)
def compare_codes(request: HttpRequest) -> HttpResponse:
    """Two codes beside each other: what tells them apart by the rules, and what the tables hold of both."""
    form = TwoCodesForm(request.GET or None)
    context: dict[str, object] = {"form": form, "day": form.day}
    chosen = form.cleaned_data if form.is_valid() else {}
    first, second = chosen.get("first"), chosen.get("second")
    if first and second:
        context |= _side_by_side(first, second, form.day)
    return render(request, "reviews/codes_compared.html", context)


def _side_by_side(first: str, second: str, day: date) -> dict[str, object]:
    """What tells two codes apart: the tables' rows of each, the edits on the pair, and what their rules ask."""
    rules = RulesOfDay.on(day)
    own, other = rules.of_code(first), rules.of_code(second)
    rows_of_first, rows_of_second = CodeRows.read(first, day), CodeRows.read(second, day)
    compared: dict[str, object] = {
        "codes": (first, second),
        "sides": [rows_of_first, rows_of_second],
        "edits": rows_of_first.pair_with(second),
        "release": rows_of_first.releases.get(TableKind.PAIRS),
        "labels": [_label(own, first), _label(other, second)],
    }
    if own is not None and own is other and first != second:
        compared |= {"published": own, "contrast": contrast(own.table, first, second)}
    return compared


@allowed(MAY)
def family(request: HttpRequest, key: str) -> HttpResponse:
    """A rule set on a day: its codes, what it asks, what is in conflict, its versions."""
    form = PlainDayForm(request.GET or {})
    rules = RulesOfDay.on(form.day)
    published = rules.of_key(key)
    others = [other for other in (*rules.coming, *rules.layered) if other.table.key == key]
    if published is None and not others:
        raise Http404(f"No version of “{key}” is published.")
    context = {
        "form": form,
        "day": form.day,
        "key": key,
        "published": published,
        "others": others,
        "house_note": _house_note(form.day, rule_set__key=key),
    }
    if published:
        context |= _family(published)
    return render(request, "reviews/family.html", context)


@lru_cache(maxsize=512)
def _rules_part(published: Published, code: str, day: date) -> SafeString:
    """What a published version says of a code, as the page shows it: the same for everybody, for ever."""
    words = code_words(published.table, code)
    passages = passages_of(published.table, published.lexicon, code, words.documented)
    documented = []
    for asked in words.documented:
        passage = passages.get(asked.fact.key)
        documented.append((asked, passage, spoken_of(asked, published.lexicon)))
    context = {
        "code": code,
        "day": day,
        "published": published,
        "words": words,
        "neighbours": words.neighbours[:MOST_NEIGHBOURS],
        "documented": documented,
    }
    return render_to_string("reviews/_code_rules.html", context)


def _house_note(day: date, **about: str) -> HouseNote | None:
    """What the house settled about a code or a rule set, as it stands on a day."""
    notes = HouseNote.objects.in_force(day).filter(**about)
    return notes.select_related("written_by", "approved_by").first()


def _family(published: Published) -> dict[str, object]:
    table = published.table
    codes_with_labels = [(code, _label_in(table, code)) for code in table.family]
    return {"published": published, "codes": codes_with_labels}


def _label(published: Published | None, code: str) -> str:
    return _label_in(published.table, code) if published else ""


def _label_in(table: RuleTable, code: str) -> str:
    return label_of(rules_of(table, code))


@lru_cache(maxsize=512)
def _cases_part(published: Published, code: str) -> SafeString:
    """Worked cases of the code, decided, as the page shows them: those of a published version never change."""
    rows = published.version.worked_cases.filter(code=code)[:MOST_CASES]
    cases = [case_rows.result_of(row, published.table) for row in rows]
    return render_to_string("reviews/_code_cases.html", {"published": published, "cases": cases})


def _pairs(request: HttpRequest, rows: CodeRows, column: int) -> "Page[Any]":
    """A page of pairs, in one query: each row tells how many there are."""
    asked = request.GET.get(f"page{column}", "")
    number = 1
    if asked.isdecimal() and len(asked) < LONGEST_NUMBER:
        number = max(int(asked), 1)
    first = (number - 1) * PAIRS_A_PAGE

    pairs = rows.pairs(column)
    listed = [ListedPair(*pair) for pair in pairs[first : first + PAIRS_A_PAGE]]
    if first and not listed:
        # Behind the last page: the nearest one.
        return numbered_page([ListedPair(*pair) for pair in pairs], asked, PAIRS_A_PAGE)
    # Only counted: the rows of the page are there.
    total = listed[0].total if listed else 0
    paginator: Paginator[Any] = Paginator(range(total), PAIRS_A_PAGE)
    return Page(listed, number, paginator)


def _payment(form: CodePageForm, rows: CodeRows) -> dict[str, object] | None:
    """Payments at the locality that was chosen; None where none was, or nothing is loaded."""
    places = {str(place.pk): place for place in form.places}
    place = places.get(form.cleaned_data.get("locality", ""))
    if place is None or rows.fee is None:
        return None
    return {"place": place, "payments": payments(rows.fee, place)}
