"""Stored encounters to measure with: a seeded stream of them, whose fact profiles repeat as they do in practice.

Which profile an encounter has follows a Pitman-Yor process (discount 0.58, strength 40): the first ones are all
different, later ones mostly repeat, and the number of distinct profiles grows as the number of encounters to the
power 0.58: about 23,000 for a million. ``uniform`` is the worst case instead: every encounter its own profile.
A profile's facts are those of ``samples.hip_cases``, all fourteen answered, drawn until they are new.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.db import connection

from bench import samples
from coding import rulesets
from coding.actions import rule_sets
from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    canonical_json,
    content_hash,
    facts_to_data,
    known,
)
from coding.evidence import Lexicon
from coding.models import FactProfile, Rule, RuleSet, RuleSetVersion, Suggestion, User
from coding.rules import profiles, suggesting

DISCOUNT, STRENGTH = 0.58, 40
CODERS = 50
FIRST_DAY = date(2026, 1, 1)
PAYERS = ("Northern Health", "State Medicaid", "Union Mutual", "Veterans", "Self-pay")
NOTE = "The hip was examined under fluoroscopy. Findings and treatment are described below. " * 8


class Row(NamedTuple):
    """What one encounter differs from the others in."""

    rule_set: int
    external_id: str
    served: date
    place: str
    payer: str
    coder: int
    suggestion: int
    profile: int
    version: int


class Stream:
    """The profiles of encounters, one after the other, as numbers from 0 on in the order of their first occurrence."""

    def __init__(self, seed: int, *, uniform: bool = False) -> None:
        self.random = random.Random(seed)
        self.uniform = uniform
        self.drawn: list[int] = []
        self.sizes: list[int] = []

    def draw(self, count: int) -> list[int]:
        """The next ``count`` encounters' profiles."""
        begin = len(self.drawn)
        for _ in range(count):
            self.drawn.append(self._next())
        return self.drawn[begin:]

    def _next(self) -> int:
        drawn, sizes, uniform = self.drawn, self.sizes, self.random.random
        if self.uniform or uniform() * (STRENGTH + len(drawn)) < STRENGTH + DISCOUNT * len(sizes):
            sizes.append(1)
            return len(sizes) - 1
        while True:
            profile = drawn[int(uniform() * len(drawn))]
            if uniform() * sizes[profile] >= DISCOUNT:
                sizes[profile] += 1
                return profile


class Department:
    """A rule set in force, coders, and their decided encounters, which grow by ``grow``."""

    def __init__(
        self, key: str, seed: int, *, uniform: bool = False, lexicon: Lexicon | None = None
    ) -> None:
        self.stream = Stream(seed, uniform=uniform)
        self.cases = _distinct_cases(seed)
        table = rulesets.shipped(samples.HIP)
        self.rule_set = RuleSet.objects.create(key=key, name=f"Bench {key}")
        self.author, self.approver = _person("rule author", key), _person("rule approver", key)
        self.supervisor = _person("supervisor", key)
        self.coders = [_person("coder", f"{key}{number}") for number in range(CODERS)]
        self.version = rule_sets.draft(self.author, self.rule_set, table, lexicon=lexicon)
        self.version.effective_from = FIRST_DAY
        self.version.save()
        rule_sets.submit(self.author, self.version)
        rule_sets.publish(self.approver, self.version)
        self.version.refresh_from_db()
        self.draft = self._draft_without_skin_traction()
        silences = (NOT_DOCUMENTED, CONFLICTING)
        every = [
            (fact.key, answer)
            for fact in table.facts
            for answer in (*map(known, fact.values()), *silences)
        ]
        self.numbers = profiles.number(
            self.rule_set, [(key, facts_to_data({key: value})[key]) for key, value in every]
        )
        self.suggestions: list[int] = []
        self.profiles: list[int] = []

    def _draft_without_skin_traction(self) -> RuleSetVersion:
        """One edited rule: skin traction goes to a supervisor."""
        draft = rule_sets.draft_from(self.author, self.version)
        for rule_id, old, new in (
            ("R32", "skin_traction, ", ""),
            ("R34", "skeletal", "skin_traction, skeletal"),
        ):
            rule = Rule.objects.get(version=draft, rule_id=rule_id)
            rule.conditions = rule.conditions.replace(old, new)
            rule.save()
        rule_sets.save(self.author, draft)
        draft.refresh_from_db()
        return draft

    def grow(self, count: int) -> None:
        """Add encounters, each decided as suggested and final."""
        begin, drawn = len(self.stream.drawn), self.stream.draw(count)
        self._add_profiles(len(self.stream.sizes) - len(self.suggestions))
        rows = (
            self.row(self.version, number, self.suggestions[profile], self.profiles[profile])
            for number, profile in enumerate(drawn, start=begin)
        )
        load(rows)

    def row(self, version: RuleSetVersion, number: int, suggestion: int, profile: int) -> Row:
        """One encounter, coded by a version; suggestion and profile by their ids."""
        return Row(
            version.rule_set.pk,
            f"{version.rule_set.key}-{number}",
            FIRST_DAY + timedelta(days=number * 7 % 365),
            ("11", "22")[number % 2],
            PAYERS[number % len(PAYERS)],
            self.coders[number % CODERS].pk,
            suggestion,
            profile,
            version.pk,
        )

    def _add_profiles(self, count: int) -> None:
        for start in range(0, count, 5000):
            profiles = FactProfile.objects.bulk_create(
                map(self._profile, islice(self.cases, min(5000, count - start)))
            )
            decided = (
                suggesting.unsaved_suggestion(
                    profile,
                    self.version.document,
                    suggesting.decide_profile(profile, self.version.document),
                )
                for profile in profiles
            )
            stored = Suggestion.objects.bulk_create(decided, batch_size=1000)
            self.profiles += [profile.pk for profile in profiles]
            self.suggestions += [suggestion.pk for suggestion in stored]

    def _profile(self, facts: dict[str, Any]) -> FactProfile:
        answers = sorted(self.numbers[content_hash([fact, value])] for fact, value in facts.items())
        hashed = content_hash(facts)
        return FactProfile(
            rule_set=self.rule_set, facts=facts, content_hash=hashed, answers=profiles.pack(answers)
        )


