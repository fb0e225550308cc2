"""Stored encounters for fault runs: distinct suggestions, one in a hundred of them bad, and one poisonous."""

import struct
from datetime import date

from bench.samples import hip_cases
from coding.decision import content_hash, facts_to_data, in_bands
from coding.models import Encounter, FactProfile, Service, Suggestion
from coding.rules import profiles, rulebook, suggesting

SERVED = date(2026, 5, 4)

BAD, POISON = "leeches", "poison"
ONE_BAD_IN = 100
# Suggestions in a chunk of a fault run.
CHUNK = 100
SEED = 7719


def store(version, count):
    """``count`` suggestions of a version with one to five encounters each.

    The answer of the bad ones is unknown to every version; that of the poisonous one is too, unless a worker of
    ``poisoned`` meets it. The poisonous one lies in the middle, among innocents.
    """
    table = rulebook.table_of(version.document)
    combinations = list(_distinct(table, count))
    numbers = profiles.number(
        version.rule_set, [pair for data in combinations for pair in data.items()]
    )
    stored = FactProfile.objects.bulk_create(
        FactProfile(
            rule_set=version.rule_set,
            facts=data,
            content_hash=content_hash(data),
            answers=profiles.pack(
                sorted(numbers[content_hash(list(pair))] for pair in data.items())
            ),
        )
        for data in combinations
    )
    suggestions = Suggestion.objects.bulk_create(_suggestions(version, stored), batch_size=500)
    _encounters(version, suggestions)


def numbers(packed):
    """The numbers that ``profiles.pack`` packed."""
    return struct.unpack(f"<{len(packed) // profiles.NUMBER_BYTES}I", packed)


def _distinct(table, count):
    """Combinations of answers as data, with bad ones among them."""
    seen = set()
    for case in hip_cases(table, 20 * count, SEED):
        data = facts_to_data(in_bands([table], case))
        if len(seen) == count // 2:
            data["treatment"] = POISON
        elif len(seen) % ONE_BAD_IN == ONE_BAD_IN - 1:
            data["treatment"] = BAD
        if content_hash(data) not in seen:
            seen.add(content_hash(data))
            yield data
        if len(seen) == count:
            return
    raise ValueError(f"The samples do not hold {count} distinct combinations.")


def _suggestions(version, stored):
    good = decision = None
    for profile in stored:
        if profile.facts["treatment"] in (BAD, POISON):
            suggestion = suggesting.unsaved_suggestion(good, version.document, decision)
            suggestion.profile = profile
            yield suggestion
        else:
            good, decision = profile, suggesting.decide_profile(profile, version.document)
            yield suggesting.unsaved_suggestion(good, version.document, decision)


def _encounters(version, suggestions):
    pairs = [
        (suggestion, copy) for n, suggestion in enumerate(suggestions) for copy in range(1 + n % 5)
    ]
    encounters = Encounter.objects.bulk_create(
        (
            Encounter(
                source="faults",
                external_id=f"F-{suggestion.pk}-{copy}",
                patient_reference=f"P-{suggestion.pk}",
                date_of_service=SERVED,
                place_of_service="11",
                provider="Dr. Falk",
                note="Left hip.",
            )
            for suggestion, copy in pairs
        ),
        batch_size=500,
    )
    Service.objects.bulk_create(
        (
            Service(
                encounter=encounter,
                number=1,
                rule_set=version.rule_set,
                day=SERVED,
                profile_id=suggestion.profile_id,
                suggestion=suggestion,
            )
            for encounter, (suggestion, _) in zip(encounters, pairs, strict=True)
        ),
        batch_size=500,
    )
