"""What stands around the questions of a service: the record beside them, and where the coder goes from here."""

import uuid
from collections.abc import Mapping
from operator import attrgetter

from coding.decision import FactDefinition
from coding.models import RuleSet, RuleSetVersion, Service
from coding.rules.shared_answers import OfferedAnswer
from reviews.coding_form.guided import GuidedForm, in_force
from reviews.coding_form.ledger import ledger
from reviews.forms.coding import AnswerForm
from reviews.models import ProviderQuery, QueryState


def around(service: Service) -> dict[str, object]:
    """What stands around the form: the record, the visit's other lines, what the provider answered."""
    encounter = service.encounter
    answered = ProviderQuery.objects.filter(service=service).exclude(state=QueryState.OPEN)
    return {
        "diagnoses": encounter.diagnoses.all(),
        "service_lines": encounter.service_lines.standing(),
        "revisions": encounter.revisions.all(),
        "ledger": ledger(encounter),
        "queries": answered,
        "round": service.rounds.filter(number=service.round).first(),
        "holds": list(service.holds.filter(released_at=None).select_related("held_by")),
    }


def newer_version(service: Service) -> RuleSetVersion | None:
    """The version in force, where the round keeps an older one."""
    if service.version is None:
        return None
    newer = in_force(service)
    return newer if newer != service.version else None


def question_form(
    guided: GuidedForm, ask: str, offers: Mapping[str, OfferedAnswer]
) -> AnswerForm | None:
    """The form of the open question that is asked for, or else of the next one; None where nothing is open."""
    may_be_asked = ask in guided.guidance.open_facts and guided.is_asked(ask)
    definition = guided.guidance.next_question
    if may_be_asked:
        definition = guided.table.fact_by_key[ask]
    if definition is None:
        return None

    # What the note says comes first; both are shown with their origin, and the coder confirms.
    likely = guided.proposed(definition.key) or _likely_offer(guided, definition, offers)
    value = likely.text if likely else None
    initial = {"value": value, "revision": guided.encounter.revision}
    return AnswerForm(definition, initial=initial)


def _likely_offer(
    guided: GuidedForm, definition: FactDefinition, offers: Mapping[str, OfferedAnswer]
) -> OfferedAnswer | None:
    """What another service of the encounter answers, if it is likely to be the answer here too."""
    sides = guided.table.opening.one_service.sides
    # Services of one family are apart because of the side, more often than not: it is offered, and not chosen.
    if sides is not None and sides.fact == definition.key:
        return None
    return offers.get(definition.key)


def next_open(guided: GuidedForm, fact: str) -> str:
    """The open question after this one, in a circle; empty where it is the only one."""
    questions = [definition.key for definition in guided.questions]
    if fact not in questions or len(questions) == 1:
        return ""
    following = questions.index(fact) + 1
    return questions[following % len(questions)]


def latest_fact(guided: GuidedForm) -> str:
    """The fact that was answered last; empty where none is."""
    if not guided.answers:
        return ""
    latest = max(guided.answers, key=attrgetter("answer.pk"))
    return latest.definition.key


def second_service(guided: GuidedForm) -> dict[str, object]:
    """Where the note tells several treatments: the other service of the rule set, or the key that opens it once."""
    if not guided.reading.treatments:
        return {}
    service = guided.service
    of_rule_set = service.encounter.services.standing().filter(rule_set=service.rule_set)
    others = of_rule_set.exclude(pk=service.pk)
    # The same on every page until a service is opened: a button that is pressed on two of them opens one.
    opened = service.encounter.services.count()
    return {
        "sibling": others.first(),
        "second_key": uuid.uuid5(service.public_id, f"after {opened} services"),
    }


def goes_on(guided: GuidedForm) -> list[tuple[RuleSet, uuid.UUID]]:
    """The rule sets in which the rules go on where the family has no code, each with the key that moves once."""
    outcome = guided.outcome
    if outcome is None or not outcome.see:
        return []
    service = guided.service
    named = RuleSet.objects.coding().filter(key__in=outcome.see)
    by_key = {rule_set.key: rule_set for rule_set in named}

    rule_sets = []
    for key in outcome.see:
        rule_set = by_key.get(key)
        if rule_set is not None and rule_set.pk != service.rule_set_id:
            moves_once = uuid.uuid5(service.public_id, f"go on in {key}")
            rule_sets.append((rule_set, moves_once))
    return rule_sets
