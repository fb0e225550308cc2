"""People, rules and encounters for tests, made by the verbs that people use."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from coding import rulesets, trail
from coding.actions import encounters, fee_schedules, rule_sets, uploads
from coding.actions.locks import lock_encounters
from coding.decision import NOT_DOCUMENTED, FactDefinition, FactValue, RuleTable, guide
from coding.evidence import Lexicon
from coding.importing.write_encounters import correct, record_of
from coding.intake.records import EncounterRecord, ServiceLineRecord
from coding.models import (
    Answer,
    Code,
    CodeSet,
    CodeSetRelease,
    Encounter,
    Rule,
    RuleSet,
    RuleSetVersion,
    Service,
    Upload,
    User,
    VersionState,
)
from coding.rules.rulebook import answer_to_data
from coding.work import leases
from reviews.actions import answers, cases, corrections, decisions, rulings, runs
from reviews.actions.adjudications import Adjudication
from reviews.actions.answers import Support
from reviews.actions.decisions import Judgement
from reviews.actions.runs import Scope
from reviews.coding_form.guided import GuidedForm, guided_form, version_of
from reviews.models import Choice, CodingDecision, ReevaluationRun, ReviewCase, Ruling, RulingKind
from reviews.roles import ROLES, STAFF_ROLES, sync_roles

# Other tests know these by this module.
from tests.shipped_hip import GAP_A, PAVLIK, REDUCED, case_rows  # noqa: F401
from tests.shipped_hip import KEY as HIP
from tests.shipped_hip import table as hip_table

PASSWORD = "right horse"
CANARY = "CANARY-7719"
FOR_THE_TEST = Support(reason="For the test.")
numbers = itertools.count(1)


def person(role: str, **names: str) -> User:
    """A person of a role, with a password."""
    number = next(numbers)
    own = {
        "username": f"person{number}",
        "first_name": f"Person{number}",
        "last_name": role.title(),
        **names,
    }
    user = User.objects.create_user(**own, password=PASSWORD, is_staff=role in STAFF_ROLES)
    if not Group.objects.filter(name=role).exists():
        sync_roles()
    user.groups.add(Group.objects.get(name=role))
    return user


class People:
    """``people["coder"]``, ``people["coder", 2]``: one and the same person each time."""

    def __init__(self) -> None:
        self.known: dict[object, User] = {}

    def __getitem__(self, key: object) -> User:
        role = key[0] if isinstance(key, tuple) else key
        assert role in ROLES, role
        if key not in self.known:
            self.known[key] = person(str(role))
        return self.known[key]


def draft_hip(
    people: People, table: RuleTable | None = None, lexicon: Lexicon | None = None
) -> RuleSetVersion:
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


def published_knee(people: People) -> RuleSetVersion:
    """A second family, made later, with the codes of the hip's: older databases may have two that claim one code."""
    table = RuleTable.from_document({**hip_table().to_document(), "key": "knee", "name": "Knee"})
    version = draft_hip(people, table)
    RuleSetVersion.objects.filter(pk=version.pk).update(
        state=VersionState.PUBLISHED,
        effective_from=date(2026, 1, 1),
        approver=people["rule approver"],
        published_at=timezone.now(),
    )
    version.refresh_from_db()
    return version


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
    """A stored encounter with a service of the version's rule set, whatever its lines are."""
    return encounters.enter(people["coder"], record(**values), version.rule_set)


def service(people: People, version: RuleSetVersion, **values: object) -> Service:
    """The service of a stored encounter."""
    return service_of(encounter(people, version, **values))


def service_of(target: Encounter | Service) -> Service:
    """The service as it is now; of an encounter the one that a rule set codes."""
    related = Service.objects.select_related(
        "encounter", "rule_set", "version__document", "suggestion", "assigned_to"
    )
    if isinstance(target, Service):
        return related.get(pk=target.pk)
    return related.exclude(rule_set=None).get(encounter=target)


