"""The published rules of a day: what decides, what is to come, and what holds for some payers or places alone."""

from dataclasses import replace
from datetime import date

import pytest

from coding.models import HcpcsCode, RuleSetVersion, TableKind, TableRelease
from coding.rules.code_search import search
from coding.rules.published import Published, RulesOfDay
from tests import factories, small_rules

LAST_YEAR, TODAY, NEXT_YEAR = date(2025, 6, 1), date(2026, 6, 1), date(2027, 6, 1)


def standing(people):
    """Two rule sets; of the first an earlier version, one for a place, and one that is to come."""
    first = small_rules.published(people, date(2025, 1, 1), lexicon=small_rules.lexicon())
    second = small_rules.published(people, date(2026, 1, 1))
    to_come = small_rules.published(people, date(2027, 1, 1))
    for_place = small_rules.draft(people)
    RuleSetVersion.objects.filter(pk=for_place.pk).update(for_place="11")
    for_place = factories.publish(people, for_place, date(2026, 1, 1))
    awake = replace(small_rules.another(), name="Awake joint")
    other = small_rules.published(people, rules=awake)
    return first, second, to_come, for_place, other


@pytest.fixture
def versions(standing):
    return standing


def versions_of(published):
    return [own.version for own in published]


def test_the_newest_version_that_has_begun_decides_for_each_rule_set(versions):
    first, second, to_come, _, other = versions
    assert versions_of(RulesOfDay.on(TODAY).in_force) == [other, second]
    assert versions_of(RulesOfDay.on(LAST_YEAR).in_force) == [first]
    assert versions_of(RulesOfDay.on(NEXT_YEAR).in_force) == [other, to_come]


def test_it_decides_from_its_first_day_on(versions):
    _, second, to_come, *_ = versions
    assert versions_of(RulesOfDay.on(date(2026, 12, 31)).in_force)[1] == second
    assert versions_of(RulesOfDay.on(date(2027, 1, 1)).in_force)[1] == to_come


def test_what_is_to_come_and_what_is_for_some_alone_stand_apart(versions):
    _, _, to_come, for_place, _ = versions
    rules = RulesOfDay.on(TODAY)
    assert versions_of(rules.coming) == [to_come]
    assert versions_of(rules.layered) == [for_place]
    assert set(versions_of(RulesOfDay.on(date(2024, 1, 1)).coming)) == set(versions)


def test_a_code_or_a_key_leads_to_its_rule_set(versions):
    _, second, to_come, for_place, other = versions
    rules = RulesOfDay.on(TODAY)
    assert rules.of_code("27256").version == second
    assert rules.of_code("27250").version == other
    assert rules.of_code("99999") is None
    assert rules.of_key("small").version == second
    assert rules.of_key("nothing") is None
    assert versions_of(rules.others_of("27256")) == [to_come, for_place]
    assert rules.others_of("27250") == ()


def test_where_two_have_a_code_the_one_that_was_made_first_has_it():
    table = small_rules.table()
    by_name = (
        Published(RuleSetVersion(rule_set_id=7), table),
        Published(RuleSetVersion(rule_set_id=3), table),
    )
    assert RulesOfDay(by_name, (), ()).of_code("27256") == by_name[1]


def test_a_version_reads_notes_where_it_has_a_lexicon(versions):
    assert RulesOfDay.on(LAST_YEAR).in_force[0].lexicon.rule_set == "small"
    assert RulesOfDay.on(TODAY).in_force[1].lexicon is None


def test_what_was_read_before_is_read_in_one_query(versions, django_assert_num_queries):
    assert RulesOfDay.on(LAST_YEAR).in_force[0].lexicon
    with django_assert_num_queries(1):
        rules = RulesOfDay.on(TODAY)
        assert rules.of_code("27256").table.key == "small"
    with django_assert_num_queries(1):
        assert RulesOfDay.on(LAST_YEAR).in_force[0].lexicon


# Search --------------------------------------------------------------------------------------------


def codes(text, day=TODAY):
    return [hit.code for hit in search(text, day)]


def test_codes_are_looked_for_by_number_by_label_and_by_what_their_rules_say(versions):
    assert codes("27256") == ["27256"]
    assert codes("2725") == ["27250", "27252", "27256", "27257"]
    assert codes("without a drug") == ["27250", "27256"]
    assert codes("under drug") == ["27252", "27257"]


def test_every_word_has_to_lead_to_a_code_and_may_be_the_beginning_of_one(versions):
    assert codes("HELD asl") == ["27252", "27257"]
    assert codes("asleep small awake") == []
    assert codes("held joint") == ["27250", "27252"]


def test_what_a_word_of_the_label_leads_to_stands_first(versions):
    # The last of them is called so by the name of its rule set alone.
    assert codes("awake") == ["27250", "27256", "27252"]


def test_a_phrase_of_the_lexicon_or_an_answer_leads_to_the_codes_that_ask_for_it(versions):
    assert codes("sleep", LAST_YEAR) == ["27257"]
    assert codes("put to sleep") == ["27252", "27257"]


def test_a_hit_says_where_it_stands(versions):
    [hit] = search("27256", TODAY)
    assert (hit.label, hit.place) == ("Held awake", str(versions[1]))


def test_nothing_asked_finds_nothing(versions, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert search("  ", TODAY) == []
    assert codes("–") == []


def test_codes_of_a_loaded_schedule_stand_behind_those_of_rules_each_once(versions):
    factories.fees(date(2026, 1, 1))
    hits = search("2725", TODAY)
    assert [hit.code for hit in hits[:4]] == ["27250", "27252", "27256", "27257"]
    assert len({hit.code for hit in hits}) == len(hits)
    [priced] = search("99203", TODAY)
    assert (priced.label, priced.place) == ("", "Made-up values")
    assert search("99203", date(2025, 12, 31)) == []
    assert codes("992030") == []


def test_terms_of_level_two_are_found_by_their_number_or_by_all_words_of_their_text(versions):
    assert search("harness", TODAY) == []
    release = TableRelease.objects.create(table=TableKind.TERMS, valid_from=date(2026, 4, 1))
    texts = {"L1620": "Harness for a hip", "L1610": "Frejka cover", "A4580": "Cast for a hip"}
    HcpcsCode.objects.bulk_create(
        HcpcsCode(release=release, code=code, description=text) for code, text in texts.items()
    )
    assert codes("L16") == codes("l16") == ["L1610", "L1620"]
    assert codes("a hip") == ["A4580", "L1620"]
    assert codes("HIP harness") == ["L1620"]
    [hit] = search("frejka", TODAY)
    assert (hit.code, hit.label, hit.place) == ("L1610", "Frejka cover", str(release))
    assert codes("frejka", date(2026, 3, 31)) == []
