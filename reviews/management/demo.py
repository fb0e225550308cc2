"""The demo: people, rules and made-up encounters, brought in by the same verbs that people use."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Any, Self

from django.contrib.auth.models import Group
from django.db import transaction

from coding import rulesets, trail
from coding.actions import encounters, fee_schedules, registers, rule_sets
from coding.decision import NOT_DOCUMENTED
from coding.intake.records import EncounterRecord, ServiceLineRecord
from coding.models import (
    Encounter,
    Payer,
    PayerKind,
    Provider,
    Rule,
    RuleSet,
    RuleSetVersion,
    Service,
    User,
)
from coding.rules import folders
from coding.rules.expected_claims import ExpectedClaim, read_claims
from coding.signing.confirmation import at_console
from reviews.actions import answers, decisions, routing
from reviews.actions.answers import Support
from reviews.actions.decisions import Judgement
from reviews.coding_form.guided import GuidedForm, guided_form, version_of
from reviews.management.demo_supervision import supervise
from reviews.models import Choice, Priority, RouteReason, RoutingRule
from reviews.roles import STAFF_ROLES

IN_FORCE_FROM = date(2026, 1, 1)
FIRST_SERVICE = date(2026, 5, 4)
PLACES = {
    "telehealth": "10",
    "office": "11",
    "urgent care": "20",
    "inpatient": "21",
    "hospital": "22",
    "operating room": "22",
    "emergency department": "23",
}
VISIT_TEXTS = ("external_id", "patient_reference", "place_of_service", "provider", "payer", "note")


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account with its role."""

    username: str
    first_name: str
    last_name: str
    role: str


