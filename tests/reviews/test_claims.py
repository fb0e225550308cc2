"""Who holds a case: the next one is claimed once, a case is given to a named person, and a claim lapses."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, User
from reviews.actions import cases, claims, second_looks
from reviews.models import CaseState, ReviewCase, Ruling
from tests import factories
from tests.races import at_once


def disputed(people, hip, **values):
    service = factories.service(people, hip, **values)
    return factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def holders():
    return list(ReviewCase.objects.order_by("pk").values_list("holder", flat=True))


def claim_next(client, asked="", key=None):
    form = {"idempotency_key": key or uuid.uuid4()}
    return client.post(reverse("claim-next") + asked, form, follow=True)


# --- The next one.


def test_the_next_case_is_the_oldest_that_is_free(people, hip, supervisor):
    taken, oldest, _ = (disputed(people, hip) for _ in range(3))
    cases.claim(people["supervisor", 2], taken)
    page = claim_next(supervisor)
    assert page.redirect_chain == [(oldest.get_absolute_url(), 302)]
    assert factories.fresh_case(oldest).holder == people["supervisor"]


def test_the_next_case_comes_out_of_the_list_as_it_is_narrowed(people, hip, supervisor):
    disputed(people, hip)
    wanted = disputed(people, hip, payer="Aetna")
    page = claim_next(supervisor, "?payer=aet")
    assert page.redirect_chain == [(wanted.get_absolute_url() + "?payer=aet", 302)]


def test_who_reads_their_own_cases_gets_the_next_free_one(people, hip, supervisor):
    own, free = (disputed(people, hip) for _ in range(2))
    cases.claim(people["supervisor"], own)
    page = claim_next(supervisor, "?whose=mine&state=claimed")
    assert page.redirect_chain[0][0].startswith(free.get_absolute_url())


def test_a_button_that_is_pressed_twice_claims_one_case(people, hip, supervisor):
    for _ in range(2):
        disputed(people, hip)
    key = uuid.uuid4()
    first, second = (claim_next(supervisor, key=key).redirect_chain for _ in range(2))
    assert first == second
    assert holders() == [people["supervisor"].pk, None]


def test_where_nothing_is_free_the_queue_says_so(people, hip, supervisor):
    cases.claim(people["supervisor", 2], disputed(people, hip))
    assert "No case of this list is free for you." in claim_next(supervisor).content.decode()


def test_a_ruling_goes_on_with_the_next_case_and_rules_once(people, hip, supervisor):
    first, second, third = (disputed(people, hip) for _ in range(3))
    cases.claim(people["supervisor"], first)
    key = uuid.uuid4()
    form = {"idempotency_key": key, "revision": 1, "suggestion": first.suggestion_id, "units": 1}
    form |= {"kind": "coder_upheld", "reason": "As it was coded.", "next": "yes"}
    addresses = {supervisor.post(first.get_absolute_url(), form).url for _ in range(2)}
    assert addresses == {second.get_absolute_url()}
    assert Ruling.objects.get().case == first
    states = [factories.fresh_case(case).state for case in (second, third)]
    assert states == [CaseState.CLAIMED, CaseState.QUEUED]


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_who_ask_at_once_get_two_cases(people, hip):
    for _ in range(2):
        disputed(people, hip)
    both = [people["supervisor"], people["supervisor", 2]]
    results = at_once(
        2, lambda place: claims.claim_next(both[place], ReviewCase.objects.filter(state="queued"))
    )
    assert len({case.pk for case in results}) == 2
    assert set(holders()) == {person.pk for person in both}


def test_where_others_are_always_faster_one_is_told_to_try_again(people, hip):
    case = disputed(people, hip)
    cases.claim(people["supervisor", 2], case)
    # As if each case were taken between the look at the list and the claim.
    with pytest.raises(Conflict, match="Others are claiming the same cases at this moment"):
        claims.claim_next(people["supervisor"], ReviewCase.objects.all())
    assert holders() == [people["supervisor", 2].pk]


# --- Given to a person.


def test_a_case_is_given_out_of_the_queue_and_from_hand_to_hand(people, hip):
    case = disputed(people, hip)
    one, other = people["supervisor"], people["supervisor", 2]
    claims.hand_over(one, case, one, "Mine.")
    claims.hand_over(other, factories.fresh_case(case), other, "She is away.")
    assert factories.fresh_case(case).holder == other
    event = AuditEvent.objects.filter(event="case.handed_over").latest("sequence")
    assert event.before == {"held by": one.name}
    assert event.after == {"service": 1, "held by": other.name}
    assert event.reason == "She is away."


def test_nobody_is_given_what_they_coded_or_may_not_rule_on(people, hip):
    case = disputed(people, hip)
    for person in (people["coder"], people["auditor"]):
        with pytest.raises(ValidationError) as refusal:
            claims.hand_over(people["supervisor"], case, person, "You do it.")
        assert refusal.value.message_dict == {
            "to": [f"{person.name} may not rule on this case. Choose another supervisor."]
        }
    with pytest.raises(NotAllowed, match="may not give review cases to supervisors"):
        claims.hand_over(people["coder"], case, people["supervisor"], "You do it.")
    assert holders() == [None]


def test_nobody_chooses_who_judges_their_own_work_or_an_objection_to_their_ruling(people, hip):
    case, other = disputed(people, hip), people["supervisor", 2]
    people["coder"].groups.add(*other.groups.all())
    both = User.objects.get(pk=case.coder_id)
    with pytest.raises(NotAllowed, match="You coded this case"):
        claims.hand_over(both, case, other, "You do it.")
    factories.rule(people["supervisor"], case)
    objection = second_looks.rebut(both, factories.fresh_case(case), "No.")
    with pytest.raises(NotAllowed, match="The objection is to your ruling"):
        claims.hand_over(people["supervisor"], objection, other, "You do it.")


def test_an_objection_is_not_given_to_whoever_made_the_ruling(people, hip):
    case = disputed(people, hip)
    factories.rule(people["supervisor"], case, "rules_upheld")
    rebuttal = second_looks.rebut(people["coder"], factories.fresh_case(case), "No.")
    assert list(claims.judges_of(rebuttal)) == []
    assert list(claims.judges_of(disputed(people, hip))) == [people["supervisor"]]


def test_a_case_that_came_to_somebody_else_meanwhile_is_not_given(people, hip):
    case = disputed(people, hip)
    cases.claim(people["supervisor"], case)
    with pytest.raises(Conflict, match=people["supervisor"].name):
        claims.hand_over(people["supervisor", 2], case, people["supervisor", 2], "Mine.")
    assert holders() == [people["supervisor"].pk]


def test_whoever_holds_the_fewest_cases_stands_first(people, hip, supervisor):
    busy, idle = people["supervisor", 2], people["supervisor", 3]
    cases.claim(busy, disputed(people, hip))
    case = disputed(people, hip)
    page = supervisor.get(reverse("hand-over", args=[case.public_id])).content.decode()
    assert page.index(f"{idle.name}, holds 0") < page.index(f"{busy.name}, holds 1")
    form = {"idempotency_key": uuid.uuid4(), "to": idle.pk, "reason": "By load."}
    answer = supervisor.post(reverse("hand-over", args=[case.public_id]), form, follow=True)
    assert f"{idle.name} has the case." in answer.content.decode()


def test_whoever_has_the_right_by_two_roles_holds_each_case_once(people, hip):
    twice = people["supervisor", 2]
    second_role = Group.objects.create(name="head of the desk")
    second_role.permissions.set(Group.objects.get(name="supervisor").permissions.all())
    twice.groups.add(second_role)
    cases.claim(twice, disputed(people, hip))
    [judge] = claims.judges_of(disputed(people, hip))
    assert (judge, judge.held) == (twice, 1)


# --- Lapsed.


def held_for(case, **span):
    ReviewCase.objects.filter(pk=case.pk).update(held_since=timezone.now() - timedelta(**span))


def test_a_claim_lapses_after_its_time_with_a_line_in_the_time_line(people, hip, settings):
    old, new = disputed(people, hip), disputed(people, hip)
    for case in (old, new):
        cases.claim(people["supervisor"], case)
    held_for(old, hours=settings.CLAIM_HOURS + 1)
    assert claims.lapse_claims() == "1 claims lapsed"
    assert holders() == [None, people["supervisor"].pk]
    event = AuditEvent.objects.get(event="case.lapsed")
    assert (event.encounter, event.before) == (
        old.service.encounter.public_id,
        {"held by": people["supervisor"].name},
    )
    assert (event.actor, event.after) == (None, {"service": 1})
    assert claims.lapse_claims() == "0 claims lapsed"


def test_the_cases_of_whoever_left_come_back_at_once(people, hip):
    case = disputed(people, hip)
    gone = people["supervisor"]
    cases.claim(gone, case)
    gone.is_active = False
    gone.save()
    claims.lapse_claims()
    assert factories.fresh_case(case).state == CaseState.QUEUED


def test_what_its_holder_ruled_on_while_claims_were_looked_at_stays_with_them(
    people, hip, settings
):
    case = disputed(people, hip)
    factories.rule(people["supervisor"], case)
    held_for(case, hours=settings.CLAIM_HOURS + 1)
    is_too_long = Q(held_since__lt=timezone.now() - timedelta(hours=settings.CLAIM_HOURS))
    assert not claims._lapse(case.pk, is_too_long)
    assert factories.fresh_case(case).state == CaseState.RESOLVED
    assert not AuditEvent.objects.filter(event="case.lapsed").exists()


def test_a_ruling_on_a_lapsed_claim_is_refused(people, hip, settings):
    case = disputed(people, hip)
    cases.claim(people["supervisor"], case)
    held_for(case, hours=settings.CLAIM_HOURS + 1)
    claims.lapse_claims()
    with pytest.raises(Conflict, match="You do not hold this case"):
        cases.release(people["supervisor"], case)
