"""One visit of each kind that leaves rows which the audit trail tells of, made by the verbs that people use."""

from datetime import date, timedelta

from django.test import override_settings
from django.utils import timezone

from coding.actions import (
    accounts,
    authorities,
    claim_checks,
    draft_comments,
    glass,
    house_notes,
    lists,
    registers,
    rule_sets,
    table_sign_offs,
)
from coding.actions.authorities import TwoNames
from coding.actions.claim_checks import CheckSetting
from coding.actions.house_notes import NoteText
from coding.actions.registers import Affiliation, Terms
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, Patient, Payer, PayerKind, Provider, RuleSetVersion
from coding.reference.claim_checks import shipped
from coding.rules.tables_update import tables_update
from reviews.actions import (
    cases,
    claim_answers,
    comments,
    decisions,
    defects,
    holds,
    precedents,
    proposals,
    queries,
    query_links,
    reports,
    retention,
    routing,
    sampling,
    second_codings,
    second_looks,
    services,
    voiding,
)
from reviews.actions.adjudications import Adjudication
from reviews.actions.decisions import Judgement
from reviews.actions.rulings import rule_cluster
from reviews.actions.second_codings import BlindCode
from reviews.models import (
    CaseCluster,
    Choice,
    ProviderQuery,
    RoutingRule,
    RulingKind,
    RunMode,
    SamplingRate,
)
from reviews.models.retention import CountedFrom, RecordKind
from tests import factories, incoming
from tests.reviews import claims

SILENT = {**factories.PAVLIK, "anesthesia": ""}
ASKS = Judgement(Choice.PROVIDER_QUERY, reason="Which?")
UPHELD = Adjudication(RulingKind.CODER_UPHELD, "As it was coded.")
OFFICE = ServiceLineRecord("99203")


def agreed(people: factories.People, hip: RuleSetVersion, **values: object) -> Encounter:
    """Coder and rules agree: final, and exported."""
    encounter = factories.encounter(people, hip, diagnoses=("Q65.02",), **values)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    reports.export(people["supervisor"], encounter)
    return encounter


def taken_back(people: factories.People, hip: RuleSetVersion) -> None:
    """A decision that its coder took back before anybody looked."""
    service = factories.service(people, hip)
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    decisions.take_back(people["coder"], factories.service_of(service))


def ruled_on_twice(people: factories.People, hip: RuleSetVersion) -> None:
    """A ruling, an objection, a second ruling, which is opened once more."""
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    case = factories.case_of(decision)
    cases.claim(people["supervisor"], case)
    cases.release(people["supervisor"], factories.fresh_case(case))
    factories.rule(people["supervisor"], factories.fresh_case(case), RulingKind.RULES_UPHELD)
    rebuttal = second_looks.rebut(
        people["coder"], factories.fresh_case(case), "It was a reduction."
    )
    ruling = factories.rule(people["supervisor", 2], rebuttal)
    second_looks.reopen(people["supervisor", 3], ruling, "The film came in.")


def asked(people: factories.People, hip: RuleSetVersion, *, answered: bool) -> None:
    """A provider is asked: the query is answered, or closed."""
    service = factories.service(people, hip)
    decision = factories.decide(people["coder"], service, SILENT, ASKS)
    factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.PROVIDER_QUERY)
    query = ProviderQuery.objects.select_related("service__encounter").get(service=service)
    query_links.make_link(people["supervisor"], query)
    if answered:
        queries.answer(
            people["supervisor"], query, "None was given.", "Dr. Falk", timezone.localdate()
        )
    else:
        queries.close(people["supervisor"], query, "He left.")


def returned(people: factories.People, hip: RuleSetVersion) -> None:
    """A case that its holder gave back to the coder; its encounter is voided then."""
    encounter = factories.encounter(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    )
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(
        people["supervisor"], factories.fresh_case(case), "Read it once more."
    )
    voiding.void(people["supervisor"], encounter, "Registered twice.")


