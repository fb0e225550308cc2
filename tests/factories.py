"""People, rules and encounters for tests, made by the verbs that people use."""

import itertools
from collections.abc import Mapping
from datetime import date

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from coding import jobs
from coding.actions import encounters, rule_sets, uploads
from coding.actions.encounters import Support
from coding.decision import NOT_DOCUMENTED, RuleTable
from coding.evidence import Lexicon
from coding.models import Code, CodeSet, CodeSetRelease, Encounter, Rule, RuleSet, RuleSetVersion, Upload, User
from coding.records import EncounterRecord
from reviews.actions import cases, decisions, runs
from reviews.actions.cases import Finding
from reviews.actions.decisions import Judgement
from reviews.actions.runs import Scope
from reviews.guided import GuidedForm, guided_form
from reviews.models import Choice, CodingDecision, ReevaluationRun, ReviewCase, RulingKind
from reviews.roles import ROLES, STAFF_ROLES, sync_roles

# Other tests know these by this module.
from tests.shipped_hip import GAP_A, PAVLIK, REDUCED, case_rows  # noqa: F401
from tests.shipped_hip import KEY as HIP  # noqa: F401
from tests.shipped_hip import table as hip_table

PASSWORD = "right horse"
CANARY = "CANARY-7719"


class UserFactory(DjangoModelFactory):
    """A person with a password; give a role to make them able to do something."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def role(self, create: bool, role: str | None) -> None:
        if role:
            if not Group.objects.filter(name=role).exists():
                sync_roles()
            self.groups.add(Group.objects.get(name=role))
            self.is_staff = role in STAFF_ROLES
            self.save()


class People:
    """``people["coder"]``, ``people["coder", 2]``: one and the same person each time."""

    def __init__(self) -> None:
        self.known: dict[object, User] = {}

    def __getitem__(self, key: object) -> User:
        role = key[0] if isinstance(key, tuple) else key
        assert role in ROLES, role
        if key not in self.known:
            self.known[key] = UserFactory(role=role)
        return self.known[key]


def draft_hip(people: People, table: RuleTable | None = None, lexicon: Lexicon | None = None) -> RuleSetVersion:
    """A draft of the hip rule set."""
    table = table or hip_table()
    rule_set, _ = RuleSet.objects.get_or_create(key=table.key, defaults={"name": table.name})
    return rule_sets.draft(people["rule author"], rule_set, table, lexicon=lexicon)


def published_hip(
    people: People,
    effective_from: date = date(2026, 1, 1),
    table: RuleTable | None = None,
    lexicon: Lexicon | None = None,
) -> RuleSetVersion:
    """A published version of the hip rule set; with a lexicon it reads notes."""
    version = draft_hip(people, table, lexicon)
    return publish(people, version, effective_from)


def publish(people: People, version: RuleSetVersion, effective_from: date) -> RuleSetVersion:
    """Take a draft through review."""
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=effective_from)
    version.refresh_from_db()
    rule_sets.submit(people["rule author"], version)
    rule_sets.publish(people["rule approver"], version)
    version.refresh_from_db()
    return version


def rule_set_id() -> int:
    """The only rule set's id, as forms send it."""
    return RuleSet.objects.get().pk


numbers = itertools.count(1)


def record(**values: object) -> EncounterRecord:
    """An encounter as plain values."""
    defaults = {
        "external_id": f"E-{next(numbers)}",
        "patient_reference": CANARY,
        "date_of_service": date(2026, 5, 4),
        "place_of_service": "11",
        "provider": "Dr. Falk",
        "note": "Left hip dislocated; Pavlik harness fitted.",
    }
    return EncounterRecord(**{**defaults, **values})


def encounter(people: People, version: RuleSetVersion, **values: object) -> Encounter:
    """A stored encounter."""
    return encounters.enter(people["coder"], record(**values), version.rule_set)


