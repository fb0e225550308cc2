"""A coder's own cases: rulings that are new to them, what they read before, and whom providers are asked for them."""

import pytest

from reviews.actions import cases
from reviews.lists import own_cases
from reviews.lists.own_cases import OwnCaseFilter, new_for, open_queries_of, read_before
from reviews.models import ProviderQuery, ReviewCase, RulingKind
from tests import factories


def standing(people, hip):
    """Three disputed services of one coder."""
    return [factories.disputed(people, hip) for _ in range(3)]


@pytest.fixture
def disputed(standing):
    return standing


def rule(people, case, kind=RulingKind.CODER_UPHELD):
    return factories.rule(people["supervisor"], case, kind)


def listed(**asked):
    return list(OwnCaseFilter(asked, queryset=ReviewCase.objects.order_by("pk")).qs)


def test_a_ruling_is_new_until_its_coder_has_read_it(people, disputed):
    first, second, waiting = disputed
    for case in (first, second):
        rule(people, case)
    assert new_for(people["coder"], []) == [second, first]
    assert list(read_before(people["coder"])) == [waiting]

    cases.acknowledge(people["coder"], factories.fresh_case(second))
    assert new_for(people["coder"], []) == [first]
    assert list(read_before(people["coder"])) == [waiting, second]


def test_nobody_else_s_rulings_are_among_them(people, disputed):
    rule(people, disputed[0])
    assert new_for(people["coder", 2], []) == []
    assert not read_before(people["coder", 2]).exists()


def test_of_very_many_new_rulings_one_more_than_is_shown_tells_that_there_are_more(
    people, disputed, monkeypatch
):
    for case in disputed:
        rule(people, case)
    monkeypatch.setattr(own_cases, "SHOWN", 1)
    assert new_for(people["coder"], []) == disputed[:0:-1]


def test_a_question_to_a_provider_is_the_coder_s_whose_service_waits(people, disputed):
    first, second, _ = disputed
    for case in (second, first):
        rule(people, case, RulingKind.PROVIDER_QUERY)
    queries = list(ProviderQuery.objects.order_by("pk"))
    assert open_queries_of(people["coder"]) == queries
    assert open_queries_of(people["coder", 2]) == []
    ProviderQuery.objects.filter(pk=queries[0].pk).update(
        state="closed", closed_at="2026-06-01T00Z"
    )
    assert open_queries_of(people["coder"]) == queries[1:]


def test_cases_are_narrowed_by_state_ruling_code_and_id(people, disputed):
    first, second, waiting = disputed
    rule(people, first)
    rule(people, second, RulingKind.RULES_UPHELD)
    assert listed(state="queued") == [waiting]
    assert listed(kind="rules_upheld") == [second]
    assert listed(code=" 27257 ") == listed(code="27256") == disputed
    assert listed(code="27258") == listed(level=2) == []
    assert listed(search=first.service.encounter.external_id) == [first]
    assert listed(ruled_from="2020-01-01") == [first, second]
    assert listed(ruled_until="2020-01-01") == []