def rearranged(people: factories.People, hip: RuleSetVersion) -> None:
    """Services are moved, added and withdrawn, a line is kept, and nothing is reported of another visit."""
    coder = people["coder"]
    visit = factories.visit(people, OFFICE)
    line = visit.services.get()
    services.move(coder, line, hip.rule_set, "As the note says.")
    visit = factories.visit(people, OFFICE)
    decisions.decide(coder, visit.services.get(), Judgement(Choice.KEEP, confirmed=True))
    added = services.add(coder, visit, hip.rule_set)
    services.withdraw(coder, added, "By mistake.")
    services.report_nothing(coder, factories.visit(people), "Nothing was done.")


def dismissed(people: factories.People, hip: RuleSetVersion) -> None:
    """A diagnosis speaks for a service that nobody submitted, and a coder says that there is none."""
    visit = factories.visit(people, OFFICE, diagnoses=("Q65.02",))
    proposals.dismiss(people["coder"], visit, hip.rule_set, "It was treated elsewhere.")


def answered_checks(people: factories.People) -> None:
    """What the checks of a claim propose is taken over, and what they find is overridden."""
    claims.load_tables()
    visit = claims.kept(people)
    shown = claims.checked(visit)
    claim_answers.answer_proposal(people["coder"], visit, shown.proposals[0].named.key, taken=True)
    claim_answers.override(
        people["coder"], visit, shown.open_errors[0].named.key, "Two operations."
    )


def settled_beside_the_rules(people: factories.People) -> None:
    """The house settles something about a code; a second person approves it."""
    note = house_notes.write(
        people["rule author"], NoteText("Ask for the film.", date(2026, 1, 1), code="27256")
    )
    house_notes.approve(people["rule approver"], note)


def went_through_tables(people: factories.People) -> None:
    """Somebody signs what the tables of a claim's checks change; they are loaded."""
    update = tables_update(claims.FIRST_DAY)
    table_sign_offs.sign_off(people["rule approver"], update.day, update.content_hash, [])


def kept_registers(people: factories.People) -> None:
    """What administrators say of a payer, a provider and a patient, of each of whom two rows are one; and of names."""
    administrator = people["administrator"]
    names = TwoNames("EXAMPLE", "2.16.840.1.113883.19.5", "Their guide says so.")
    authorities.remove(administrator, authorities.add(administrator, names))
    authorities.add(administrator, names)
    for name in ("One", "Two"):
        factories.visit(
            people, OFFICE, provider=f"Dr. {name}", payer=name, patient_reference=f"P-{name}"
        )
    for model in (Patient, Provider, Payer):
        survivor, merged = model.objects.order_by("-pk")[:2]
        registers.merge(administrator, [merged], survivor, "Written in two ways.")
    payer, provider = Payer.objects.get(key="two"), Provider.objects.get(key="dr. two")
    terms = Terms(date(2026, 1, 1), PayerKind.COMMERCIAL, {"packaging": "split"})
    registers.complete_payer(administrator, payer, payer.edition, terms)
    affiliation = Affiliation(date(2026, 1, 1), "North", "Orthopedics")
    registers.complete_provider(administrator, provider, provider.edition, "", affiliation)


def imported_and_corrected(people: factories.People) -> None:
    """A file brings encounters; its source sends one of them with other lines, and one more."""
    incoming.imported(
        people, incoming.row("V-1"), incoming.row("V-2", service_lines="99203"), incoming.row("V-3")
    )
    incoming.imported(
        people, incoming.row("V-2", service_lines="99203; 27256-LT"), incoming.row("V-4")
    )


def settled_by_the_house(people: factories.People, hip: RuleSetVersion) -> None:
    """What the house sets: routing and sampling, years of keeping, a check of claims, a comment on a draft's cell."""
    administrator, author = people["administrator"], people["rule author"]
    routing.save_rule(administrator, RoutingRule(name="All", due_in_days=10, is_on=False))
    sampling.save_rate(administrator, SamplingRate(percent=0, reason="Few coders."))
    retention.set_rule(administrator, RecordKind.REPORT, CountedFrom.MAKING, 10, "The policy.")
    check = shipped().checks[0]
    since = timezone.localdate()
    claim_checks.settle(author, CheckSetting(check.id, check.kind, since, reason="Too many."))
    draft = rule_sets.draft_from(author, hip)
    comment = draft_comments.comment(
        author, draft, draft.rules.earliest("pk").rule_id, "title", "Which hip?"
    )
    draft_comments.settle_comment(author, draft, comment.pk)


