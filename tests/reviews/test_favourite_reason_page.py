"""Favourite reasons, routing rules and rates in the administration: what is merged, ended, and never deleted."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from reviews.models import FavouriteReason, ReasonUse, RoutingRule, SamplingRate
from tests.straight import admin_of, asked, sent, told

REASONS = admin_of(FavouriteReason)
SINCE = date(2026, 1, 1)


def reason(text, use=ReasonUse.HOLD, **values):
    return FavouriteReason.objects.create(text=text, use=use, valid_from=SINCE, **values)


def standing(people):
    """Three reasons for a hold, and one for a return."""
    for text in ("Report missing", "Report lacks", "No report"):
        reason(text)
    reason("Ask again", ReasonUse.RETURN)


@pytest.fixture
def administrator(people, standing):
    return people["administrator"]


def of(*texts):
    return FavouriteReason.objects.filter(text__in=texts)


def merge(person, chosen, **data):
    request = sent(person, **data)
    page = REASONS.merge_reasons(request, chosen)
    return told(request), page


# Merging.


def test_one_reason_alone_is_not_merged(administrator):
    said, page = merge(administrator, of("No report"))
    assert said == ["Choose the reasons that say the same: two at least."]
    assert page is None


def test_it_is_asked_first_which_one_stays(administrator):
    said, page = merge(administrator, of("Report missing", "No report"))
    assert said == []
    assert page.context_data["title"] == "One reason counts for the others"
    assert page.context_data["verb"] == "Merge"
    shown = {words for _, words in page.context_data["rows"]}
    assert shown == {"Report missing (hold of a service)", "No report (hold of a service)"}


def test_all_others_lead_to_the_one_that_stays(administrator):
    [survivor] = of("Report missing")
    chosen = of("Report missing", "Report lacks", "No report")
    said, page = merge(administrator, chosen, confirm="1", survivor=survivor.pk)
    assert said == ["2 merged into “Report missing”."]
    assert page is None
    assert set(survivor.merged_reasons.all()) == set(of("Report lacks", "No report"))


def test_where_one_cannot_be_merged_none_is(administrator):
    [survivor] = of("Report missing")
    chosen = of("Report missing", "No report", "Ask again")
    said, _ = merge(administrator, chosen, confirm="1", survivor=survivor.pk)
    assert said == ["A reason is merged into another one of the same use."]
    assert not survivor.merged_reasons.exists()


def test_a_reason_that_was_not_chosen_does_not_stay(administrator):
    [other] = of("Report lacks")
    said, page = merge(
        administrator, of("Report missing", "No report"), confirm="1", survivor=other.pk
    )
    assert said == []
    assert list(page.context_data["form"].errors) == ["survivor"]


# What may be changed.


def test_the_words_of_a_reason_stand_and_its_end_is_set(administrator):
    request = asked(administrator)
    [row] = of("No report")
    assert REASONS.get_readonly_fields(request, row) == ["use", "text", "valid_from"]
    assert REASONS.get_readonly_fields(request) == []
    assert REASONS.has_change_permission(request, row)
    assert not REASONS.has_delete_permission(request, row)


def test_a_merged_reason_is_read_only(administrator):
    request = asked(administrator)
    [row], [survivor] = of("No report"), of("Report missing")
    row.survivor = survivor
    assert not REASONS.has_change_permission(request, row)
    assert REASONS.has_change_permission(request)


def test_a_reason_does_not_end_before_it_begins():
    for last, is_good in [(date(2026, 1, 1), True), (date(2025, 12, 31), False), (None, True)]:
        row = FavouriteReason(text="x", valid_from=SINCE, valid_until=last)
        if is_good:
            row.clean()
            continue
        with pytest.raises(ValidationError, match="It ends before it begins"):
            row.clean()


# Routing rules and rates.


def test_rules_and_rates_are_changed_and_never_deleted(administrator):
    request = asked(administrator)
    for model in (RoutingRule, SamplingRate):
        assert admin_of(model).has_change_permission(request)
        assert not admin_of(model).has_delete_permission(request)


def test_a_rule_says_for_which_reason_in_words(administrator):
    rules = admin_of(RoutingRule)
    assert rules.route_reason(RoutingRule(reason="")) is None
    for value, label in rules.form.base_fields["reason"].choices[1:]:
        assert rules.route_reason(RoutingRule(reason=value)) == label
    # A reason of an earlier edition is shown as it was kept.
    assert rules.route_reason(RoutingRule(reason="of_before")) == "of_before"
    assert rules.form.base_fields["reason"].choices[0] == ("", "Any reason")
