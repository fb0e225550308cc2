"""Whatever form is sent in whatever state of a visit: it acts, or says in words why not, and never falls over."""

import uuid
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import resolve, reverse

from coding.actions import encounters
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, Service
from reviews.actions import cases, decisions, queries, second_looks, services, voiding
from reviews.actions.standing import state_of
from reviews.models import ProviderQuery, ReviewCase, RulingKind
from tests import factories

HIP_LINE = ServiceLineRecord("27256", ("LT",))
WHY = "For the test."


def untouched(people, service):
    """A visit that nobody looked at."""


def answered(people, service):
    factories.answer(people["coder"], service, factories.PAVLIK)


def final(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)


def queued(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())


def claimed(people, service):
    queued(people, service)
    cases.claim(people["supervisor"], factories.case_of(service))


def returned(people, service):
    claimed(people, service)
    second_looks.return_to_coder(people["supervisor"], factories.case_of(service), WHY)


def ruled(people, service, kind=RulingKind.RULES_UPHELD):
    queued(people, service)
    factories.rule(people["supervisor"], factories.case_of(service), kind)


def rebutted(people, service):
    ruled(people, service)
    second_looks.rebut(people["coder"], factories.case_of(service), WHY)


def ruled_twice(people, service):
    rebutted(people, service)
    factories.rule(people["supervisor", 2], factories.case_of(service))


def reopened(people, service):
    ruled(people, service)
    second_looks.reopen(people["supervisor"], factories.case_of(service).ruling, WHY)


def asked(people, service):
    ruled(people, service, RulingKind.PROVIDER_QUERY)


def closed(people, service):
    asked(people, service)
    queries.close(people["supervisor"], ProviderQuery.objects.get(service=service), WHY)


def taken_back(people, service):
    queued(people, service)
    decisions.take_back(people["coder"], factories.service_of(service))


def moved_out(people, service):
    services.move(people["coder"], service, None, WHY)


def voided(people, service):
    queued(people, service)
    voiding.void(people["supervisor"], service.encounter, WHY)


STATES = (
    untouched,
    answered,
    final,
    queued,
    claimed,
    returned,
    ruled,
    rebutted,
    ruled_twice,
    reopened,
    asked,
    closed,
    taken_back,
    moved_out,
    voided,
)


def forms(hip):
    """Every form that a visit's pages send: whom it is sent by, its address, what it is about, and plausible fields."""
    why = {"reason": WHY}
    ruling = {**why, "kind": "coder_upheld", "revision": 1, "units": 1}
    decision = {**why, "seen": "", "revision": 1, "units": 1}
    provider = {"answer": "No.", "provider": "Dr. Falk", "answered_on": date.today().isoformat()}
    return [
        ("coder", "code", Service, {"fact": "treatment", "value": "closed", "revision": 1}),
        ("coder", "code", Service, {"fact": "treatment", "change": "yes"}),
        ("coder", "code", Service, {"fact": "no such fact", "value": "x", "revision": 1}),
        *(
            (
                "coder",
                "code",
                Service,
                {**decision, "choice": choice, "code": "27257", "modifiers": "LT"},
            )
            for choice in (
                "accept",
                "keep",
                "other_code",
                "nothing",
                "provider_query",
                "supervisor_review",
            )
        ),
        ("coder", "take-back", Service, {}),
        ("coder", "renew-version", Service, {}),
        ("coder", "move-service", Service, {**why, "to": "none"}),
        ("coder", "move-service", Service, {**why, "to": hip.rule_set_id}),
        ("coder", "move-service", Service, {**why, "to": "withdraw"}),
        ("coder", "leave-family", Service, {}),
        ("coder", "assign", Encounter, {"take": "yes"}),
        ("coder", "assign", Encounter, {"take": "no"}),
        ("coder", "add-service", Encounter, {"rule_set": hip.rule_set_id}),
        ("coder", "report-nothing", Encounter, why),
        ("coder", "correct-encounter", Encounter, {"revision": 1, "note": "Another note."}),
        ("coder", "void-encounter", Encounter, why),
        ("supervisor", "void-encounter", Encounter, why),
        ("supervisor", "export-report", Encounter, {}),
        ("supervisor", "claim", ReviewCase, {}),
        ("supervisor", "claim", ReviewCase, {"release": "yes"}),
        ("supervisor", "return-case", ReviewCase, why),
        ("supervisor", "reopen-case", ReviewCase, why),
        *(
            ("supervisor", "case", ReviewCase, {**ruling, "kind": kind, "code": "27257"})
            for kind in (
                "rules_upheld",
                "coder_upheld",
                "other_code",
                "neither",
                "rule_defect",
                "provider_query",
            )
        ),
        ("coder", "rebut", ReviewCase, why),
        ("coder", "acknowledge", ReviewCase, {}),
        ("supervisor", "query", ProviderQuery, provider),
        ("supervisor", "close-query", ProviderQuery, why),
    ]


