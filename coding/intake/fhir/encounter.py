"""An Encounter of FHIR with all that points to it, as texts."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from coding.intake.accounts import kinds_left_out
from coding.intake.drafts import Covers, EncounterTexts, Remark
from coding.intake.fhir.claim import (
    Bill,
    Line,
    Services,
    bill_of,
    claim_reason,
    drafts_of,
    is_institutional,
    is_professional,
    replaced_by,
)
from coding.intake.fhir.codes import PROCEDURES, code_of, day_of, identifier_of, in_words
from coding.intake.fhir.conditions import diagnoses_of
from coding.intake.fhir.graph import Graph, Located
from coding.intake.fhir.index import DOCUMENTS
from coding.intake.fhir.notes import Notes, notes_of, replace_others
from coding.intake.fhir.people import (
    Named,
    name_in,
    patient,
    payer_of,
    place,
    provider,
    same_patient,
)
from coding.intake.fhir.resources import Claim, Document, Encounter, Procedure
from coding.intake.fhir.versions import advice
from coding.intake.texts import (
    birth_day,
    distinct,
    first,
    left_out,
    not_of_one_day,
    problem,
    sex_told,
)

REASONS = {
    "cancelled": "The encounter is cancelled.",
    "entered-in-error": "The encounter was entered in error.",
    "planned": "The encounter is planned; nothing was done yet.",
}
NOT_DONE = ("entered-in-error", "not-done", "preparation", "on-hold", "stopped")
# Encounters that are over, or of which nobody knows.
ENDED = ("", "finished", "unknown")
GOES_ON = "The encounter is not finished: {0}. What is here may not be all."
REPLACED = "Another claim replaces it."
STAY = "The stay is from {0} to {1}, and no service tells its day: the first was taken."


@dataclass(frozen=True, slots=True)
class Done:
    """A procedure that was done and has a code that counts, with its days and whoever did it."""

    line: Line
    performers: tuple[str, ...]


def encounter_texts(graph: Graph, encounter: Encounter, located: Located) -> EncounterTexts | None:
    """The texts of an encounter; None if there is nothing to code."""
    around = graph.linked(*located.names)
    if _tell_other_versions(graph, (located, *around)):
        return _of_another_version(encounter)
    graph.tell_twins(located)
    _tell_unfinished(graph, encounter, located)

    services = _services(graph, encounter, located, around)
    done = _procedures(graph, encounter, located, around)
    notes = _notes(graph, encounter, located, around, has_lines=bool(services.lines or done))
    _tell_uncharged(graph, services, done)
    # What was done stands for lines only where no claim bills any.
    unbilled = [] if services.lines else done
    lines = services.lines or [procedure.line for procedure in unbilled]
    _tell_again(graph, unbilled)
    _tell_others(graph, located)

    diagnoses = distinct([*services.diagnoses, *diagnoses_of(graph, encounter, located, around)])
    if not (lines or notes.text or graph.problems):
        _tell_diagnoses_alone(graph, diagnoses)
        return None

    return _texts(graph, encounter, located, _Coded(services, unbilled, lines, notes, diagnoses))


class _Coded(NamedTuple):
    """What there is to code of an encounter: lines that claims bill, or what was done where none does."""

    services: Services
    unbilled: Sequence[Done]
    lines: Sequence[Line]
    notes: Notes
    diagnoses: tuple[str, ...]


def _texts(graph: Graph, encounter: Encounter, located: Located, coded: _Coded) -> EncounterTexts:
    """The texts, with remarks on all that comes more than once though an encounter has one of it."""
    services = coded.services
    begun = day_of(encounter.period.start)
    days = distinct(chain.from_iterable(line.days for line in coded.lines))
    _tell_days(graph, encounter, located, days)
    services.tell_others(graph)
    named, person = patient(graph, encounter.subject, located, first([*days, begun]))
    places = _places(graph, encounter, located)
    performers = _performers(graph, coded.unbilled)
    number, authority = _own_number(encounter, located)
    return EncounterTexts(
        external_id=number,
        visit_authority=authority,
        **named.texts,
        birth_date=birth_day(person.birth_date, graph.remarks),
        sex=sex_told(person.gender, graph.remarks),
        # The day of the service; that of the stay or the bill only where nothing tells it.
        date_of_service=first([*sorted(days), *map(day_of, (begun, *services.billed))]),
        place_of_service=first([*services.line_places, *services.places, *places]),
        provider=_provider(graph, encounter, located, services, performers),
        payer=first(services.payers) or payer_of(graph, encounter.subject),
        note=coded.notes.text,
        documents=coded.notes.documents,
        superseded=coded.notes.superseded,
        diagnoses=coded.diagnoses,
        service_lines=drafts_of(coded.lines, coded.diagnoses),
        places={
            "date_of_service": located.at("period", "start"),
            "patient_reference": located.at("subject"),
            "provider": located.at("participant"),
        },
    )


def _own_number(encounter: Encounter, located: Located) -> tuple[str, str]:
    """The number of the visit with the system that gave it, or else the name of the resource."""
    if number := identifier_of(encounter.identifier, "VN"):
        return number.value, number.system
    name = located.names[0].rpartition(":")[2] if located.names else ""
    return encounter.id or name, ""


def _provider(
    graph: Graph,
    encounter: Encounter,
    located: Located,
    services: Services,
    performers: Sequence[str],
) -> str:
    """Who did what is coded; else whom the encounter names, and last whom the claim does."""
    by_service = first([*services.renderers, *performers])
    return by_service or provider(graph, encounter, located) or first(services.providers)


def _places(graph: Graph, encounter: Encounter, located: Located) -> tuple[str, ...]:
    """Where the encounter was; all places but the first are left out."""
    places = distinct(place(graph, stay.location, located) for stay in encounter.location)
    for site in places[1:]:
        graph.remarks.append(left_out(f"place of service {site}", located.at("location")))
    return places


def _tell_unfinished(graph: Graph, encounter: Encounter, located: Located) -> None:
    if encounter.status not in ENDED:
        graph.remarks.append(Remark(GOES_ON.format(encounter.status), located.at("status")))


def _tell_diagnoses_alone(graph: Graph, diagnoses: Sequence[str]) -> None:
    """Say that diagnoses came with nothing that they would be for."""
    if diagnoses:
        graph.remarks.append(left_out(f"diagnoses {', '.join(diagnoses)}"))


def _tell_other_versions(graph: Graph, parts: Sequence[Located]) -> bool:
    """Say which of the resources are of another version of FHIR, and whether any is."""
    others = {advice(part.resource): part.place for part in parts}
    others.pop("", None)
    graph.problems += [problem("", text, place=where) for text, where in others.items()]
    return bool(others)


def _tell_days(graph: Graph, encounter: Encounter, located: Located, days: Sequence[str]) -> None:
    """Say that services are of several days, or that a stay is and no service tells its own."""
    if several := not_of_one_day(days, located.at("period")):
        graph.problems.append(several)
    begun, ended = day_of(encounter.period.start), day_of(encounter.period.end)
    if not days and ended and ended != begun:
        graph.remarks.append(Remark(STAY.format(begun, ended), located.at("period")))


def _performers(graph: Graph, done: Sequence[Done]) -> tuple[str, ...]:
    """Who did the procedures; all but the first are left out."""
    names: list[str] = []
    for procedure in done:
        names += procedure.performers
    performers = distinct(names)
    for name in performers[1:]:
        graph.remarks.append(left_out(f"{name}, who did another of the procedures"))
    return performers


def _of_another_version(encounter: Encounter) -> EncounterTexts:
    """An encounter of which nothing is read but its number: what it calls so may mean something else."""
    number = identifier_of(encounter.identifier, "VN")
    return EncounterTexts(external_id=number.value if number else encounter.id)


def _notes(
    graph: Graph, encounter: Encounter, located: Located, around: list[Located], *, has_lines: bool
) -> Notes:
    """The encounter's documents. What cannot be read is a problem only if there is nothing else to code from."""
    documents = []
    for linked in around:
        own = graph.model(Document, linked) if linked.kind in DOCUMENTS else None
        if own and same_patient(graph, located, encounter.subject, linked, own.subject):
            documents.append((linked, own))
    notes = notes_of(graph, documents)
    for document in notes.signed:
        text = f"the signature of {document.number}, which is not here"
        graph.remarks.append(left_out(text))
    if not (notes.text or has_lines):
        graph.problems += notes.problems
        return notes
    for fault in notes.problems:
        graph.remarks.append(Remark(f"Left out of the note: {fault.text}", fault.place))
    return notes


