"""What a person is told once something is done, and where that leads: the words after each verb on services and cases.

The views are asked straight; their pages have files of their own.
"""

import uuid
from datetime import date

import pytest

from coding.intake.records import ServiceLineRecord
from coding.models import Service
from coding.views import uploads
from reviews.actions import cases
from reviews.models import CaseComment, RulingKind, SecondCoding
from reviews.views import (
    case_reasons,
    claims,
    coding,
    holds,
    my_cases,
    precedents,
    runs,
    second_codings,
    services,
    typed,
)
from reviews.views import cases as cases_views
from reviews.views import comments as comment_views
from tests import factories, small_rules
from tests.straight import asked, sent, told

AWAKE = {"held": "yes", "drug": "none"}
DAY = date(2026, 5, 4)


def standing(people):
    """A family in force, one more, a disputed case, and a visit with two lines of the family."""
    small = small_rules.published(people)
    small_rules.published(people, rules=small_rules.another())
    visit = factories.visit(
        people,
        ServiceLineRecord("27256"),
        ServiceLineRecord("27257"),
        external_id="V-1",
        date_of_service=DAY,
    )
    service = factories.service(people, small, external_id="V-2", date_of_service=DAY)
    decision = factories.decide(people["coder"], service, AWAKE, factories.insists())
    return visit, factories.case_of(decision)


@pytest.fixture
def coder(people, standing):
    return people["coder"]


@pytest.fixture
def supervisor(people, standing):
    return people["supervisor"]


@pytest.fixture
def visit(standing):
    return standing[0]


@pytest.fixture
def case(standing):
    return factories.fresh_case(standing[1])


@pytest.fixture
def service(visit):
    return Service.objects.filter(encounter=visit).order_by("number")[0]


def done(view, person, key, **data):
    """What a person is told who sent a form, and where they are led."""
    request = sent(person, idempotency_key=uuid.uuid4(), **data)
    response = view(request, key)
    assert response.status_code == 302, getattr(response, "context_data", response.content)
    return told(request), response.url


# A service.


def test_a_service_on_hold_is_named_by_its_encounter_and_is_let_go(coder, visit, service):
    address = visit.get_absolute_url()
    held = done(holds.hold, coder, service.public_id, reason="Waiting for the report.")
    assert held == (["V-1 is on hold."], address)

    released = done(holds.release, coder, service.public_id)
    assert released[0] == ["It is on hold no longer."]


def test_a_split_names_the_new_service_and_a_join_both(coder, visit, service):
    number = visit.services.count() + 1
    said, address = done(services.split_service, coder, service.public_id, reason="Two of them.")
    assert said == [f"Service {number} is open. Its form offers the answers of the first."]
    assert address == visit.get_absolute_url()

    second = visit.services.get(number=number)
    joined = done(
        services.join_service, coder, second.public_id, into=service.number, reason="It is one."
    )
    assert joined[0] == [f"Service {number} is joined to service {service.number}."]


def test_a_service_may_be_opened_that_no_line_asked_for(coder, visit):
    rule_set = small_rules.rule_set("other")
    said, address = done(services.add_service, coder, visit.public_id, rule_set=rule_set.pk)
    added = visit.services.get(rule_set=rule_set)
    assert (said, address) == ([], added.get_absolute_url())


def test_a_proposal_that_names_nothing_does_nothing_and_says_so(coder, visit):
    assert done(services.settle_proposal, coder, visit.public_id, verb="confirm") == (
        ["Nothing was done: choose a proposed service, and whether to open or dismiss it."],
        visit.get_absolute_url(),
    )


# An encounter.


def test_a_void_encounter_is_named_and_leads_to_its_page(coder, visit):
    said = done(typed.void_encounter, coder, visit.public_id, reason="Entered twice.")
    assert said == (["V-1 is void."], visit.get_absolute_url())


# A case.


def test_a_comment_says_who_finds_it_and_is_marked_as_done(coder, supervisor, case):
    key = case.public_id
    assert done(comment_views.case_comments, coder, key, text="Look at page 2.") == (
        ["The comment is kept."],
        case.get_absolute_url(),
    )
    said, _ = done(comment_views.case_comments, supervisor, key, text="Which page?", acts=coder.pk)
    assert said == [f"The comment is kept. {coder.name} finds it among their cases."]

    comment = CaseComment.objects.get(acts=coder)
    assert done(comment_views.comment_done, coder, key, comment=comment.pk) == (
        ["Marked as done."],
        f"/cases/{key}/comments/",
    )