def visit(people: People, *lines: ServiceLineRecord, **values: object) -> Encounter:
    """A stored encounter whose services are those that its lines open."""
    return encounters.enter(people["coder"], record(service_lines=lines, **values))


def service_for(target: Encounter, code: str) -> Service:
    """The service that answers for a visit's line now."""
    standing = Service.objects.standing()
    return service_of(standing.get(encounter=target, lines__code=code, lines__gone_in=None))


def send_again(people: People, target: Encounter, **changes: object) -> None:
    """The source sends an encounter again, with other content."""
    with transaction.atomic():
        [now] = lock_encounters([target.pk]).values()
        changed = replace(record_of(now), **changes)
        correction = correct(people["coder"], now, changed, changed.content_hash)
        entries = corrections.review(people["coder"], [correction])
        trail.record_all(people["coder"], [correction.entry(), *entries])


def fees(valid_from: date = date(2026, 1, 1)) -> None:
    """The made-up fee schedule: with it codes are known, or refused."""
    fee_schedules.load(None, rulesets.made_up_fees().read_bytes(), valid_from, "Made-up values")


def upload(
    people: People, content: bytes, rule_set: RuleSet | None = None, source: str = "his"
) -> Upload:
    """A CSV file that was received; its check waits for a worker. With a rule set only that family opens."""
    return uploads.receive(people["coder"], [content], "csv", source, rule_set)


def answer(coder: User, target: Encounter | Service, facts: Mapping[str, str]) -> GuidedForm:
    """Answer every question that the guided form asks; what the facts lack is not documented.

    The first answer and the last one are given by their verb, and so is each where notes are read. Those between
    are stored as it stores them, which takes a tenth of the time.
    """
    guided = form_of(target)
    while (question := guided.guidance.next_question) is not None:
        if guided.answers and guided.version.lexicon is None:
            question = _answer_all_but_the_last(coder, guided, facts)
        guided = answers.answer(
            coder, service_of(target), question.key, _value(question, facts), FOR_THE_TEST
        )
    return guided


def _answer_all_but_the_last(
    coder: User, guided: GuidedForm, facts: Mapping[str, str]
) -> FactDefinition:
    """Store answers until one question is left; that question."""
    known = dict(guided.facts)
    rows = []
    question = guided.guidance.next_question
    while True:
        known[question.key] = _value(question, facts)
        following = guide(guided.table, known).next_question
        if following is None:
            _store(coder, guided, rows)
            return question
        row = Answer(
            service=guided.service, round=guided.service.round, fact=question.key, answered_by=coder
        )
        row.revision = guided.encounter.revision
        row.value = answer_to_data(question.key, known[question.key])
        rows.append(row)
        question = following


@transaction.atomic
def _store(coder: User, guided: GuidedForm, rows: list[Answer]) -> None:
    """Answers with one event that tells of them all."""
    stored = Answer.objects.bulk_create(rows)
    trail.record(coder, "answer.given", guided.service, encounter=guided.encounter, rows=stored)


def _value(question: FactDefinition, facts: Mapping[str, str]) -> FactValue:
    return question.answer_from_text(facts.get(question.key, "")) or NOT_DOCUMENTED


def form_of(target: Encounter | Service) -> GuidedForm:
    """The guided form as it stands now."""
    now = service_of(target)
    return guided_form(now, version_of(now))


def decide(
    coder: User,
    target: Encounter | Service,
    facts: Mapping[str, str],
    judgement: Judgement | None = None,
) -> CodingDecision:
    """Answer all questions and decide; without a judgement the suggestion is accepted."""
    guided = answer(coder, target, facts)
    return decisions.decide(
        coder, service_of(target), judgement or Judgement(Choice.ACCEPT), guided.seen
    )


def disputed(people: People, hip: RuleSetVersion) -> ReviewCase:
    """A case that waits for a supervisor: its coder reports another code than the rules."""
    return case_of(decide(people["coder"], service(people, hip), PAVLIK, insists()))


