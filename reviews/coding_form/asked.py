"""The facts that a provider is asked, by the version that the service is coded under."""

from collections.abc import Iterable

from coding.models import Service
from reviews.coding_form.evidence import facts_to_ask, version_read_with
from reviews.coding_form.guided import table_of
from reviews.models import ProviderQuery, ReviewCase
from reviews.queries import drafting


def asked_facts(query: ProviderQuery) -> list[drafting.AskedFact]:
    """What a query is about, with the options of each fact."""
    return _asked(query.service, query.facts)


def drafted(case: ReviewCase) -> str:
    """A neutral question about what a case leaves open; empty where nothing is."""
    return drafting.draft(_asked(case.service, facts_to_ask(case)))


def _asked(service: Service, facts: Iterable[str]) -> list[drafting.AskedFact]:
    version = version_read_with(service)
    if version is None:
        return []
    by_key = table_of(version).fact_by_key
    return drafting.asked(by_key[key] for key in facts if key in by_key)
