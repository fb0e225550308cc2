"""Rows of the registers for tests, as they come in: with an encounter that names them."""

from coding.actions import encounters
from coding.models import Encounter, Patient, Payer, Provider
from tests import factories


def encounter(people: factories.People, **values: object) -> Encounter:
    """A stored encounter of the system *his*; who is named in it has rows."""
    return encounters.enter(people["coder"], factories.record(**values), source="his")


def patient(people: factories.People, reference: str, **values: object) -> Patient:
    """A patient who came with an encounter."""
    return encounter(people, patient_reference=reference, **values).patient


def provider(people: factories.People, name: str) -> Provider:
    """A provider who came with an encounter."""
    return encounter(people, provider=name).registered_provider


def payer(people: factories.People, name: str) -> Payer:
    """A payer who came with an encounter."""
    return encounter(people, payer=name).registered_payer