def test_a_returned_case_is_back_with_its_coder(supervisor, case):
    cases.claim(supervisor, case)
    assert done(case_reasons.return_case, supervisor, case.public_id, reason="Look again.") == (
        ["The case is back with its coder."],
        case.get_absolute_url(),
    )


def test_an_objection_goes_to_another_supervisor_and_what_was_typed_for_it_is_forgotten(
    coder, supervisor, case
):
    factories.rule(supervisor, case, RulingKind.RULES_UPHELD)
    said, address = done(case_reasons.rebut, coder, case.public_id, reason="Page 2 says so.")
    assert said == ["Your objection is in the queue. Another supervisor decides it."]
    assert address == case.service.encounter.get_absolute_url()


def test_a_case_is_handed_over_by_name(people, supervisor, case):
    other = people["supervisor", 2]
    cases.claim(supervisor, case)
    assert done(claims.hand_over, supervisor, case.public_id, to=other.pk, reason="I am away.") == (
        [f"{other.name} has the case."],
        "/queue/",
    )


def test_rulings_that_were_read_are_counted(coder, supervisor, case):
    def read(*ids):
        request = sent(coder, case=list(ids))
        response = my_cases.read_all(request)
        return told(request), response.url

    factories.rule(supervisor, case, RulingKind.CODER_UPHELD)
    assert read(str(case.public_id)) == (["1 ruling marked as read."], "/cases/")
    assert read(str(case.public_id)) == (["0 rulings marked as read."], "/cases/")
    assert read("none of ours") == (["0 rulings marked as read."], "/cases/")


def test_a_ruling_becomes_a_precedent_by_name_and_without_one_there_is_none(supervisor, case):
    request = asked(supervisor)
    response = precedents.make_precedent(request, case.public_id)
    assert response.url == case.get_absolute_url()
    assert told(request) == [
        "There is no ruling on answers of a rule set here: nothing to keep as a precedent."
    ]

    factories.rule(supervisor, case, RulingKind.CODER_UPHELD)
    said, address = done(
        precedents.make_precedent,
        supervisor,
        case.public_id,
        deciding=["held"],
        title="Held awake is one.",
        basis="Policy of 2026.",
    )
    assert said == ["The ruling is precedent P1 of Small."]
    assert address == case.get_absolute_url()


def test_a_second_coder_is_asked_by_name_and_told_that_their_coding_is_kept(
    people, supervisor, case
):
    other = people["coder", 2]
    said, _ = done(second_codings.ask_second, supervisor, case.public_id, coder=other.pk)
    assert said == [f"{other.name} is asked to code it blind."]

    second = SecondCoding.objects.get()
    said, address = done(
        second_codings.second_coding, other, second.public_id, code="27256", modifiers="LT"
    )
    assert (said, address) == (["Your coding is kept."], "/cases/")


# A run.


def test_each_step_of_a_run_says_what_goes_on(people, supervisor):
    version = small_rules.rule_set().versions.get()
    planned = factories.planned(people, version)

    def step(view):
        return done(view, supervisor, planned.public_id)

    address = planned.get_absolute_url()
    assert step(runs.launch) == (["The run begins."], address)
    assert step(runs.pause) == (
        ["The run is paused. Nothing is written until it is resumed."],
        address,
    )
    assert step(runs.resume) == (["The run goes on."], address)
    assert step(runs.cancel) == (["The run is cancelled. Nothing more is written."], address)


# Addresses of before.


def test_where_an_encounter_was_coded_before_it_had_services_leads_to_its_first_open_one(
    people, coder, visit, service
):
    assert old_code(coder, visit) == coding.entrance_of(service)
    assert old_code(people["auditor"], visit) == visit.get_absolute_url()
    visit.services.update(state="withdrawn")
    assert old_code(coder, visit) == visit.get_absolute_url()


def old_code(person, visit):
    return coding.old_address(asked(person), visit.public_id).url


def test_where_a_ruling_was_sent_and_columns_were_matched_leads_to_the_page_that_takes_them(
    supervisor, case
):
    assert cases_views.old_address(sent(supervisor), case.public_id).url == case.get_absolute_url()
    key = uuid.uuid4()
    assert uploads.old_address(sent(supervisor), key).url == f"/uploads/{key}/"