def upload(people: People, content: bytes, rule_set: RuleSet, source: str = "his") -> Upload:
    """A CSV file that was received; its check waits for a worker."""
    return uploads.receive(people["coder"], [content], "csv", source, rule_set)


def answer(coder: User, found: Encounter, version: RuleSetVersion, facts: Mapping[str, str]) -> GuidedForm:
    """Answer every question that the guided form asks; what the facts lack is not documented."""
    while (question := form_of(found, version).guidance.next_question) is not None:
        value = question.answer_from_text(facts.get(question.key, "")) or NOT_DOCUMENTED
        encounters.answer(coder, found, version, question.key, value, Support(reason="For the test."))
    return form_of(found, version)


def form_of(found: Encounter, version: RuleSetVersion) -> GuidedForm:
    """The guided form as it stands now."""
    return guided_form(Encounter.objects.select_related("rule_set").get(pk=found.pk), version)


def decide(
    coder: User,
    found: Encounter,
    version: RuleSetVersion,
    facts: Mapping[str, str],
    judgement: Judgement | None = None,
) -> CodingDecision:
    """Answer all questions and decide; without a judgement the suggestion is accepted."""
    suggestion = answer(coder, found, version, facts).suggestion
    assert suggestion is not None
    return decisions.decide(coder, found, version, judgement or Judgement(Choice.ACCEPT), suggestion.pk)


def insists(code: str = "27257", *modifiers: str) -> Judgement:
    """A coder who reports another code."""
    return Judgement(Choice.OTHER_CODE, code, modifiers or ("LT",), "The note calls it a reduction.")


def icd10cm(*codes: str, valid_from: date = date(2026, 4, 1)) -> None:
    """A release of a few codes; a code that ends in "-" is a category."""
    release, _ = CodeSetRelease.objects.get_or_create(
        code_set=CodeSet.ICD10CM, valid_from=valid_from, defaults={"release": "test", "source": "test"}
    )
    Code.objects.bulk_create(
        Code(release=release, code=code.removesuffix("-"), description=code, reportable=not code.endswith("-"))
        for code in codes
    )


def planned(people: People, version: RuleSetVersion, scope: Scope | None = None, **options: object) -> ReevaluationRun:
    """A run that the workers have planned."""
    run = runs.plan(people["supervisor"], version, scope or Scope(), **options)
    jobs.pump()
    return fresh(run)


def finished(people: People, version: RuleSetVersion, scope: Scope | None = None, **options: object) -> ReevaluationRun:
    """A run that the workers have done; with mode apply its cases are open too."""
    run = planned(people, version, scope, **options)
    runs.launch(people["supervisor"], run)
    while jobs.has_work():
        jobs.pump()
    jobs.close_finished()
    return fresh(run)


def fresh(run: ReevaluationRun) -> ReevaluationRun:
    """The run as it is now, with its jobs."""
    return ReevaluationRun.objects.select_related("version", "job", "plan_job", "apply_job").get(pk=run.pk)


def draft_without_harness(people: People, version: RuleSetVersion) -> RuleSetVersion:
    """A draft that sends a Pavlik harness to the supervisor."""
    draft = rule_sets.draft_from(people["rule author"], version)
    for rule_id, old, new in (("R32", ", pavlik", ""), ("R34", "skeletal_traction", "skeletal_traction, pavlik")):
        rule = Rule.objects.get(version=draft, rule_id=rule_id)
        assert old in rule.conditions
        rule.conditions = rule.conditions.replace(old, new)
        rule.save()
    assert rule_sets.save(people["rule author"], draft) == ""
    draft.refresh_from_db()
    return draft


def rule_for_the_coder(people: People, case: ReviewCase) -> None:
    """A supervisor claims a case and upholds its coder."""
    cases.claim(people["supervisor"], case)
    cases.rule(people["supervisor"], case, Finding(RulingKind.CODER_UPHELD, "The note says so."))
