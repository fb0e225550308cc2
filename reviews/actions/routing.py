"""What routing rules make of new cases; and the verbs on the rules and on absences."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.locks import locked
from coding.actions.require import require
from coding.models import Encounter, ServiceLine, User
from reviews.actions.cases import move
from reviews.actions.claims import HAND_OVER, judges_of, present
from reviews.models import Absence, Priority, Recipient, ReviewCase, RouteReason, RoutingRule

MAY_SET_RULES = "reviews.change_routingrule"
MAY_ENTER_ABSENCES = "reviews.add_absence"

Reasons = Mapping[ReviewCase, Sequence[RouteReason]]


def route(cases: Reasons) -> list[trail.Entry]:
    """Give new cases their priority, their date and their holder, as the first rule that fits says.

    Part of the verbs that open cases, whose events tell the rows; the entries say to whom a case was given.
    """
    rules = list(RoutingRule.objects.filter(is_on=True).select_related("person", "team"))
    if not rules or not cases:
        return []
    situations = _Situations(cases, rules)
    entries = []
    for case, reasons in cases.items():
        fitting = (rule for rule in rules if situations.fits(rule, case, reasons))
        first = next(fitting, None)
        if first is not None:
            entries += _follow(first, case)
    return entries


class _Situations:
    """What rules ask of cases beside the cases themselves, read for all of them at once."""

    def __init__(self, cases: Reasons, rules: Sequence[RoutingRule]) -> None:
        keys = {case.service.encounter_id for case in cases}
        encounters = Encounter.objects.filter(pk__in=keys)
        self.payers = dict(encounters.values_list("pk", "registered_payer"))

        self.submitted: dict[int, set[str]] = defaultdict(set)
        if any(rule.code for rule in rules):
            services = [case.service_id for case in cases]
            lines = ServiceLine.objects.standing().filter(service__in=services)
            for service, code in lines.values_list("service", "code"):
                self.submitted[service].add(code)

    def fits(self, rule: RoutingRule, case: ReviewCase, reasons: Sequence[RouteReason]) -> bool:
        """Whether all that a rule names is so."""
        return (
            rule.reason in ("", *reasons)
            and rule.rule_set_id in (None, case.service.rule_set_id)
            and rule.payer_id in (None, self.payers[case.service.encounter_id])
            and rule.coder_id in (None, case.coder_id)
            and (not rule.code or rule.code in self._codes(case))
        )

    def _codes(self, case: ReviewCase) -> set[str]:
        """Submitted, decided or suggested."""
        codes = self.submitted[case.service_id] | {case.decision.code}
        if case.suggestion:
            codes.add(case.suggestion.code)
        return codes


def _follow(rule: RoutingRule, case: ReviewCase) -> list[trail.Entry]:
    case.priority = Priority(rule.priority)
    case.due_on = None
    if rule.due_in_days is not None:
        case.due_on = timezone.localdate() + timedelta(days=rule.due_in_days)
    case.routed_by = rule
    case.save(update_fields=["priority", "due_on", "routed_by"])

    to = _recipient(rule, case)
    if to is None:
        return []
    move(case, HAND_OVER, holder=to)
    after = {"service": case.service.number, "held by": to.name, "by rule": rule.name}
    return [trail.Entry(HAND_OVER.event, case, case.service.encounter, after=after, rows=[case])]


def _recipient(rule: RoutingRule, case: ReviewCase) -> User | None:
    """Who gets a case by a rule; nobody where they may not judge it, or are away and nobody stands in."""
    judges = present(judges_of(case))
    match rule.to:
        case Recipient.PERSON:
            named = judges.filter(pk__in=[rule.person_id]).first()
            absences = Absence.objects.today().filter(person=rule.person)
            stand_in = judges.filter(pk__in=absences.values("substitute"))
            return named or stand_in.first()
        case Recipient.TEAM:
            return judges.filter(teams=rule.team).first()
        case Recipient.BY_LOAD:
            return judges.first()
    return None


def save_rule(actor: User, rule: RoutingRule) -> None:
    """Add or change a routing rule. Cases that are in the queue already stay as they are."""
    require(actor, MAY_SET_RULES, "set routing rules")
    before = _in_trail(RoutingRule.objects.get(pk=rule.pk)) if rule.pk else {}
    with transaction.atomic():
        rule.full_clean()
        rule.save()
        trail.record(
            actor, "routing_rule.saved", rule, before=before, after=_in_trail(rule), rows=[rule]
        )


def _in_trail(rule: RoutingRule) -> dict[str, object]:
    """What a rule says, for the trail; what is empty is left out."""
    values: dict[str, object] = {}
    for field in RoutingRule._meta.concrete_fields:
        value = getattr(rule, field.name)
        if value and not field.primary_key:
            values[field.name] = value if isinstance(value, int) else str(value)
    return values


def enter_absence(
    actor: User, person: User, first_day: date, last_day: date, substitute: User | None = None
) -> Absence:
    """Take down that a person is away. Raises ValidationError, by field, for days that cannot be."""
    require(actor, MAY_ENTER_ABSENCES, "enter absences")
    if last_day < first_day:
        raise ValidationError({"last_day": "The last day lies before the first."})
    if last_day < timezone.localdate():
        raise ValidationError({"last_day": "These days are over. Enter what is to come."})
    if substitute == person:
        raise ValidationError(
            {"substitute": "Nobody stands in for themselves. Choose somebody else, or nobody."}
        )
    with transaction.atomic():
        absence = Absence.objects.create(
            person=person,
            first_day=first_day,
            last_day=last_day,
            substitute=substitute,
            entered_by=actor,
        )
        trail.record(actor, "absence.entered", absence, after=_days(absence), rows=[absence])
    return absence


def end_absence(actor: User, absence: Absence) -> None:
    """The person is back: the absence ends with yesterday. What is over, or ended already, stays."""
    require(actor, MAY_ENTER_ABSENCES, "enter absences")
    with transaction.atomic():
        [now] = locked(Absence.objects.filter(pk=absence.pk), "person")
        yesterday = timezone.localdate() - timedelta(days=1)
        if now.last_day <= yesterday:
            return
        before = _days(now)
        now.last_day = yesterday
        now.save(update_fields=["last_day"])
        trail.record(actor, "absence.ended", now, before=before, after=_days(now), rows=[now])


def _days(absence: Absence) -> dict[str, object]:
    days: dict[str, object] = {
        "who": absence.person.name,
        "from": str(absence.first_day),
        "until": str(absence.last_day),
    }
    if absence.substitute:
        days["stands in"] = absence.substitute.name
    return days