def _person(role: str, name: str) -> User:
    user = User.objects.create_user(
        f"{name}-{role}".replace(" ", "-"), first_name=name, last_name=role
    )
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


def _distinct_cases(seed: int) -> Iterator[dict[str, Any]]:
    """Endlessly many different combinations of answers, as data."""
    table = rulesets.shipped(samples.HIP)
    seen: set[str] = set()
    while True:
        seed += 1
        for case in samples.hip_cases(table, 10_000, seed):
            data = facts_to_data(case)
            text = canonical_json(data)
            if text not in seen:
                seen.add(text)
                yield data


# The rows of encounters, decisions and final codes are made in the database from one narrow table.
STATEMENTS = (
    f"""
    INSERT INTO coding_encounter (public_id, source, external_id, patient_reference, sex, name_sum, visit_authority,
        date_of_service, place_of_service, provider, payer, note, documents, content_hash, revision, state, received_at)
    SELECT {{uuid}}, 'bench', external_id, external_id, 'U', '', '', served, place, 'Dr. Falk', payer, '{NOTE}', '[]',
        '', 1, 'final', CURRENT_TIMESTAMP FROM bench_row
    """,
    """
    INSERT INTO coding_service (public_id, encounter_id, number, rule_set_id, day, payer, origin, state, assigned_to_id,
        round, version_id, profile_id, suggestion_id)
    SELECT {uuid}, e.id, 1, r.rule_set, r.served, r.payer, 'family',
        CASE WHEN s.outcome IN ('code', 'no_family_code') THEN 'final' ELSE 'in_review' END,
        r.coder, 1, r.version, r.profile, r.suggestion
    FROM bench_row r JOIN coding_encounter e ON e.external_id = r.external_id AND e.source = 'bench'
    JOIN coding_suggestion s ON s.id = r.suggestion
    """,
    """
    INSERT INTO reviews_codinground (service_id, number, reason, revision, opened_at, closed_at, ended)
    SELECT s.id, 1, 'initial', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'decided'
    FROM bench_row r JOIN coding_encounter e ON e.external_id = r.external_id AND e.source = 'bench'
    JOIN coding_service s ON s.encounter_id = e.id
    """,
    """
    INSERT INTO reviews_codingdecision (service_id, coding_round_id, round, suggestion_id, version_id, coder_id, choice,
        outcome, code, modifiers, further_lines, reported, units, diagnosis_codes, reason, agrees, decided_at)
    SELECT v.id, n.id, 1, s.id, r.version, r.coder, 'accept', s.outcome, s.code, s.modifiers, s.further_lines,
        s.reported, 1, '[]', '', {true}, CURRENT_TIMESTAMP
    FROM bench_row r JOIN coding_encounter e ON e.external_id = r.external_id AND e.source = 'bench'
    JOIN coding_service v ON v.encounter_id = e.id
    JOIN reviews_codinground n ON n.service_id = v.id AND n.number = 1
    JOIN coding_suggestion s ON s.id = r.suggestion
    """,
    """
    INSERT INTO reviews_finalcode (service_id, decision_id, outcome, code, modifiers, further_lines, reported, units,
        diagnosis_codes, superseded, finalised_at)
    SELECT d.service_id, d.id, d.outcome, d.code, d.modifiers, d.further_lines, d.reported, 1, '[]', {false},
        CURRENT_TIMESTAMP
    FROM bench_row r JOIN coding_encounter e ON e.external_id = r.external_id AND e.source = 'bench'
    JOIN coding_service v ON v.encounter_id = e.id
    JOIN reviews_codingdecision d ON d.service_id = v.id
    WHERE d.outcome IN ('code', 'no_family_code')
    """,
)


def load(rows: Iterable[Row]) -> None:
    """Store the rows as decided encounters; foreign keys are not checked on the way."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_row (rule_set bigint, external_id text, served date, place text, payer text,"
            " coder bigint, suggestion bigint, profile bigint, version bigint)"
        )
        if is_postgresql:
            cursor.execute("SET statement_timeout = 0; SET session_replication_role = replica")
            with cursor.copy(f"COPY bench_row ({', '.join(Row._fields)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(
                f"INSERT INTO bench_row VALUES ({', '.join(['%s'] * len(Row._fields))})", list(rows)
            )
        words = {
            "uuid": "gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))",
            "true": "true" if is_postgresql else "1",
            "false": "false" if is_postgresql else "0",
        }
        for statement in STATEMENTS:
            cursor.execute(statement.format(**words))
        cursor.execute("DROP TABLE bench_row")
        if is_postgresql:
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
