"""Where services stand, and what is final of them: the only writer of final codes and of states.

A decision, a ruling on one case or on a cluster, a query, a correction, an applied run all end here. The caller has
locked the services with their encounters (``coding.actions.locks``), and writes the entries that it gets back to the
trail in its own last statement: nothing is locked or computed after the trail's head.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.transitions import of
from coding.importing.kept_codes import Kept, keep
from coding.models import (
    Encounter,
    EncounterState,
    EncounterVoid,
    Service,
    ServiceLine,
    ServiceState,
)
from reviews.actions.reports import make, make_void
from reviews.blocking import what_blocks
from reviews.models import CodingDecision, FinalCode, Ruling, ServiceHold
from reviews.transitions import SERVICE

# An encounter's state is the first of these in which one of its services is; then it is blocked or final.
PRECEDENCE = (
    (ServiceState.TO_CODE, EncounterState.TO_CODE),
    (ServiceState.IN_REVIEW, EncounterState.IN_REVIEW),
    (ServiceState.AWAITING_PROVIDER, EncounterState.AWAITING_PROVIDER),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verb takes one locked service.

    ``rests_on`` is the decision or ruling whose code is final from now on. Without it the final code stands, though
    perhaps in question, unless it is ``taken_back``. ``rows`` are others that the verb wrote, which the event tells.
    """

    service: Service
    end: ServiceState
    rests_on: CodingDecision | Ruling | None = None
    taken_back: bool = False
    rows: Sequence[Model] = ()


def settle(verb: str, steps: Sequence[Step]) -> list[trail.Entry]:
    """Take services where a verb leads them, with their final codes and their encounters; the entries for the trail.

    Raises Conflict where the table of transitions does not lead from where a service stands.
    """
    for step in steps:
        _check(verb, step)

    # Read before anything is written: the entries tell what was final until now.
    earlier_finals = _current_finals(steps)
    lines = _lines(steps)

    ended_holds = _end_holds(steps)
    new_finals = _store_finals(steps)
    _store_states(steps)

    entries = []
    for step in steps:
        key = step.service.pk
        before, new = earlier_finals.get(key), new_finals.get(key)
        entry = _entry(step, before, new, lines[key], ended_holds[key])
        entries.append(entry)

    encounters = {step.service.encounter_id for step in steps}
    return entries + refresh(encounters)


def _check(verb: str, step: Step) -> None:
    transition = of(SERVICE, verb)
    state = ServiceState(step.service.state)
    if state not in transition.start or step.end not in transition.end:
        raise Conflict(
            f"You cannot {verb} this: it is {state.label.lower()} by now. Reload it to see where it stands."
        )


def _current_finals(steps: Iterable[Step]) -> dict[int, FinalCode]:
    finals = FinalCode.objects.current().filter(service__in=[step.service.pk for step in steps])
    return {final.service_id: final for final in finals}


def _lines(steps: Iterable[Step]) -> dict[int, list[str]]:
    """The submitted lines that each service answers for, in words."""
    lines: dict[int, list[str]] = {step.service.pk: [] for step in steps}
    for line in ServiceLine.objects.standing().filter(service__in=lines):
        lines[line.service_id].append(str(line))
    return lines


def _end_holds(steps: Iterable[Step]) -> defaultdict[int, list[ServiceHold]]:
    """What is no longer to be coded waits no more; the rows by service. The verb says who ended it."""
    left = [step.service.pk for step in steps if step.end != ServiceState.TO_CODE]
    ended: defaultdict[int, list[ServiceHold]] = defaultdict(list)
    for row in ServiceHold.objects.filter(service__in=left, released_at=None):
        ended[row.service_id].append(row)
    # Hardly any service waits: without one there is nothing to update, and no query.
    waiting = ServiceHold.objects.filter(service__in=list(ended), released_at=None)
    waiting.update(released_at=timezone.now())
    return ended


def _store_finals(steps: Iterable[Step]) -> dict[int, FinalCode]:
    """Write what is final from now on, by service."""
    ended = [step.service.pk for step in steps if step.rests_on or step.taken_back]
    FinalCode.objects.current().filter(service__in=ended).update(superseded=True)

    finals = [_final(step.service, step.rests_on) for step in steps if step.rests_on]
    new = FinalCode.objects.bulk_create(finals)
    keep(Kept(final.service.encounter_id, final.service_id, final.code) for final in new)
    return {final.service_id: final for final in new}