def note_alone(graph: Graph, documents: list[Located], encounter: str) -> EncounterTexts | None:
    """The texts of documents whose encounter is not in the file; None if none holds any."""
    models = []
    for located in documents:
        if own := graph.model(Document, located):
            models.append((located, own))
    holder, document = models[0] if models else (documents[0], Document())
    for other, theirs in models[1:]:
        same_patient(graph, holder, document.subject, other, theirs.subject)
    notes = notes_of(graph, models)
    graph.problems += notes.problems
    if not (notes.text or notes.signed or graph.problems):
        return None
    is_here = graph.target(document.subject, holder) is not None
    named = patient(graph, document.subject, holder)[0] if is_here else Named("")
    return EncounterTexts(
        external_id=encounter.rpartition("/")[2].rpartition(":")[2],
        **named.texts,
        date_of_service=day_of(document.date or document.effective_date_time),
        note=notes.text,
        documents=(*notes.documents, *notes.signed),
        superseded=notes.superseded,
        covers=Covers.EDITED_NOTE if replace_others(models) else Covers.NOTE,
    )


def _services(
    graph: Graph, encounter: Encounter, located: Located, around: list[Located]
) -> Services:
    """What the claims say that count: of the same patient, not replaced, and the physician's beside a hospital's."""
    judged = _judged(graph, around)
    has_professional = any(is_professional(claim) for _, claim, why in judged if not why)
    services = Services()
    taken: set[Bill] = set()
    for linked, claim, why in judged:
        reason = why or _why_not_beside(claim, taken, has_professional=has_professional)
        if reason:
            graph.remarks.append(Remark(f"A claim was left out. {reason}", linked.place))
        elif same_patient(graph, located, encounter.subject, linked, claim.patient):
            taken.add(bill_of(claim))
            services.take(graph, claim, linked, located.names)
    return services


