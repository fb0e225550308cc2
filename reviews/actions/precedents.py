"""The verb that makes a ruling a precedent: a worked case of the rule set that stands until a version reverses it."""

import re
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_service, locked
from coding.actions.require import require
from coding.models import Encounter, Precedent, RuleSet, Service, User
from coding.rules import precedents
from reviews.actions.defects import version_of
from reviews.models import ENDS, ReviewCase, Ruling

MAY_RECORD = "coding.add_precedent"
# So many words in a row are the note's own and no longer chance.
WORDS_OF_A_QUOTE = 6


def record(
    actor: User, ruling: Ruling, deciding: Collection[str], title: str, basis: str
) -> Precedent:
    """Keep a ruling as a precedent of its rule set. ``deciding`` are the facts whose answers decided.

    Raises ValidationError, by field, for facts that the case does not answer and for words of the note; Conflict where
    the ruling is no longer the last word, decided nothing, or contradicts a precedent that stands.
    """
    require(actor, MAY_RECORD, "make rulings precedents")
    case = ruling.case
    _check_words(case.service.encounter, title=title, basis=basis)
    with transaction.atomic():
        service = lock_service(case.service)
        precedent = _precedent_of(ruling, service, deciding)
        precedent.title = title.strip()
        precedent.basis = basis.strip()
        precedent.recorded_by = actor
        _check_free(precedent, ruling.reported)
        precedent.save()

        after = {
            "precedent": precedent.name,
            "finds": precedent.words,
            "by": sorted(precedent.deciding),
        }
        trail.record(
            actor,
            "precedent.recorded",
            precedent,
            encounter=service.encounter,
            after=after,
            rows=[precedent],
        )
    return precedent


def _precedent_of(ruling: Ruling, service: Service, deciding: Collection[str]) -> Precedent:
    """What a ruling on a locked service found, with the answers that decided, numbered within its locked rule set."""
    case = ruling.case
    suggestion = case.suggestion
    if suggestion is None or service.rule_set is None or ruling.outcome not in ENDS:
        raise Conflict(
            "This ruling settles no answers of a rule set: there is nothing to keep as a precedent."
        )
    if ReviewCase.objects.filter(service=service, pk__gt=case.pk).exists():
        raise Conflict(
            "There is a newer case about this service. Make the last ruling a precedent."
        )
    [rule_set] = locked(RuleSet.objects.filter(pk=service.rule_set.pk))
    return Precedent(
        rule_set=rule_set,
        number=_next_number(rule_set),
        version=version_of(case),
        ruled_case=case.public_id,
        profile=suggestion.profile,
        deciding=_deciding(suggestion.profile.facts, deciding),
        outcome=ruling.outcome,
        code=ruling.code,
        modifiers=ruling.modifiers,
        further_lines=ruling.further_lines,
    )


def may_become_one(ruling: Ruling) -> bool:
    """Whether a ruling settled something that a rule set decides."""
    return ruling.case.suggestion_id is not None and ruling.outcome in ENDS


def _next_number(rule_set: RuleSet) -> int:
    last = Precedent.objects.filter(rule_set=rule_set).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _deciding(facts: dict[str, object], keys: Collection[str]) -> dict[str, object]:
    unknown = set(keys) - set(facts)
    if unknown or not keys:
        raise ValidationError(
            {"deciding": "Choose the answers that decided, out of those that the case holds."}
        )
    return {key: facts[key] for key in sorted(keys)}


def _check_free(precedent: Precedent, reported: str) -> None:
    """One precedent for a case, and none that says otherwise on the same answers."""
    if Precedent.objects.filter(ruled_case=precedent.ruled_case).exists():
        raise Conflict("This ruling is a precedent already.")
    standing = precedents.in_force(precedent.rule_set_id)
    for other in precedents.held(standing, precedent.profile.facts):
        if other.reported != reported:
            raise Conflict(
                f"{other.name} found {other.words} on answers that this case holds too. "
                "Reopen one of the two rulings, or choose answers that tell them apart."
            )


def _check_words(encounter: Encounter, **texts: str) -> None:
    """Refuse words of the note and the patient's reference: a rule set holds no text of a patient."""
    in_note = set(_runs(encounter.note))
    for field, text in texts.items():
        if encounter.patient_reference and encounter.patient_reference in text:
            raise ValidationError(
                {field: "The patient's reference stands here. A precedent names no patient."}
            )
        if in_note.intersection(_runs(text)):
            raise ValidationError(
                {
                    field: "Words of the note stand here. Say it in your own: a precedent quotes none."
                }
            )


def _runs(text: str) -> list[tuple[str, ...]]:
    """Every run of ``WORDS_OF_A_QUOTE`` words."""
    words = re.findall(r"\w+", text.casefold())
    last_start = len(words) - WORDS_OF_A_QUOTE
    return [tuple(words[at : at + WORDS_OF_A_QUOTE]) for at in range(last_start + 1)]
