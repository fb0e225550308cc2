"""The demo: people, rules and made-up encounters, brought in by the same verbs that people use."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.db import transaction

from coding import rulesets
from coding.actions import encounters, fee_schedules, rule_sets
from coding.decision import NOT_DOCUMENTED
from coding.intake.records import EncounterRecord, ServiceLineRecord
from coding.models import Encounter, Rule, RuleSet, RuleSetVersion, Service, User
from coding.rules import folders
from coding.signing.confirmation import at_console
from reviews.actions import answers, decisions
from reviews.actions.answers import Support
from reviews.actions.decisions import Judgement
from reviews.coding_form.guided import GuidedForm, guided_form, version_of
from reviews.models import Choice
from reviews.roles import STAFF_ROLES

RULE_SET = "hip-dislocation"
IN_FORCE_FROM = date(2026, 1, 1)
FIRST_SERVICE = date(2026, 5, 4)
PLACES = {"office": "11", "inpatient": "21", "operating room": "22", "emergency department": "23"}


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
    Account("author", "Ruth", "Adler", "rule author"),
    Account("approver", "Paul", "Novak", "rule approver"),
    Account("auditor", "Ana", "Lindqvist", "auditor"),
    Account("admin", "Ada", "Meyer", "administrator"),
)
# These stay to be coded: the stories of the tour begin with them.
TO_CODE = ("V01", "V08", "S01", "V02", "V07", "Q01", "V20", "N01", "V17", "S07")
# A visit with four lines, of which one family codes one: the others rest on the coder's word.
VISIT = EncounterRecord(
    external_id="D-VISIT",
    patient_reference="DEMO-900",
    date_of_service=FIRST_SERVICE + timedelta(days=60),
    place_of_service="22",
    provider="Dr. Iris Falk",
    payer="Northern Health",
    note=(
        "New patient, 14 weeks, referred for a left hip that does not stay in its socket. History and examination as "
        "below; the findings and the choices were discussed with the parents. Developmental dislocation of the left "
        "hip, first treatment. Under general anesthesia an arthrogram of the left hip was made: needle from the medial "
        "side, contrast, dye pooling seen. The left hip was then reduced by closed manipulation and a spica cast was "
        "applied. Post-reduction arthrogram: the head sits in the socket."
    ),
    diagnoses=("Q65.02",),
    service_lines=(
        ServiceLineRecord("27257", ("LT",), 1, (1,)),
        ServiceLineRecord("27093", ("LT",), 1, (1,)),
        ServiceLineRecord("73525", ("26",), 1, (1,)),
        ServiceLineRecord("99203", ("57",), 1, (1,)),
    ),
)
AS_WORKED = "The worked case says so."
# Here the coder insists on another code than the rules.
INSISTS = {"S02": ("27257", ("RT",), "The child was under general anesthesia; the cast position reduced the hip.")}


def load(password: str) -> bool:
    """Load the demo once; False, and nothing changed, if it is here already."""
    if User.objects.filter(username=ACCOUNTS[0].username).exists():
        return False
    with transaction.atomic():
        people = {account.username: _person(account, password) for account in ACCOUNTS}
        fees = rulesets.made_up_fees().read_bytes()
        fee_schedules.load(None, fees, IN_FORCE_FROM, "Made-up values")
        version = _published(people["author"], people["approver"])
        coders = (people["coder"], people["coder2"])
        for number, row in enumerate(_cases()):
            encounter = _encounter(people["coder"], version.rule_set, row, number)
            if row["id"] not in TO_CODE:
                _code(coders[number % 2], encounter.services.get(), row)
        encounters.enter(people["coder"], VISIT, source="demo")
        _draft(people["author"], version)
    return True


def _person(account: Account, password: str) -> User:
    user = User.objects.create_user(
        account.username,
        password=password,
        first_name=account.first_name,
        last_name=account.last_name,
        is_staff=account.role in STAFF_ROLES,
    )
    user.groups.add(Group.objects.get(name=account.role))
    return user


def _published(author: User, approver: User) -> RuleSetVersion:
    folder, note = rulesets.path_of(RULE_SET)
    content = folders.read(folder)
    version = rule_sets.bring_in(author, content.table, note, content.lexicon, content.cases)
    version.effective_from = IN_FORCE_FROM
    version.save()
    rule_sets.submit(author, version)
    rule_sets.publish(approver, version, at_console(approver))
    version.refresh_from_db()
    return version


def _cases() -> Iterator[dict[str, str]]:
    with rulesets.cases_file(RULE_SET).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _encounter(actor: User, rule_set: RuleSet, row: dict[str, str], number: int) -> Encounter:
    record = EncounterRecord(
        external_id=f"D-{row['id']}",
        patient_reference=f"DEMO-{1000 + 7 * number}",
        date_of_service=FIRST_SERVICE + timedelta(days=number),
        place_of_service=PLACES[row["setting"]],
        provider=("Dr. Iris Falk", "Dr. Omar Weiss", "Dr. Jun Tanaka")[number % 3],
        payer=("Northern Health", "State Medicaid", "Union Mutual")[number % 3],
        note=row["note_text"],
        diagnoses=tuple(row["supporting_icd10cm"].replace(";", " ").split()),
    )
    if row["expected_code"]:
        modifiers = tuple(row["expected_modifiers"].replace(";", " ").split())
        record = replace(record, service_lines=(ServiceLineRecord(row["expected_code"], modifiers, 1, (1,)),))
    return encounters.enter(actor, record, rule_set, source="demo")


def _code(coder: User, service: Service, row: dict[str, str]) -> None:
    guided, support = _form(service), Support(reason=AS_WORKED, confirmation=at_console(coder))
    while (question := guided.guidance.next_question) is not None:
        answer = question.answer_from_text(row[question.key]) or NOT_DOCUMENTED
        guided = answers.answer(coder, service, question.key, answer, support)
    judgement = Judgement(Choice.ACCEPT)
    if row["id"] in INSISTS:
        code, modifiers, reason = INSISTS[row["id"]]
        judgement = Judgement(Choice.OTHER_CODE, code, modifiers, reason)
    decisions.decide(coder, service, judgement, guided.seen)


def _form(service: Service) -> GuidedForm:
    now = Service.objects.select_related("encounter", "rule_set", "version__document", "suggestion").get(pk=service.pk)
    return guided_form(now, version_of(now))


def _draft(author: User, version: RuleSetVersion) -> None:
    """A draft that sends skin traction to the supervisor: a dry run of it shows flips."""
    draft = rule_sets.draft_from(author, version)
    for rule_id, old, new in (
        ("R32", "skin_traction, splint", "splint"),
        ("R34", "skeletal_traction", "skeletal_traction, skin_traction"),
    ):
        rule = Rule.objects.get(version=draft, rule_id=rule_id)
        rule.conditions = rule.conditions.replace(old, new)
        rule.save()
    draft.change_note = "Proposal: skin traction goes to a supervisor, like skeletal traction."
    draft.save()
    rule_sets.save(author, draft)