def _final(service: Service, rests_on: CodingDecision | Ruling) -> FinalCode:
    return FinalCode(
        service=service,
        decision=rests_on if isinstance(rests_on, CodingDecision) else None,
        ruling=rests_on if isinstance(rests_on, Ruling) else None,
        outcome=rests_on.outcome,
        code=rests_on.code,
        modifiers=rests_on.modifiers,
        further_lines=rests_on.further_lines,
        units=rests_on.units,
        diagnosis_codes=rests_on.diagnosis_codes,
    )


def _store_states(steps: Iterable[Step]) -> None:
    moves: dict[tuple[str, ServiceState], list[int]] = defaultdict(list)
    for step in steps:
        moves[step.service.state, step.end].append(step.service.pk)

    for (start, end), keys in moves.items():
        # The state is a condition too: a caller that forgot a lock must not undo what another one settled.
        moved = Service.objects.filter(pk__in=keys, state=start).update(state=end)
        if moved != len(keys):
            raise Conflict("Somebody was faster: the service stands elsewhere by now. Reload it.")

    for step in steps:
        step.service.state = step.end


def refresh(encounters: Iterable[int]) -> list[trail.Entry]:
    """Let locked encounters stand where their services stand, and report those that are final by that.

    One whose services are all settled is blocked while ``what_blocks`` names anything, and else final.
    """
    keys = set(encounters)
    voids = EncounterVoid.objects.filter(encounter__in=keys)
    voided = set(voids.values_list("encounter", flat=True))
    by_state: dict[EncounterState, list[int]] = defaultdict(list)
    for encounter, present in _states_of_services(keys).items():
        state = EncounterState.VOID if encounter in voided else state_of(present)
        by_state[state].append(encounter)

    settled = by_state.pop(EncounterState.FINAL, [])
    for row in Encounter.objects.filter(pk__in=settled).only("documents"):
        state = EncounterState.BLOCKED if what_blocks(row) else EncounterState.FINAL
        by_state[state].append(row.pk)

    for state, own in by_state.items():
        # PostgreSQL writes a row anew even where no value changes; most stand there already.
        Encounter.objects.filter(pk__in=own).exclude(state=state).update(state=state)
    return make(by_state[EncounterState.FINAL]) + make_void(by_state[EncounterState.VOID])


def _states_of_services(encounters: Iterable[int]) -> dict[int, set[str]]:
    """In which states the standing services of each encounter are; none for one without services."""
    states: dict[int, set[str]] = {encounter: set() for encounter in encounters}
    standing = Service.objects.standing().filter(encounter__in=states)
    for encounter, state in standing.values_list("encounter", "state"):
        states[encounter].add(state)
    return states


def state_of(services: set[str]) -> EncounterState:
    """The state of an encounter by those of its services, if nothing blocks it; to code while it has none."""
    for service, encounter in PRECEDENCE:
        if service in services:
            return encounter
    return EncounterState.FINAL if services else EncounterState.TO_CODE


def _entry(
    step: Step,
    before: FinalCode | None,
    new: FinalCode | None,
    lines: list[str],
    ended: Sequence[ServiceHold],
) -> trail.Entry:
    """What was settled, with every value: it has to be explained when the rows say something else."""
    service = step.service
    earlier_code = str(before) if before else None
    after = {
        "service": service.number,
        "round": service.round,
        "state": step.end.label,
        "final code": _final_code(step, earlier_code),
        "units": step.rests_on.units if step.rests_on else None,
        "lines": lines,
    }
    finals = [final for final in (before, new) if final]
    return trail.Entry(
        "service.settled",
        service,
        service.encounter,
        before={"final code": earlier_code},
        after=after,
        rows=[service, service.encounter, *finals, *ended, *step.rows],
    )


def _final_code(step: Step, earlier_code: str | None) -> str | None:
    """What is final once a step is taken, in words; None where nothing is."""
    if step.rests_on:
        return str(step.rests_on)
    return None if step.taken_back else earlier_code