def agreed(people: People, hip: RuleSetVersion) -> CodingDecision:
    """A decision in which coder and rules agree: it is final."""
    return decide(people["coder"], service(people, hip), PAVLIK)


def reading_hip(people: People) -> RuleSetVersion:
    """The shipped hip rules with their lexicon, so that they read notes."""
    return published_hip(people, lexicon=rulesets.shipped_lexicon(HIP))


def insists(code: str = "27257", *modifiers: str) -> Judgement:
    """A coder who reports another code."""
    return Judgement(
        Choice.OTHER_CODE, code, modifiers or ("LT",), "The note calls it a reduction."
    )


def icd10cm(*codes: str, valid_from: date = date(2026, 4, 1), name: str = "test") -> None:
    """A release of a few codes; a code that ends in "-" is a category."""
    release, _ = CodeSetRelease.objects.get_or_create(
        code_set=CodeSet.ICD10CM,
        valid_from=valid_from,
        defaults={"release": name, "source": "test"},
    )
    Code.objects.bulk_create(
        Code(
            release=release,
            code=code.removesuffix("-"),
            description=code,
            reportable=not code.endswith("-"),
        )
        for code in codes
    )
    with transaction.atomic():
        trail.record(None, "code_set.loaded", release, rows=[release])


def planned(
    people: People, version: RuleSetVersion, scope: Scope | None = None, **options: object
) -> ReevaluationRun:
    """A run that the workers have planned."""
    run = runs.plan(people["supervisor"], version, scope or Scope(), **options)
    leases.pump()
    return fresh(run)


def finished(
    people: People, version: RuleSetVersion, scope: Scope | None = None, **options: object
) -> ReevaluationRun:
    """A run that the workers have done; with mode apply its cases are open too."""
    run = planned(people, version, scope, **options)
    runs.launch(people["supervisor"], run)
    while leases.has_work():
        leases.pump()
    leases.close_finished()
    return fresh(run)


def fresh(run: ReevaluationRun) -> ReevaluationRun:
    """The run as it is now, with its jobs."""
    return ReevaluationRun.objects.select_related("version", "job", "plan_job", "apply_job").get(
        pk=run.pk
    )


def draft_without_harness(people: People, version: RuleSetVersion) -> RuleSetVersion:
    """A draft that sends a Pavlik harness to the supervisor."""
    draft = rule_sets.draft_from(people["rule author"], version)
    for rule_id, old, new in (
        ("R32", ", pavlik", ""),
        ("R34", "skeletal_traction", "skeletal_traction, pavlik"),
    ):
        rule = Rule.objects.get(version=draft, rule_id=rule_id)
        assert old in rule.conditions
        rule.conditions = rule.conditions.replace(old, new)
        rule.save()
    assert rule_sets.save(people["rule author"], draft) == ""
    draft.refresh_from_db()
    return draft


def rule(
    supervisor: User, case: ReviewCase, kind: RulingKind = RulingKind.CODER_UPHELD, **values: object
) -> Ruling:
    """A supervisor claims a case and rules on it."""
    cases.claim(supervisor, case)
    return rulings.rule(
        supervisor, fresh_case(case), Adjudication(kind, "The note says so.", **values)
    )


def fresh_case(case: ReviewCase) -> ReviewCase:
    """The case as it is now."""
    related = ReviewCase.objects.select_related(
        "service__encounter", "decision", "suggestion__document", "coder"
    )
    return related.get(pk=case.pk)


def case_of(target: Encounter | Service | CodingDecision) -> ReviewCase:
    """The latest case of an encounter, a service or a decision."""
    path = {Encounter: "service__encounter", Service: "service", CodingDecision: "decision"}[
        type(target)
    ]
    return fresh_case(ReviewCase.objects.filter(**{path: target}).latest("pk"))