ACCOUNTS = (
    Account("coder", "Carla", "Bishop", "coder"),
    Account("coder2", "Dan", "Okafor", "coder"),
    Account("supervisor", "Sam", "Rivera", "supervisor"),
    Account("supervisor2", "Mei", "Castillo", "supervisor"),
    Account("author", "Ruth", "Adler", "rule author"),
    Account("approver", "Paul", "Novak", "rule approver"),
    Account("auditor", "Ana", "Lindqvist", "auditor"),
    Account("admin", "Ada", "Meyer", "administrator"),
)
AS_WORKED = "The worked case says so."
PROVIDERS = {
    "Dr. Iris Falk": ("Riverside Emergency Physicians", "Emergency medicine"),
    "Dr. Omar Weiss": ("Riverside Orthopedics", "Orthopedic surgery"),
    "Dr. Jun Tanaka": ("Riverside Family Practice", "Family medicine"),
}
PAYERS = {
    "Northern Health": PayerKind.COMMERCIAL,
    "State Medicaid": PayerKind.MEDICAID,
    "Union Mutual": PayerKind.COMMERCIAL,
    "Medicare": PayerKind.MEDICARE,
}
PAYERS_OF_CASES = ("Northern Health", "State Medicaid", "Union Mutual")
# Who pays for the encounters of several services, by the kind of payer that their file names.
PAYER_OF_KIND = {
    "commercial": "Northern Health",
    "medicaid": "State Medicaid",
    "medicare": "Medicare",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo shows of a shipped rule set: its worked cases as encounters, visits of several lines, and a draft.

    ``to_code`` are the cases that stay to be coded; ``insists``, by case, are the codes that a coder reports though the
    rules suggest another. A visit is an encounter as JSON, its day as ``days_after`` the first one.
    """

    key: str
    to_code: tuple[str, ...]
    insists: Mapping[str, Mapping[str, Any]]
    visits: tuple[Mapping[str, Any], ...]
    draft: Mapping[str, Any] | None

    @classmethod
    def of(cls, key: str) -> Self | None:
        """What the folder of a rule set holds for the demo; None if nothing."""
        data = rulesets.demo_of(key)
        if data is None:
            return None
        return cls(
            key,
            to_code=tuple(data["to_code"]),
            insists=data.get("insists", {}),
            visits=tuple(data.get("visits", ())),
            draft=data.get("draft"),
        )


def load(password: str) -> bool:
    """Load the demo once; False, and nothing changed, if it is here already."""
    if User.objects.filter(username=ACCOUNTS[0].username).exists():
        return False
    with transaction.atomic():
        people = {account.username: _person(account, password) for account in ACCOUNTS}
        fees = rulesets.made_up_fees().read_bytes()
        fee_schedules.load(None, fees, IN_FORCE_FROM, "Made-up values")
        # Numbered through all rule sets, so that no two encounters are of the same patient.
        numbers = count()
        _route(people["admin"])
        shipped = rulesets.keys()
        versions = {key: _published(key, people["author"], people["approver"]) for key in shipped}
        for shown in filter(None, map(Shown.of, shipped)):
            _show(shown, versions[shown.key], people, numbers)
        for record in _mixed(numbers):
            encounters.enter(people["coder"], record, source="demo")
        _fill_registers(people["admin"])
        supervise(people)
    return True


def _show(
    shown: Shown, version: RuleSetVersion, people: Mapping[str, User], numbers: Iterator[int]
) -> None:
    coders = (people["coder"], people["coder2"])
    for row in _cases(shown):
        number, case = next(numbers), row["id"]
        encounter = _encounter(people["coder"], version.rule_set, row, number)
        if case not in shown.to_code:
            service = encounter.services.get()
            _code(coders[number % 2], service, row, shown.insists.get(case))
    for visit in shown.visits:
        encounters.enter(people["coder"], _visit(visit), source="demo")
    if shown.draft:
        _draft(people["author"], version, shown.draft)


def _person(account: Account, password: str) -> User:
    user = User.objects.create_user(
        account.username,
        password=password,
        first_name=account.first_name,
        last_name=account.last_name,
        is_staff=account.role in STAFF_ROLES,
    )
    user.groups.add(Group.objects.get(name=account.role))
    with transaction.atomic():
        trail.record(None, "user.saved", user, after={"roles": [account.role]}, rows=[user])
    return user


def _published(key: str, author: User, approver: User) -> RuleSetVersion:
    folder, note = rulesets.path_of(key)
    content = folders.read(folder)
    version = rule_sets.bring_in(author, content.table, note, content.lexicon, content.cases)
    version.effective_from = IN_FORCE_FROM
    version.save()
    rule_sets.submit(author, version)
    rule_sets.publish(approver, version, at_console(approver))
    version.refresh_from_db()
    return version


def _cases(shown: Shown) -> Iterator[dict[str, str]]:
    with rulesets.cases_file(shown.key).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _encounter(actor: User, rule_set: RuleSet, row: dict[str, str], number: int) -> Encounter:
    record = EncounterRecord(
        external_id=f"D-{row['id']}",
        patient_reference=f"DEMO-{1000 + 7 * number}",
        date_of_service=FIRST_SERVICE + timedelta(days=number),
        place_of_service=PLACES[row["setting"]],
        provider=_one_of(PROVIDERS, number),
        payer=_one_of(PAYERS_OF_CASES, number),
        note=row["note_text"],
        diagnoses=tuple(row["supporting_icd10cm"].replace(";", " ").split()),
    )
    if row["expected_code"]:
        modifiers = row["expected_modifiers"].replace(";", " ").split()
        record = replace(record, service_lines=(_line(row["expected_code"], *modifiers),))
    return encounters.enter(actor, record, rule_set, source="demo")


def _one_of(names: Iterable[str], number: int) -> str:
    """One name after another, in a circle."""
    in_order = list(names)
    return in_order[number % len(in_order)]


def _visit(visit: Mapping[str, Any]) -> EncounterRecord:
    texts = {key: visit[key] for key in VISIT_TEXTS}
    return EncounterRecord(
        **texts,
        date_of_service=FIRST_SERVICE + timedelta(days=visit["days_after"]),
        diagnoses=tuple(visit["diagnoses"]),
        service_lines=tuple(_line(*line) for line in visit["service_lines"]),
    )


def _mixed(numbers: Iterator[int]) -> Iterator[EncounterRecord]:
    """Encounters of several services, with the lines that were submitted, on days of the demo."""
    with rulesets.mixed_encounters().open(newline="", encoding="utf-8") as file:
        notes = {row["id"]: row["note_text"] for row in csv.DictReader(file)}
    with rulesets.mixed_encounters().open(newline="", encoding="utf-8") as file:
        claims = [claim for claim in read_claims(file) if isinstance(claim, ExpectedClaim)]
    for claim in claims:
        number, submitted = next(numbers), claim.submitted
        yield EncounterRecord(
            external_id=f"D-MIXED-{claim.name}",
            patient_reference=f"DEMO-{1000 + 7 * number}",
            date_of_service=FIRST_SERVICE + timedelta(days=number),
            place_of_service=submitted.place,
            provider=_one_of(PROVIDERS, number),
            payer=PAYER_OF_KIND.get(submitted.payer, ""),
            note=notes[claim.name],
            diagnoses=submitted.diagnoses,
            service_lines=tuple(
                ServiceLineRecord(line.code, line.modifiers, line.units, line.pointers)
                for line in submitted.lines
            ),
        )


def _fill_registers(administrator: User) -> None:
    """What an administrator knows of the providers and payers that the encounters name."""
    for provider in Provider.objects.filter(name__in=PROVIDERS):
        group, specialty = PROVIDERS[provider.name]
        affiliation = registers.Affiliation(IN_FORCE_FROM, group, specialty)
        registers.complete_provider(administrator, provider, provider.edition, "", affiliation)
    options = rulesets.payer_options()
    for payer in Payer.objects.filter(name__in=PAYERS):
        terms = registers.Terms(IN_FORCE_FROM, PAYERS[payer.name], options.get(payer.name, {}))
        registers.complete_payer(administrator, payer, payer.edition, terms)


def _route(administrator: User) -> None:
    """How the house routes: what asks somebody is urgent, a gap in the rules is due soon, the rest within ten days."""
    rules = (
        RoutingRule(
            name="Queries",
            reason=RouteReason.RULES_ASK_PROVIDER,
            priority=Priority.URGENT,
            due_in_days=1,
        ),
        RoutingRule(
            name="Gaps",
            reason=RouteReason.RULES_ASK_SUPERVISOR,
            priority=Priority.HIGH,
            due_in_days=3,
        ),
        RoutingRule(name="All others", priority=Priority.NORMAL, due_in_days=10),
    )
    for position, rule in enumerate(rules, start=1):
        rule.position = position
        routing.save_rule(administrator, rule)


def _line(code: str, *modifiers: str) -> ServiceLineRecord:
    return ServiceLineRecord(code, modifiers, 1, (1,))


def _code(
    coder: User, service: Service, row: dict[str, str], insists: Mapping[str, Any] | None
) -> None:
    guided, support = _form(service), Support(reason=AS_WORKED, confirmation=at_console(coder))
    while (question := guided.guidance.next_question) is not None:
        answer = question.answer_from_text(row[question.key]) or NOT_DOCUMENTED
        guided = answers.answer(coder, service, question.key, answer, support)
    judgement = Judgement(Choice.ACCEPT)
    if insists:
        modifiers = tuple(insists["modifiers"])
        judgement = Judgement(Choice.OTHER_CODE, insists["code"], modifiers, insists["reason"])
    decisions.decide(coder, service, judgement, guided.seen)


def _form(service: Service) -> GuidedForm:
    now = Service.objects.select_related(
        "encounter", "rule_set", "version__document", "suggestion"
    ).get(pk=service.pk)
    return guided_form(now, version_of(now))


def _draft(author: User, version: RuleSetVersion, change: Mapping[str, Any]) -> None:
    """A draft that decides some of the cases otherwise: a dry run of it shows flips."""
    draft = rule_sets.draft_from(author, version)
    for conditions in change["conditions"]:
        rule = Rule.objects.get(version=draft, rule_id=conditions["rule"])
        rule.conditions = rule.conditions.replace(conditions["old"], conditions["new"])
        rule.save()
    draft.change_note = change["change_note"]
    draft.save()
    rule_sets.save(author, draft)
