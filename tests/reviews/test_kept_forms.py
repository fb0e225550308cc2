"""A decision and a ruling that were typed and not sent: there when the page is opened again, gone when it is taken."""

import uuid

import pytest
from django.urls import reverse

from coding.actions import kept_texts
from coding.models import AuditEvent, KeptText
from reviews.models import RulingKind
from tests import factories

TYPED = "The note calls it a reduction."


@pytest.fixture
def service(people, hip):
    """A service with all its questions answered and nothing decided."""
    service = factories.service(people, hip)
    factories.answer(people["coder"], service, factories.PAVLIK)
    return factories.service_of(service)


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def kept_name(client, service):
    """The name under which the page itself says that its form is kept."""
    return client.get(service.get_absolute_url()).context["kept"]


def keep(client, name, **typed):
    return client.post(reverse("keep-text"), {"form": name, **typed})


def decision_form(client, service):
    return client.get(reverse("code", args=[service.public_id])).context["decision_form"]


def decision_data(client, service, **data):
    initial = decision_form(client, service).initial
    return {name: initial[name] for name in ("seen", "revision", "idempotency_key")} | {
        "units": 1,
        **data,
    }


def test_what_a_coder_typed_stands_there_when_the_page_is_opened_again(coder, service):
    keep(coder, kept_name(coder, service), code="27257", reason=TYPED)
    form = decision_form(coder, service)
    assert (form.initial["reason"], form.initial["code"]) == (TYPED, "27257")
    assert TYPED in coder.get(service.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["choice", "kind", "confirmed"])
def test_a_choice_is_made_again_on_what_the_page_shows_now(people, coder, service, name):
    form = kept_name(coder, service)
    keep(coder, form, reason=TYPED, **{name: "accept"})
    assert KeptText.objects.get().fields == {"reason": TYPED}
    kept_texts.keep(people["coder"], form, {"reason": TYPED, name: "accept"})
    assert name not in decision_form(coder, service).initial


def test_another_coder_does_not_find_it_on_the_same_page(people, client, coder, service):
    keep(coder, kept_name(coder, service), reason=TYPED)
    client.force_login(people["coder", 2])
    assert TYPED not in client.get(service.get_absolute_url()).content.decode()


def test_it_is_forgotten_when_the_decision_is_taken(coder, service):
    keep(coder, kept_name(coder, service), reason=TYPED)
    coder.post(service.get_absolute_url(), decision_data(coder, service, choice="accept"))
    assert not KeptText.objects.exists()


def test_it_stays_while_the_decision_is_refused(coder, service):
    keep(coder, kept_name(coder, service), reason=TYPED)
    data = decision_data(coder, service, choice="other_code", other_code="", reason=TYPED)
    assert coder.post(service.get_absolute_url(), data).status_code == 422
    assert KeptText.objects.get().fields == {"reason": TYPED}


def test_it_is_forgotten_when_the_ruling_is_taken_and_only_that_persons(people, client, service):
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    case = factories.case_of(service)
    client.force_login(people["supervisor"])
    client.post(reverse("claim", args=[case.public_id]))
    name = kept_name(client, case)
    keep(client, name, kind=RulingKind.CODER_UPHELD, reason=TYPED)
    kept_texts.keep(people["supervisor", 2], name, {"reason": "Another opinion."})
    form = client.get(case.get_absolute_url()).context["form"]
    assert form.initial["reason"] == TYPED
    hidden = {field: form.initial[field] for field in ("idempotency_key", "revision", "suggestion")}
    client.post(
        case.get_absolute_url(),
        {
            **hidden,
            "kind": RulingKind.CODER_UPHELD,
            "reason": TYPED,
            "units": 1,
            "author": kept_texts.author_token(people["supervisor"], name),
        },
    )
    assert [(kept.person, kept.form) for kept in KeptText.objects.all()] == [
        (people["supervisor", 2], name)
    ]


def test_what_the_page_itself_says_is_never_taken_from_what_was_kept(people, coder, service):
    stale = {"idempotency_key": str(uuid.uuid4()), "seen": "stale", "revision": "0"}
    name = kept_name(coder, service)
    keep(coder, name, reason=TYPED, **stale)
    assert KeptText.objects.get().fields == {"reason": TYPED}
    kept_texts.keep(people["coder"], name, {"reason": TYPED, **stale})
    initial = decision_form(coder, service).initial
    assert initial["reason"] == TYPED
    assert {field: str(initial[field]) for field in stale}.items().isdisjoint(stale.items())


def test_it_stands_in_no_audit_event(coder, service):
    before = AuditEvent.objects.count()
    keep(coder, f"decision:{service.public_id}", reason=TYPED)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    "form", ["", "decision", "decision:1", f"Decision:{uuid.UUID(int=1)}", "a:" + "-" * 37]
)
def test_a_form_with_another_name_is_refused(coder, form):
    assert keep(coder, form, reason=TYPED).status_code == 400
    assert not KeptText.objects.exists()


def test_more_than_a_form_holds_is_cut(people):
    person, form = people["coder"], f"decision:{uuid.UUID(int=1)}"
    many = {f"field{number}": "x" for number in range(kept_texts.MOST_FIELDS)}
    kept_texts.keep(person, form, {"note": "x" * (kept_texts.LONGEST + 1), **many})
    fields = kept_texts.kept(person, form)
    assert (len(fields), len(fields["note"])) == (kept_texts.MOST_FIELDS, kept_texts.LONGEST)


def test_the_character_nul_is_left_out(coder):
    assert keep(coder, f"decision:{uuid.UUID(int=1)}", **{"rea\0son": "a\0b"}).status_code == 204
    assert KeptText.objects.get().fields == {"reason": "ab"}
