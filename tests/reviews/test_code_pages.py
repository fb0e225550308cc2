"""The page of a code on a day: what rules, tables and this house know of it, and what nobody loaded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from coding import rulesets
from coding.actions import house_notes
from coding.actions.house_notes import NoteText
from coding.models import (
    FeeScheduleDetail,
    FeeScheduleRelease,
    FeeScheduleValue,
    HcpcsCode,
    Locality,
    PairEdit,
    Payer,
    PayerKind,
    PayerTerms,
    TableKind,
    TableRelease,
    UnitLimitEdit,
)
from coding.reference.code_rows import in_cents
from coding.reference.payments import WITH_RECORDS
from coding.rules.code_words import code_words, spoken_of
from coding.rules.example_passages import passages_of
from reviews.actions import precedents
from reviews.codes.house import Confusion
from reviews.models import RulingKind
from tests import factories

DAY = date(2026, 5, 4)


@pytest.fixture
def coder(people, hip, client):
    client.force_login(people["coder"])
    return client


def page(client, code="27256", **asked):
    return client.get(reverse("code-page", args=[code]), {"on": DAY.isoformat(), **asked})


def text(response):
    return " ".join(response.content.decode().split())


def release(table, day=date(2026, 4, 1)):
    return TableRelease.objects.create(table=table, valid_from=day)


def pairs(count, code="27257"):
    own = release(TableKind.PAIRS)
    rows = [
        PairEdit(release=own, column1=code, column2=f"{number:05}", may_be_opened=True)
        for number in range(count)
    ]
    PairEdit.objects.bulk_create(rows)


def test_the_key_of_ask_takes_the_code_and_the_day_along(coder):
    assert 'href="/ask/?code=27256&amp;on=2026-05-04" data-key="a"' in text(page(coder))


def test_it_says_exactly_when_the_code_applies_and_what_must_be_documented(coder):
    html = text(page(coder))
    assert "Exactly when all of these hold" in html
    assert "<dt>Manipulation</dt><dd>Not manipulated or Positioned only</dd>" in html
    assert "<dt>Anesthesia</dt><dd>None or Local, topical or pain relief only</dd>" in html
    assert "<strong>Treatment</strong>: Closed" in html


def test_what_must_be_documented_has_a_passage_of_a_worked_case_or_says_that_none_has_it(coder):
    assert "No worked case has a note that says it" in text(page(coder))
    table, lexicon = (
        rulesets.shipped("hip_dislocation"),
        rulesets.shipped_lexicon("hip_dislocation"),
    )
    documented = code_words(table, "27256").documented
    passages = passages_of(table, lexicon, "27256", documented)
    assert passages["manipulation"] == (
        "V01",
        "No anesthesia was given and no reduction maneuver was carried out",
    )
    assert passages_of(table, None, "27256", documented) == {}
    assert passages_of(replace(table, key="made-here"), lexicon, "27256", documented) == {}


def test_payers_of_the_register_say_how_they_want_a_modifier(coder):
    for name, options in (("North", {"modifier_51": "yes"}), ("South", {"modifier_51": "no"})):
        payer = Payer.objects.create(name=name, key=name)
        PayerTerms.objects.create(
            payer=payer, valid_from=DAY, kind=PayerKind.COMMERCIAL, options=options
        )
    html = text(page(coder))
    assert "51: North <span" in html
    assert "XS and not 59: no payer of the register" in html


def test_every_payer_is_counted_by_its_newest_terms_however_many_and_however_old(coder):
    payers = Payer.objects.bulk_create(
        Payer(name=f"P{number:03}", key=f"p{number}") for number in range(300)
    )
    PayerTerms.objects.bulk_create(
        PayerTerms(
            payer=payer, valid_from=day, kind=PayerKind.COMMERCIAL, options={"modifier_51": wants}
        )
        for payer in payers
        for day, wants in ((date(2025, 1, 1), "no"), (date(2026, 1, 1), "yes"))
    )
    gone = {
        "payer": payers[0],
        "valid_from": DAY,
        "kind": PayerKind.COMMERCIAL,
        "options": {"modifier_51": "no"},
    }
    PayerTerms.objects.create(**gone)
    assert "51: P001, P002, P003, P004, P005 and 294 more" in text(page(coder))


def test_supplies_are_those_that_the_house_names(people, coder):
    assert "Neither the rules nor a note of the house name one" in text(page(coder))
    HcpcsCode.objects.create(release=release(TableKind.TERMS), code="L1620", description="Harness")
    note = house_notes.write(
        people["rule author"], NoteText("L1620 goes to the supplier.", DAY, code="27256")
    )
    house_notes.approve(people["rule approver"], note)
    assert "L1620</a> Harness" in text(page(coder))


def test_a_code_that_ended_names_what_stands_for_it(coder):
    old, new = release(TableKind.TERMS, date(2026, 1, 1)), release(TableKind.TERMS)
    HcpcsCode.objects.create(release=old, code="J1030", description="Old")
    assert "No loaded table names a replacement" in text(page(coder, "J1030"))
    HcpcsCode.objects.create(
        release=new, code="J1030", ended=date(2026, 4, 30), replaced_by="J1010"
    )
    assert "<dt>Replacement</dt><dd>J1010" in text(page(coder, "J1030"))


def test_a_code_whose_term_goes_on_has_not_ended_where_the_fee_schedule_values_it_no_longer(coder):
    HcpcsCode.objects.create(release=release(TableKind.TERMS), code="J1030", description="Valid")
    earlier = FeeScheduleRelease.objects.create(name="Earlier", valid_from=date(2025, 1, 1))
    FeeScheduleRelease.objects.create(name="In force", valid_from=DAY)
    values = {"work_rvu": 1, "facility_total": 1, "non_facility_total": 1}
    FeeScheduleValue.objects.create(release=earlier, code="J1030", status="A", **values)
    assert "<dt>Replacement</dt>" not in text(page(coder, "J1030"))


def test_what_must_be_documented_has_an_example_from_the_lexicon():
    table, lexicon = (
        rulesets.shipped("hip_dislocation"),
        rulesets.shipped_lexicon("hip_dislocation"),
    )
    examples = {
        asked.fact.key: spoken_of(asked, lexicon) for asked in code_words(table, "27252").documented
    }
    assert examples["treatment"] == "manual closed reduction"
    assert spoken_of(code_words(table, "27252").documented[0], None) == ""


def test_it_differs_from_each_neighbour_by_the_fewest_facts(coder):
    response = page(coder)
    pairs = response.context["words"].neighbours
    neighbours = {
        pair.codes[1]: [difference.label for difference in pair.differences] for pair in pairs
    }
    assert neighbours["27257"] == ["Manipulation", "Anesthesia"]
    assert "Manipulation: supervisor review (R35)" in text(response)


def test_what_is_not_loaded_is_said(coder):
    html = text(page(coder))
    assert "No value loaded for this day" in html
    assert "No value loaded: no GPCI for this day" in html


def test_payment_is_reckoned_for_a_locality_at_both_places(coder):
    factories.fees()
    schedule = FeeScheduleRelease.objects.get()
    parts = {
        "facility_practice": 2,
        "non_facility_practice": 3,
        "malpractice": 1,
        "conversion_factor": 10,
    }
    parts |= {"bilateral": "1", "assistant": "0", "co_surgeon": "0"}
    FeeScheduleDetail.objects.create(release=schedule, code="27256", **parts)
    place = Locality.objects.create(
        release=release(TableKind.LOCALITIES),
        carrier="01112",
        state="CA",
        number="05",
        name="A bay",
        work=1,
        practice=2,
        malpractice=1,
    )
    work = schedule.values.get(code="27256", modifier="").work_rvu
    inside, outside = (work + 2 * 2 + 1) * 10, (work + 3 * 2 + 1) * 10
    paid = {row.what: row for row in page(coder, locality=place.pk).context["payment"]["payments"]}
    assert (paid["the whole service"].facility, paid["the whole service"].office) == (
        inside,
        outside,
    )
    assert paid["both sides"].facility == in_cents(inside * Decimal("1.5"))
    assert (paid["an assistant"].office, paid["an assistant"].note) == (
        in_cents(outside * Decimal("0.16")),
        WITH_RECORDS,
    )
    assert "each of two surgeons" not in paid


def test_the_day_decides_which_release_counts_and_older_values_stay_to_be_read(coder):
    factories.fees()
    for day, units in ((date(2026, 4, 1), 1), (date(2026, 7, 1), 2)):
        UnitLimitEdit.objects.create(
            release=release(TableKind.UNIT_LIMITS, day), code="27256", units=units, applied=2
        )
    assert page(coder).context["rows"].limit.units == 1
    assert page(coder, on="2026-08-01").context["rows"].limit.units == 2
    assert page(coder, on="2025-12-31").context["rows"].fee is None
    assert "How its values changed" in text(page(coder))


def test_pairs_are_shown_page_by_page_in_both_columns(coder):
    pairs(30)
    response = page(coder, "27257", page1="2")
    (_, first), (_, second) = response.context["pairs"]
    assert (first.paginator.count, first.number, second.paginator.count) == (30, 2, 0)
    assert "1, yes" in text(response)
    assert "not told" in text(response), "the table told no first day"


def test_a_code_that_only_a_table_knows_has_a_page_and_an_unknown_one_has_none(coder):
    pairs(1)
    assert page(coder, "00000").status_code == 200
    assert page(coder, "99999").status_code == 404
    assert page(coder, "2725").status_code == 404


@pytest.mark.parametrize("on", ["", "nonsense", "1492-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_meant_is_answered_with_today(coder, on):
    assert page(coder, on=on).status_code in (200, 404)


def test_it_tells_how_often_the_code_became_final(people, hip, coder):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    assert "Of the latest 1 final codes: 1 as the rules suggested" in text(page(coder))


def test_it_tells_confusions_precedents_and_open_defects_of_its_rules(people, hip, coder):
    """Rules gave 27256; coders insisted on 27257: once a precedent made of it, once the rule was found wrong."""
    insisted = [
        factories.decide(
            people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
        )
        for _ in range(2)
    ]
    upheld = factories.rule(
        people["supervisor"], factories.case_of(insisted[0]), RulingKind.CODER_UPHELD
    )
    precedents.record(
        people["supervisor"],
        upheld,
        ["treatment"],
        "A harness is a reduction.",
        "The policy of 2026.",
    )
    wrong = factories.case_of(insisted[1])
    factories.rule(
        people["supervisor"], wrong, RulingKind.RULE_DEFECT, code="27257", modifiers=("LT",)
    )

    own, other = page(coder), page(coder, "27257")
    assert own.context["confusions"].instead_of_it == (Confusion("27257", 2),)
    assert other.context["confusions"].it_instead == (Confusion("27256", 2),)
    assert "Precedent P1</dt><dd>27257-LT: A harness is a reduction." in text(other)
    assert f"Open defect of {wrong.suggestion.rule_id}" in text(own)
    assert "The note says so." not in text(own), (
        "why, is told to those who see the register of defects"
    )


def test_the_number_of_queries_does_not_grow(people, hip, coder, django_assert_max_num_queries):
    factories.fees()
    pairs(60)
    page(coder, "27257")
    with django_assert_max_num_queries(35):
        page(coder, "27257")


def test_lay_words_numbers_and_labels_find_a_code(coder):
    factories.fees()
    for words, code in (
        ("harness", "27256"),
        ("2725", "27250"),
        ("spontaneous open shortened", "27259"),
    ):
        found = coder.get(reverse("codes"), {"q": words, "on": DAY.isoformat()}).context["hits"]
        assert code in [hit.code for hit in found], words
    assert "Nothing is called so" in text(coder.get(reverse("codes"), {"q": "zzz"}))


def test_two_codes_stand_beside_each_other(coder):
    html = text(
        coder.get(
            reverse("compare-codes"), {"first": "27256", "second": "27257", "on": DAY.isoformat()}
        )
    )
    assert "Manipulation without anesthesia fits neither" in html
    assert "Anesthesia or sedation without manipulation fits neither" in html
    assert "No pairs are loaded for this day." in html
    assert "is no code" in text(
        coder.get(reverse("compare-codes"), {"first": "x", "second": "27257"})
    )


def test_a_family_has_its_codes_and_its_conflicts(coder, hip):
    html = text(coder.get(reverse("family-page", args=[hip.rule_set.key]), {"on": DAY.isoformat()}))
    assert "Known conflict on manipulation" in html
    assert "/codes/27256/?on=2026-05-04" in html
    assert coder.get(reverse("family-page", args=["nobody"])).status_code == 404