def _judged(graph: Graph, around: Sequence[Located]) -> list[tuple[Located, Claim, str]]:
    """The claims around an encounter, each with why it does not count by itself; empty for one that does."""
    claims = []
    for linked in around:
        claim = graph.model(Claim, linked) if linked.kind == "Claim" else None
        if claim:
            claims.append((linked, claim, claim_reason(claim)))
    counting = [claim for _, claim, why in claims if not why]
    replaced = set[str]().union(*map(replaced_by, counting))
    judged = []
    for linked, claim, why in claims:
        by_another = REPLACED if replaced.intersection(linked.names) else ""
        judged.append((linked, claim, why or by_another))
    return judged


def _why_not_beside(claim: Claim, taken: Container[Bill], *, has_professional: bool) -> str:
    """Why a claim does not count beside the others; empty for one that does."""
    if has_professional and is_institutional(claim):
        return "It is institutional, beside a professional one."
    if bill_of(claim) in taken:
        return "It bills what another claim bills already."
    return ""


def _procedures(
    graph: Graph, encounter: Encounter, located: Located, around: list[Located]
) -> list[Done]:
    procedures = []
    for linked in around:
        procedure = graph.model(Procedure, linked) if linked.kind == "Procedure" else None
        if procedure is None:
            continue
        if not same_patient(graph, located, encounter.subject, linked, procedure.subject):
            continue
        code = code_of(procedure.code, PROCEDURES)
        if procedure.status in NOT_DONE:
            what = code or in_words(procedure.code)
            text = f"procedure {what}, whose status is {procedure.status}"
            graph.remarks.append(left_out(text, linked.place))
        elif code:
            procedures.append(_done(graph, procedure, code, linked))
        else:
            graph.remarks.append(left_out(f"procedure {in_words(procedure.code)}", linked.place))
    return procedures


def _done(graph: Graph, procedure: Procedure, code: str, located: Located) -> Done:
    begun = procedure.performed_date_time or procedure.performed_period.start
    days = distinct(map(day_of, (begun, procedure.performed_period.end)))
    performers = (performer.actor for performer in procedure.performer)
    names = distinct(name_in(graph, performer, located) for performer in performers)
    return Done(Line(code, days=days), names)


def _tell_uncharged(graph: Graph, services: Services, done: list[Done]) -> None:
    """Say which procedures were done, but are on none of the claims."""
    if not services.lines:
        return
    billed = {line.code for line in services.lines}
    for code in distinct(procedure.line.code for procedure in done):
        if code not in billed:
            graph.remarks.append(left_out(f"procedure {code}, which no claim bills"))


def _tell_again(graph: Graph, done: Sequence[Done]) -> None:
    """Say which procedures stand there twice: they may be two, or one that was exported under two numbers."""
    times = Counter(procedure.line for procedure in done)
    again = [line.code for line, count in times.items() if count > 1]
    for code in distinct(again):
        text = f"{code} was done more than once, by what the file says. All were taken."
        graph.remarks.append(Remark(text))


def _tell_others(graph: Graph, located: Located) -> None:
    """Say which resources point to the encounter that are none of those that make one."""
    kinds: Counter[str] = Counter()
    for name in located.names:
        kinds.update(graph.index.others(name))
    graph.remarks += kinds_left_out(kinds, ())