def taken_away(people: factories.People) -> None:
    """A list that a supervisor takes away as a file."""
    lists.take_list(people["supervisor"], "coding.view_encounter", "worklist", 3, "0" * 64, None)


def all_of_them(people: factories.People, hip: RuleSetVersion) -> None:
    """Every story; afterwards there is a row of each kind."""
    agreed(people, hip)
    corrected = agreed(people, hip)
    factories.send_again(
        people, corrected, note="Left hip dislocated; closed treatment under anesthesia.", sex="F"
    )
    taken_back(people, hip)
    ruled_on_twice(people, hip)
    asked(people, hip, answered=True)
    asked(people, hip, answered=False)
    returned(people, hip)
    rearranged(people, hip)
    dismissed(people, hip)
    imported_and_corrected(people)
    # Before there is a precedent that the changed rule would have to reverse.
    rule_changed(people, hip)
    kept_as_a_precedent(people, hip)
    waited(people, hip)
    coded_twice(people, hip)
    answered_checks(people)
    went_through_tables(people)
    settled_beside_the_rules(people)
    settled_by_the_house(people, hip)
    taken_away(people)
    kept_registers(people)
    factories.icd10cm("Q65.02", "Q65-")
    of_accounts(people)
    opened_outside_of_work(people, hip)


def of_accounts(people: factories.People) -> None:
    """A role that one administrator proposes and another one approves and signs, and a proposal taken back."""
    first, second = people["administrator"], people["administrator", 2]
    accounts.approve(second, accounts.propose_role(first, people["rule author", 2], "auditor"))
    accounts.withdraw(first, accounts.propose_role(first, people["rule author", 3], "auditor"))


@override_settings(CODERS_SEE="own", BREAK_GLASS_HOURS=4)
def opened_outside_of_work(people: factories.People, hip: RuleSetVersion) -> None:
    """A coder opens what another one decided, with a reason."""
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder", 2], encounter, factories.PAVLIK)
    glass.break_glass(people["coder"], encounter, "The provider asked about it.")


def waited(people: factories.People, hip: RuleSetVersion) -> None:
    """A service on hold, and one that was let go."""
    for released in (True, False):
        service = factories.service(people, hip)
        holds.hold(people["coder"], service, "The operative note is missing.")
        if released:
            holds.release(people["coder"], service)


def rule_changed(people: factories.People, hip: RuleSetVersion) -> None:
    """A newer version contradicts what is final; the cases are ruled on together."""
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    version = factories.publish(
        people, factories.draft_without_harness(people, hip), date(2026, 2, 1)
    )
    factories.finished(people, version, mode=RunMode.APPLY)
    for cluster in CaseCluster.objects.all():
        rule_cluster(people["supervisor"], cluster, UPHELD)


def kept_as_a_precedent(people: factories.People, hip: RuleSetVersion) -> None:
    """A ruling finds a rule wrong, and becomes a precedent; the defect is closed."""
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    case = factories.case_of(decision)
    ruling = factories.rule(
        people["supervisor"], case, RulingKind.RULE_DEFECT, code="27257", modifiers=("LT",)
    )
    precedents.record(
        people["supervisor"], ruling, ["treatment"], "A harness is a reduction here.", "The policy."
    )
    defects.close(people["rule author"], ruling.defect, None, "The rule is right.")


def coded_twice(people: factories.People, hip: RuleSetVersion) -> None:
    """A second coder, blind, finds something else; a comment asks the coder; a supervisor is away."""
    decision = factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)
    second = second_codings.ask(people["supervisor"], decision, people["coder", 2])
    second_codings.code_blind(
        people["coder", 2], second, BlindCode("27257", ("LT",), reason="A reduction.")
    )
    asked = comments.comment(
        people["supervisor"], factories.case_of(decision), "Which hip?", people["coder"]
    )
    comments.done(people["coder"], asked)
    today = timezone.localdate()
    absence = routing.enter_absence(
        people["supervisor"], people["supervisor", 2], today, today + timedelta(days=9)
    )
    routing.end_absence(people["supervisor"], absence)
