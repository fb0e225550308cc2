"""What a claim knows beside its lines: what was reported for the patient before, and the payer's terms that day."""

from datetime import date

from coding.actions import registers
from coding.actions.registers import Affiliation, Terms
from coding.claim import EarlierLine
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, PayerKind, Provider
from reviews.actions import decisions
from reviews.actions.decisions import Judgement
from reviews.claims.claim import claim_of
from reviews.models import Choice
from tests import factories
from tests.reviews import claims

DAY, EARLIER = date(2026, 5, 4), date(2026, 4, 13)
LINES = (ServiceLineRecord("11111", ("59",)), ServiceLineRecord("22222"))


def seen(people, day, **values):
    """A visit of one patient whose lines are final, but for what the second one is left as."""
    visit = factories.visit(
        people, *LINES, date_of_service=day, birth_date=date(1980, 1, 1), **values
    )
    return Encounter.objects.get(pk=visit.pk)


def kept(people, visit, choice=Choice.KEEP):
    for service in visit.services.order_by("number"):
        decisions.decide(people["coder"], service, Judgement(choice, reason="Not done."))


def claim(visit):
    return claim_of(visit, (), ())


def test_what_is_final_of_earlier_days_is_told_with_its_day_and_modifiers(people):
    claims.load_tables()
    before, now = seen(people, EARLIER), seen(people, DAY)
    first, _ = before.services.order_by("number")
    decisions.decide(people["coder"], first, Judgement(Choice.KEEP))
    # What nobody decided yet was not reported, and the provider's group nobody knows.
    assert claim(now).history == (EarlierLine(EARLIER, "11111", ("59",), same_group=False),)


def test_what_is_not_to_be_reported_is_no_earlier_line(people, settings):
    settings.REVIEW_CHANGED_LINES = False
    claims.load_tables()
    before, now = seen(people, EARLIER), seen(people, DAY)
    kept(people, before, Choice.NOTHING)
    assert claim(now).history == ()


def test_what_may_be_another_patient_s_is_left_out(people):
    claims.load_tables()
    before = seen(people, EARLIER)
    kept(people, before)
    now = factories.visit(people, *LINES, date_of_service=DAY, birth_date=date(1950, 5, 5))
    assert claim(Encounter.objects.get(pk=now.pk)).history == ()


def test_of_a_patient_whom_nobody_knows_there_is_no_history_rather_than_an_empty_one(people):
    claims.load_tables()
    now = seen(people, DAY)
    assert claim(now).history == ()
    now.patient_id = None
    assert claim(now).history is None


def test_the_same_group_is_the_one_that_the_register_tells(people):
    claims.load_tables()
    before, now = seen(people, EARLIER), seen(people, DAY)
    kept(people, before)
    provider = Provider.objects.get(name="Dr. Falk")
    affiliation = Affiliation(date(2020, 1, 1), "Hip Centre", "Orthopedics")
    registers.complete_provider(
        people["administrator"], provider, provider.edition, "", affiliation
    )
    assert {line.same_group for line in claim(now).history} == {True}


def test_the_payer_s_kind_and_options_are_those_of_the_day(people):
    visit = seen(people, DAY, payer="Northern")
    assert (claim(visit).payer, claim(visit).options) == ("", {})
    payer = visit.registered_payer
    registers.complete_payer(
        people["administrator"],
        payer,
        payer.edition,
        Terms(date(2026, 5, 1), PayerKind.MEDICARE, {"glue": "yes"}),
    )
    assert (claim(visit).payer, claim(visit).options) == (PayerKind.MEDICARE, {"glue": "yes"})
    visit.date_of_service = date(2026, 4, 30)
    assert (claim(visit).payer, claim(visit).options) == ("", {})


def test_a_claim_says_where_and_when_it_was(people):
    said = claim(seen(people, DAY))
    assert (said.day, said.place, said.payer) == (DAY, "11", "")
