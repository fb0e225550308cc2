"""The supervisor queue and the coder's own cases: what stands there, for whom, narrowed to what, and empty."""

from datetime import date

import pytest
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.intake.records import ServiceLineRecord
from coding.models import User
from reviews.actions import cases, decisions, second_looks
from reviews.actions.decisions import Judgement
from reviews.models import Choice, ReviewCase, RouteReason, RulingKind
from tests import factories


def disputed(people, hip, coder="coder", judgement=None, **values):
    service = factories.service(people, hip, **values)
    decision = factories.decide(
        people[coder], service, factories.PAVLIK, judgement or factories.insists()
    )
    return factories.case_of(decision)


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def listed(client, **parameters):
    return list(client.get(reverse("queue"), parameters).context["page"])


def test_an_empty_queue_says_that_cases_come_by_themselves(supervisor):
    page = supervisor.get(reverse("queue")).content.decode()
    assert "The queue is empty" in page
    assert "disagreements appear here by themselves" in page.replace("&#x27;", "'")


def test_the_oldest_case_stands_first_whatever_the_date_of_service(people, hip, supervisor):
    first = disputed(people, hip)
    second = disputed(people, hip, date_of_service=first.service.day.replace(day=1))
    assert listed(supervisor) == [first, second]


def test_a_row_says_why_it_is_here_by_whom_what_was_suggested_and_who_holds_it(
    people, hip, supervisor
):
    case = disputed(people, hip, external_id="V-77")
    page = supervisor.get(reverse("queue")).content.decode()
    for words in (
        "V-77",
        RouteReason.OTHER_CODE.label,
        people["coder"].name,
        "nobody",
        case.get_absolute_url(),
    ):
        assert words in page
    cases.claim(people["supervisor", 2], case)
    assert people["supervisor", 2].name in supervisor.get(reverse("queue")).content.decode()


def test_what_is_resolved_leaves_the_queue_and_is_found_by_its_state(people, hip, supervisor):
    ruled, queued = disputed(people, hip), disputed(people, hip)
    factories.rule(people["supervisor"], ruled)
    assert listed(supervisor) == [queued]
    assert listed(supervisor, state="resolved") == [ruled]
    assert listed(supervisor, state="all") == [ruled, queued]


@pytest.mark.parametrize("end", ["returned", "taken_back", "acknowledged"])
def test_each_end_of_a_case_has_its_state_in_the_filter(people, hip, supervisor, end):
    case = disputed(people, hip)
    if end == "taken_back":
        decisions.take_back(people["coder"], case.service)
    elif end == "returned":
        cases.claim(people["supervisor"], case)
        second_looks.return_to_coder(people["supervisor"], case, "Read it again.")
    else:
        factories.rule(people["supervisor"], case)
        cases.acknowledge(people["coder"], case)
    assert listed(supervisor) == []
    assert listed(supervisor, state=end) == [case]


def test_cases_are_narrowed_to_one_of_their_reasons_and_stand_there_once(people, hip, supervisor):
    case = disputed(people, hip)
    other = disputed(people, hip, judgement=Judgement(Choice.SUPERVISOR_REVIEW, reason="Hm."))
    for note in ("The right hip.", "The other hip."):
        factories.send_again(people, case.service.encounter, note=note)
    assert listed(supervisor, reason="corrected") == [case]
    assert listed(supervisor, reason="coder_asks_supervisor") == [other]
    assert listed(supervisor, reason="rebutted") == []


def test_mine_are_those_that_i_hold_and_free_those_that_i_could_claim(people, hip, supervisor):
    mine, theirs, free = (disputed(people, hip) for _ in range(3))
    cases.claim(people["supervisor"], mine)
    cases.claim(people["supervisor", 2], theirs)
    assert listed(supervisor, whose="mine") == [mine]
    assert listed(supervisor, whose="free") == [free]
    factories.rule(people["supervisor"], mine)
    assert listed(supervisor, whose="mine", state="all") == []


def test_an_objection_to_my_ruling_is_free_for_another_supervisor_only(people, hip, client):
    case = disputed(people, hip)
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    rebuttal = second_looks.rebut(people["coder"], factories.fresh_case(case), "No.")
    for who, free in (("supervisor", []), (("supervisor", 2), [rebuttal])):
        client.force_login(people[who])
        assert listed(client) == [rebuttal]
        assert listed(client, whose="free") == free