@pytest.fixture(scope="module")
def opened():
    """Which pages were opened from which forms: to open one takes longer than to send the form."""
    return set()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_whatever_form_is_sent_it_acts_or_is_refused_in_words(people, hip, client, state, opened):
    visit = encounters.enter(people["coder"], factories.record(service_lines=(HIP_LINE,)))
    state(people, factories.service_of(visit))
    client.force_login(people["coder"])
    seen = {service.pk: _seen(client, service) for service in _subjects(visit, Service)}
    for role, name, model, data in forms(hip):
        client.force_login(people[role])
        with transaction.atomic():
            for address, form in _send(client, name, _subjects(visit, model), data, seen):
                _opens(client, address, form, opened)
            _agrees(visit)
            transaction.set_rollback(True)


def _subjects(visit, model):
    """What a form may be about: all rows of the visit, those that are over too."""
    paths = {Encounter: "pk", Service: "encounter"}
    return list(model.objects.filter(**{paths.get(model, "service__encounter"): visit.pk}))


def _send(client, name, subjects, data, seen):
    """Sends a form about each subject; yields the address that it leads to, with what form it was."""
    for subject in subjects:
        sent = {"idempotency_key": uuid.uuid4(), **data}
        if isinstance(subject, Service) and data.get("choice") and subject.suggestion:
            sent["seen"] = seen[subject.pk]
        if isinstance(subject, ReviewCase):
            sent["suggestion"] = subject.suggestion_id or ""
        response = client.post(reverse(name, args=[subject.public_id]), sent)
        assert response.status_code in (200, 302, 403, 409, 422), (name, data)
        if response.status_code == 302:
            yield response.url, (name, data.get("choice"), data.get("kind"))


def _opens(client, address, form, opened):
    """Where a form leads to is there; it is opened once for each form."""
    page = resolve(urlsplit(address).path).url_name
    if (form, page) in opened:
        return
    opened.add((form, page))
    assert client.get(address).status_code in (200, 302, 409), form


def _seen(client, service):
    page = client.get(service.get_absolute_url())
    form = page.context.get("decision_form") if page.context else None
    return form.initial["seen"] if form else ""


def _agrees(visit):
    """The visit stands where its services stand, each line has one of them, and open cases are those in review."""
    visit.refresh_from_db()
    if visit.state == "void":
        assert set(visit.services.values_list("state", flat=True)) == {"withdrawn"}
        return
    standing = Service.objects.standing().filter(encounter=visit)
    assert visit.state == state_of(set(standing.values_list("state", flat=True)))
    assert set(visit.service_lines.standing().values_list("service", flat=True)) <= set(
        standing.values_list("pk", flat=True)
    )
    for service in standing:
        open_cases = service.review_cases.filter(state__in=("queued", "claimed")).count()
        open_queries = ProviderQuery.objects.filter(service=service, state="open").count()
        finals = service.final_codes.filter(superseded=False).count()
        assert (service.state == "in_review") is (open_cases == 1)
        assert (service.state == "awaiting_provider") is (open_queries == 1)
        assert finals == 1 or service.state != "final"
