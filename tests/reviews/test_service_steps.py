"""From where to where verbs lead services, cases, queries and defects, and whose they are, as one writes it down."""

import pytest

from coding.actions.errors import Conflict
from coding.models import Service, ServiceState
from reviews.actions.standing import Step
from reviews.actions.standing import _check as check
from reviews.roles import ROLES
from reviews.transitions import CASE, DEFECT, QUERY, SERVICE

ROLES_OF_NOBODY = "nobody by a right of their own"
OF_SERVICES = """
decide: to_code > final, in_review: coder
take back: in_review, final > to_code: coder
withdraw: to_code > withdrawn: coder
join: to_code > withdrawn: coder
rule: in_review > final, awaiting_provider: supervisor
return: in_review > to_code: supervisor
rebut: final > in_review: coder
reopen: final > in_review: supervisor
override check: final > in_review: coder
recode: final > in_review: coder
answer query: awaiting_provider > to_code: supervisor
close query: awaiting_provider > to_code: supervisor
correct: final, awaiting_provider > in_review, to_code: coder
look again: final > in_review: nobody by a right of their own
apply run: final > in_review: supervisor
void: to_code, in_review, awaiting_provider, final > withdrawn: supervisor
"""
OF_CASES = """
claim: queued > claimed: supervisor
release: claimed > queued: supervisor
hand over: queued, claimed > claimed: supervisor
lapse: claimed > queued: nobody by a right of their own
rule: claimed, queued > resolved: supervisor
return: claimed > returned: supervisor
take back: queued > taken_back: coder
close: queued, claimed > closed: supervisor
acknowledge: resolved > acknowledged: nobody by a right of their own
"""
OF_QUERIES = """
answer: open > answered: supervisor
close: open > closed: supervisor
"""
OF_DEFECTS = """
close: open > closed: rule author, rule approver
"""


def in_words(transition):
    start, end = ", ".join(transition.start), ", ".join(transition.end)
    roles = [role for role, given in ROLES.items() if transition.permission in given]
    whose = ", ".join(roles) or ROLES_OF_NOBODY
    return f"{transition.verb}: {start} > {end}: {whose}"


@pytest.mark.parametrize(
    ("table", "written"),
    [(SERVICE, OF_SERVICES), (CASE, OF_CASES), (QUERY, OF_QUERIES), (DEFECT, OF_DEFECTS)],
    ids=["services", "cases", "queries", "defects"],
)
def test_verbs_lead_where_it_is_written_and_belong_to_whom(table, written):
    assert [in_words(transition) for transition in table] == written.strip().splitlines()


@pytest.mark.parametrize("transition", SERVICE, ids=lambda transition: transition.verb)
def test_a_service_goes_the_way_of_its_verb_from_there_and_from_nowhere_else(transition):
    for state in ServiceState:
        step = Step(Service(state=state), transition.end[0])
        if state in transition.start:
            check(transition.verb, step)
            continue
        with pytest.raises(Conflict) as refusal:
            check(transition.verb, step)
        assert str(refusal.value) == (
            f"You cannot {transition.verb} this: it is {state.label.lower()} by now. "
            "Reload it to see where it stands."
        )


@pytest.mark.parametrize("transition", SERVICE, ids=lambda transition: transition.verb)
def test_a_verb_leads_to_its_own_ends_and_to_no_other(transition):
    for end in ServiceState:
        step = Step(Service(state=transition.start[0]), end)
        if end in transition.end:
            check(transition.verb, step)
            continue
        with pytest.raises(Conflict, match=f"You cannot {transition.verb} this"):
            check(transition.verb, step)
