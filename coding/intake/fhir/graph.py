"""Resources of a FHIR file as models, and the ones they point to."""

from typing import Any, BinaryIO, NamedTuple, TypeVar

from pydantic import ValidationError

from coding.intake.drafts import Problem, Remark
from coding.intake.fhir.index import DEPENDENTS, Index, canonical, server_of
from coding.intake.fhir.json import Malformed, text_at
from coding.intake.fhir.resources import Condition, Element, Reference
from coding.intake.texts import LARGEST_ENCOUNTER, problem

MOST_PROBLEMS = 20
# Of what many encounters point to, such as a practitioner.
MOST_KEPT, LARGEST_KEPT = 500, 20_000
SHAPES = {
    "string_type": "has to be a text",
    "tuple_type": "has to be a list",
    "model_type": "has to be an object",
    "model_attributes_type": "has to be an object",
}
OTHER_SHAPE = "does not have the shape that FHIR R4 gives it"
FIELDS = {
    "Condition": "diagnoses",
    "Procedure": "service_lines",
    "Claim": "service_lines",
    "Patient": "patient_reference",
}
Kind = TypeVar("Kind", bound=Element)


class Located(NamedTuple):
    """A resource as JSON, where it stands, the names by which others point to it, and the server of its address."""

    resource: Any
    place: str
    names: tuple[str, ...] = ()
    server: str = ""

    @property
    def kind(self) -> str:
        """The type of the resource."""
        return text_at(self.resource, "resourceType")

    def at(self, *path: str | int) -> str:
        """Where a part of the resource stands: entry[3].resource.period.start."""
        steps = "".join(map(_step, path))
        if self.place.endswith("resource"):
            return (self.place + steps).lstrip(".")
        return self._on_line(steps)

    def _on_line(self, steps: str) -> str:
        parts = (self.place, steps.lstrip("."))
        return ", ".join(part for part in parts if part)


class Graph:
    """Reads resources by number or reference, and notes what is wrong and which pieces were read."""

    def __init__(self, index: Index, file: BinaryIO) -> None:
        self.index, self.file = index, file
        self.problems: list[Problem] = []
        self.remarks: list[Remark] = []
        self.used: set[int] = set()
        self._kept: dict[int, Located] = {}

    def begin(self) -> None:
        """Forget what was noted for the item before."""
        self.problems, self.remarks, self.used = [], [], set()

    def resource(self, piece: int) -> Located | None:
        """The resource of a piece; None, and a problem, where it is malformed."""
        self.used.add(piece)
        if piece in self._kept:
            return self._kept[piece]
        stands = self.index.piece(piece)
        try:
            resource, names, server = self.index.resource(piece, self.file)
        except Malformed as error:
            self.problems.append(problem("", str(error), place=stands.place))
            return None
        place = f"{stands.place}.resource" if stands.is_entry else stands.place
        located = Located(resource, place, names, server)
        if stands.length <= LARGEST_KEPT:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[piece] = located
        return located

    def linked(
        self, *references: str, kinds: tuple[str, ...] = (*DEPENDENTS, "Coverage")
    ) -> list[Located]:
        """The resources of these kinds that point to any of the references, in the file's order."""
        pieces = self.index.linked(references)
        if sum(self.index.piece(piece).length for piece in pieces) > LARGEST_ENCOUNTER:
            text = "The resources that point to this are larger than 40 MB together. Send its attachments apart."
            self.problems.append(problem("", text))
            return []
        wanted = []
        for piece in pieces:
            located = self.resource(piece)
            if located is None:
                continue
            if located.kind in kinds:
                wanted.append(located)
            else:
                self.used.discard(piece)
        for located in wanted:
            self.tell_twins(located)
        return wanted

    def target(self, reference: Reference, holder: Located) -> Located | None:
        """The resource that a reference points to, if the file holds it; one of another server is not meant."""
        if reference.reference.startswith("#"):
            return _contained(holder, reference.reference[1:])
        name = canonical(reference.reference)
        piece = self.index.target(name)
        if piece is None:
            return None
        located = self.resource(piece)
        if located is None or are_two({server_of(reference.reference), located.server}):
            return None
        self.tell_twins(located)
        return located

    def tell_twins(self, located: Located) -> None:
        """Note a problem if the file holds another resource of the same name."""
        for name in located.names:
            second = self.index.twin(name)
            if second is None:
                continue
            first = self.index.target(name)
            if first is not None:
                self._tell_twice(name, first, second)
                return

    def _tell_twice(self, name: str, first: int, second: int) -> None:
        """Note the problem of a name under which two pieces stand, once for an item."""
        # Both belong into an excerpt, or it would decide between them.
        self.used.update((first, second))
        here = self.index.piece(first).place
        there = self.index.piece(second).place
        again = self.resource(second)
        how = ", with other content," if again and again.resource else " is deleted"
        text = f"{name[:60]} stands at {here} and{how} at {there}. Keep one of them."
        twice = problem("", text, place=here)
        if twice not in self.problems:
            self.problems.append(twice)

    def model(self, kind: type[Kind], located: Located | None) -> Kind | None:
        """The resource as a model; None, and problems, where a part of it has the wrong shape."""
        if located is None:
            return None
        try:
            return kind.model_validate(located.resource)
        except ValidationError as error:
            field = FIELDS.get(located.kind, "")
            for wrong in error.errors(include_url=False, include_context=False)[:MOST_PROBLEMS]:
                # Pydantic names the alternatives of a value that may be of several kinds as a step of its path.
                steps = [step for step in wrong["loc"] if not str(step).startswith("tuple[")]
                text = f"This {SHAPES.get(wrong['type'], OTHER_SHAPE)}."
                value = _shown(wrong["input"])
                self.problems.append(problem(field, text, value, located.at(*steps)))
            return None

    def condition(self, reference: Reference, holder: Located) -> Condition | None:
        """The condition that a reference points to; a problem where the file lacks it."""
        located = self.target(reference, holder)
        if located is None:
            text = "The condition is not in the file. Export conditions together with their encounters."
            self.problems.append(problem("diagnoses", text, reference.reference, holder.place))
        return self.model(Condition, located)


def _step(step: str | int) -> str:
    """A step of a path as FHIRPath writes it: the place in a list, or the name of a member."""
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def are_two(servers: set[str]) -> bool:
    """Whether two servers are named; a reference without one contradicts none."""
    return len(servers - {""}) > 1


def _contained(holder: Located, identity: str) -> Located | None:
    contained = holder.resource.get("contained")
    for at, inner in enumerate(contained if isinstance(contained, list) else []):
        if text_at(inner, "id") == identity:
            return Located(inner, holder.at("contained", at))
    return None


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else type(value).__name__