def test_what_i_coded_myself_in_any_round_is_not_free_for_me(people, hip, client):
    both = factories.person("supervisor")
    both.groups.add(people["coder"].groups.get())
    both = User.objects.get(pk=both.pk)
    service = factories.service(people, hip)
    factories.decide(both, service, factories.PAVLIK, factories.insists())
    decisions.take_back(both, factories.service_of(service))
    service.encounter.services.update(assigned_to=None)
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    client.force_login(both)
    assert [case.coder for case in listed(client)] == [people["coder"]]
    assert listed(client, whose="free") == []


def test_each_filter_finds_its_case_and_no_other(people, hip, supervisor):
    factories.fees()
    theirs = {
        "external_id": "FIND-1",
        "provider": "Dr. Ada",
        "payer": "Aetna",
        "date_of_service": date(2026, 3, 1),
    }
    wanted = disputed(people, hip, ("coder", 2), factories.insists("27253"), **theirs)
    disputed(people, hip)
    for asked in (
        {"search": "find-"},
        {"provider": "ada"},
        {"payer": "aet"},
        {"coder": people["coder", 2].pk},
        {"code": "27253"},
        {"served_until": "2026-03-01"},
        {"served_from": "2026-03-01", "served_until": "2026-03-31"},
    ):
        assert listed(supervisor, **asked) == [wanted], asked
    assert listed(supervisor, opened_until="2020-01-01") == listed(supervisor, level=2) == []
    both = {"family": hip.rule_set.key, "opened_from": "2020-01-01", "level": 1, "code": "27256"}
    assert len(listed(supervisor, **both)) == 2
    assert listed(supervisor, order="served")[0] == wanted


def test_a_filter_that_is_not_understood_finds_nothing(people, hip, supervisor):
    disputed(people, hip)
    for asked in ({"coder": "x"}, {"family": "none"}, {"opened_from": "soon"}, {"level": "9"}):
        assert listed(supervisor, **asked) == [], asked


def test_the_navigation_counts_what_waits(people, hip, supervisor):
    def counted():
        items = supervisor.get(reverse("queue")).context["nav_items"]
        return {item.label: item.count for item in items if item.count}

    assert counted() == {}
    for _ in range(2):
        disputed(people, hip)
    cases.claim(people["supervisor"], disputed(people, hip))
    assert counted() == {"Queue": "2"}


# --- The coder's own cases.


def test_without_a_case_the_page_says_when_there_is_none(coder):
    assert "Decisions that agree with the rules on a code need no review." in (
        coder.get(reverse("my-cases")).content.decode()
    )


def test_new_rulings_stand_apart_until_they_are_read(people, hip, coder):
    ruled, queued = disputed(people, hip), disputed(people, hip)
    factories.rule(people["supervisor"], ruled)
    context = coder.get(reverse("my-cases")).context
    assert ([item.row for item in context["unread"]], list(context["page"])) == ([ruled], [queued])
    cases.acknowledge(people["coder"], ruled)
    context = coder.get(reverse("my-cases")).context
    assert ([item.row for item in context["unread"]], list(context["page"])) == (
        [],
        [queued, ruled],
    )


def test_all_new_rulings_are_cleared_at_once_and_nobody_elses(people, hip, coder):
    ruled, theirs = disputed(people, hip), disputed(people, hip, ("coder", 2))
    for case in (ruled, theirs):
        factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    page = coder.get(reverse("my-cases")).content.decode()
    assert RulingKind.RULES_UPHELD.label in page
    coder.post(reverse("read-all"), {"case": [ruled.public_id, theirs.public_id, "no id"]})
    assert coder.get(reverse("my-cases")).context["unread"] == []
    assert ReviewCase.objects.get(pk=theirs.pk).state == "resolved"
    for asked, shown in (
        ({"kind": "rules_upheld"}, [ruled]),
        ({"kind": "other_code"}, []),
        ({"search": "zzz"}, []),
    ):
        assert list(coder.get(reverse("my-cases"), asked).context["page"]) == shown


def test_another_coders_cases_are_not_mine(people, hip, coder):
    disputed(people, hip, ("coder", 2))
    assert list(coder.get(reverse("my-cases")).context["page"]) == []


def test_a_case_about_a_line_says_that_no_rule_set_suggested(people, hip, coder):
    factories.fees()
    visit = factories.visit(people, ServiceLineRecord("99203"))
    removed = Judgement(Choice.NOTHING, reason="Bundled.")
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), removed)
    page = coder.get(reverse("my-cases")).content.decode()
    assert "no rule set" in page
    assert "Nothing to report" in page


def test_of_two_open_cases_of_a_service_the_second_one_is_never_made(people, hip):
    case = disputed(people, hip)
    with pytest.raises(Conflict, match="This service is in review by now"):
        factories.decide(people["coder"], case.service, factories.PAVLIK, factories.insists())
    assert ReviewCase.objects.count() == 1
