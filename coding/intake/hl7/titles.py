"""The names of the parts of a text: what OBX-3 calls each, such as history and findings, stands above it."""

from collections.abc import Mapping, Sequence

from coding.intake.hl7.segments import Segment

TEXT_KINDS = ("", "TX", "FT", "ST")


def with_titles(segments: Sequence[Segment], parts: Mapping[int, Sequence[str]]) -> str:
    """The lines of some segments, given by their numbers, as one text; names stand there where there are several."""
    texts = [segment for segment in segments if _is_text(segment) and parts[segment.number]]
    names = {segment.number: _name(segment) for segment in texts}
    if len(set(names.values())) < 2:
        names = {}
    lines: list[str] = []
    before = ""
    for segment in segments:
        if segment.number in names:
            name = names[segment.number]
            if name != before and not _begins_with(parts[segment.number], name):
                lines.append(name)
            before = name
        lines += parts[segment.number]
    return "\n".join(lines)


def _is_text(segment: Segment) -> bool:
    return segment.id == "OBX" and segment.component(2).upper() in TEXT_KINDS


def _name(segment: Segment) -> str:
    return segment.component(3, 2)


def _begins_with(lines: Sequence[str], name: str) -> bool:
    """Whether a text says its name itself; one without a name does."""
    return lines[0].lstrip().casefold().startswith(name.casefold())
