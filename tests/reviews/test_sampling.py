"""Which agreed decisions a supervisor looks at all the same: whose, how many, and who sets that."""

import pytest
from django.core.exceptions import ValidationError

from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent
from reviews.actions import decisions, sampling
from reviews.actions.decisions import Judgement
from reviews.models import Choice, CodingDecision, RouteReason, SamplingRate
from tests import factories


def rate(people, percent, coder=None):
    row = SamplingRate(coder=coder, percent=percent, reason="New here.")
    sampling.save_rate(people["administrator"], row)
    return row


def decided(people, hip):
    return factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)


def reasons_of(decision):
    return [row.reason for row in factories.case_of(decision).routes.all()]


def test_without_a_rate_nobody_s_decisions_are_drawn(people):
    assert sampling.rate_of(people["coder"]) == 0


def test_a_coder_s_own_rate_goes_before_that_of_all_others_even_where_it_is_lower(people):
    rate(people, 50)
    rate(people, 0, people["coder", 2])
    assert sampling.rate_of(people["coder"]) == 50
    assert sampling.rate_of(people["coder", 2]) == 0


def test_a_line_that_no_rule_set_codes_is_drawn_as_any_other_decision(people):
    factories.fees()
    rate(people, 100)
    visit = factories.visit(people, ServiceLineRecord("99203"))
    [service] = visit.services.all()
    decision = decisions.decide(people["coder"], service, Judgement(Choice.KEEP))
    assert reasons_of(decision) == [RouteReason.SAMPLED]


def test_a_line_without_a_version_is_among_the_first_of_none(people, settings):
    settings.REVIEW_FIRST_OF_VERSION = 9
    factories.fees()
    visit = factories.visit(people, ServiceLineRecord("99203"))
    [service] = visit.services.all()
    decision = decisions.decide(people["coder"], service, Judgement(Choice.KEEP))
    assert not decision.review_cases.exists()


def test_of_a_version_so_many_decisions_are_looked_at_as_the_setting_says_and_no_more(
    people, hip, settings
):
    settings.REVIEW_FIRST_OF_VERSION = 2
    three = [decided(people, hip) for _ in range(3)]
    looked_at = [decision.review_cases.exists() for decision in three]
    assert looked_at == [True, True, False]


def test_a_decision_that_is_among_the_first_and_drawn_says_both(people, hip, settings):
    settings.REVIEW_FIRST_OF_VERSION = 1
    rate(people, 100)
    assert reasons_of(decided(people, hip)) == [RouteReason.NEW_VERSION, RouteReason.SAMPLED]


def test_another_round_of_a_service_is_drawn_anew(people, hip):
    decision = decided(people, hip)
    drawn = set()
    for number in range(1, 60):
        decision.round = number
        drawn.add(sampling.is_drawn(decision, 50))
    assert drawn == {True, False}


def test_a_rate_is_noted_with_what_it_was_and_why(people):
    row = rate(people, 5)
    row.percent, row.reason = 10, "More errors."
    sampling.save_rate(people["administrator"], row)
    first, second = AuditEvent.objects.filter(event="sampling_rate.saved").order_by("sequence")
    assert (first.before, first.after) == ({}, {"rate": "All others: 5 %"})
    assert (second.before, second.after) == (
        {"rate": "All others: 5 %"},
        {"rate": "All others: 10 %"},
    )
    assert second.reason == "More errors."


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_rate_is_a_percentage(people, percent):
    with pytest.raises(ValidationError) as refusal:
        rate(people, percent)
    assert list(refusal.value.message_dict) == ["percent"]
    assert not SamplingRate.objects.exists()


def test_a_rate_counts_from_the_next_decision_on(people, hip):
    before = decided(people, hip)
    rate(people, 100)
    after = decided(people, hip)
    assert not before.review_cases.exists()
    assert reasons_of(after) == [RouteReason.SAMPLED]
    assert CodingDecision.objects.filter(agrees=True).count() == 2
