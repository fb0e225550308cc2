"""Which codes stand on which services: kept beside them, so that lists are narrowed to a code at once."""

from collections.abc import Iterable
from typing import NamedTuple

from coding.models import Service, ServiceCode
from coding.work import bulk


class Kept(NamedTuple):
    """A code of a service, with its encounter, both by their ids."""

    encounter: int
    service: int
    code: str


def keep(codes: Iterable[Kept]) -> None:
    """Take down codes that were submitted, suggested, decided or made final, each once. Part of the verbs that do."""
    named = {kept for kept in codes if kept.code}
    bulk.insert_missing(ServiceCode, ("encounter_id", "service_id", "code"), sorted(named))


def keep_of(service: Service, codes: Iterable[str] = ()) -> None:
    """Take down the code that is suggested for a service, and others of it."""
    own = list(codes)
    if service.suggestion:
        own.append(service.suggestion.code)
    keep(Kept(service.encounter_id, service.pk, code) for code in own)
