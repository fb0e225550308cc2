"""The boxes of forms: which options of which label are ticked.

A box stands before its option or behind it, which the line tells. An option that is not ticked is silent: it is neither
said nor denied. ``Yes`` and ``No`` answer the label, as words behind a question do. Where the line does not tell which
option a box belongs to, and where somebody was to choose and did not, all of it is silent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

BOX = re.compile(
    r"\[[ \t_]*\]|\[[ \t]*[xX✓✔*][ \t]*\]|\([ \t]{1,3}\)|\([ \t]*[xX✓✔][ \t]*\)|[☐☑☒✓✔]|_[xX]_"
)
TICK = re.compile(r"[xX✓✔☑☒*]")
# Where one line's groups end: behind a stop, at the end of the line.
CLAUSE = re.compile(r"[^\n\r;|]+?(?:[.;|](?=\s|$)|(?=[\n\r;|])|$)")
# A choice that somebody should have made.
UNMADE = re.compile(
    r"\((?:circle|select|choose|check|pick|tick)(?: (?:one|all|below|as)\b[^)]*)?\)"
    r"|:[ \t]*(?:yes[ \t]*/[ \t]*no|y[ \t]*/[ \t]*n|n[ \t]*/[ \t]*y|no[ \t]*/[ \t]*yes)[ \t]*(?=[.;\n\r]|$)",
    re.IGNORECASE,
)
# A field of a template that nobody filled in: stars, a line to write on, a list that nothing was chosen from.
UNFILLED = re.compile(
    r"(?P<label>[A-Za-z][\w/()'-]*(?: [\w/()'-]+){0,5})[ \t]*:[ \t]*"
    r"(?P<blank>(?:\*{3,}|_{3,}|\{[^}\n\r]*\})[^.;|\n\r]*)"
)
# A question with its answer on the same line, without a box.
ANSWERED = re.compile(
    r"(?P<label>[^?!]{3,80})\?[ \t]*(?P<answer>yes|no|y|n)[ \t]*[.,;]?[ \t]*\Z", re.IGNORECASE
)
# An option that answers its label, and what may explain it: “no - positioned only”.
YES_OR_NO = re.compile(r"(?P<word>yes|y|no|n)\b[ \t]*(?:[-–—,:(]|\Z)", re.IGNORECASE)
# Words that a label ends with where no colon does.
LABEL = re.compile(
    r"(?:an[ae]?esthe\w+|sedation|sedated|side|laterality|procedure|treatment|method|technique|reduction|reduced|cause|type"
    r"|result|outcome|device|manipulat\w+|maneuver|performed|given|used|done|placed|bedside|today|hip|joint)\W*$|[,?)-]\s*$",
    re.IGNORECASE,
)
COLUMN = re.compile(r"(?<=\S)(?:[ ]{2,}|\t)")
# The next label, behind the options of the one before.
NEXT_LABEL = re.compile(
    r"(?:(?<=[\s\])])[A-Z]|(?<=[ \t]{2})[a-z])[\w/()-]*(?: [a-z/(][\w/()-]*){0,3}[ \t]*[:?](?=\s)"
)
# Behind the options of a label, and a wide gap, words with a box of their own: “Side: [x] L [ ] R    Marked [x]”.
NEXT_BOX = re.compile(
    rf"(?:{'|'.join(rf'(?<=[^ ] {{{gap}}})' for gap in range(2, 9))})[A-Za-z][\w/()-]*(?: [\w/()-]+){{0,3}} (?=\[)"
)
LINE = re.compile(r"[^\n\r]+")
# What any line of a form has. Each way begins with a character of its own: so the search passes over others fastest.
HINT = re.compile(
    r":[ \t]*(?:\*{3}|_{3}|\{)"
    r"|\[|☐|☑|☒|✓|✔|_[xX]_"
    r"|\([ \t]*[xX✓✔]?[ \t]*\)|\((?:circle|select|choose|check|pick|tick)"
    r"|/[ \t]*(?:no|n|yes|y)\b|\?[ \t]*(?:no|n|yes|y)\b",
    re.IGNORECASE,
)
EDGES = " \t\r\n.,;:|/?-–•*"


class Place(NamedTuple):
    """Where something stands in the text."""

    start: int
    end: int


class Kind(StrEnum):
    """What a ticked option does: it is said of its label, or answers it. What nobody filled in answers nothing."""

    OPTION = "option"
    YES = "yes"
    NO = "no"
    BLANK = "blank"


class Answer(NamedTuple):
    """An option that is ticked, or what stands for one, with its label where there is one."""

    label: Place | None
    option: Place
    kind: Kind


@dataclass(frozen=True, slots=True)
class Form:
    """A part of a line that holds boxes, and what it says."""

    place: Place
    answers: tuple[Answer, ...]


def forms(text: str) -> Iterator[Form]:
    """The parts of a text that are boxes with their labels and options, or choices that nobody made; in order."""
    if not HINT.search(text):
        return
    for line in LINE.finditer(text):
        if HINT.search(text, *line.span()):
            for clause in CLAUSE.finditer(text, *line.span()):
                yield from _forms(text, Place(*clause.span()))


def _forms(text: str, clause: Place) -> Iterator[Form]:
    boxes = list(BOX.finditer(text, *clause))
    if not boxes:
        if UNMADE.search(text[clause.start : clause.end]):
            yield Form(clause, ())
        elif answered := ANSWERED.match(text[clause.start : clause.end]):
            yield Form(clause, (_answer_in_words(text, clause, answered),))
        else:
            for field in UNFILLED.finditer(text, *clause):
                yield Form(Place(*field.span()), (_unanswered(field),))
        return
    begin = clause.start
    labels = [label.start() for label in NEXT_LABEL.finditer(text, boxes[0].end(), clause.end)]
    if text[clause.start : boxes[0].start()].rstrip().endswith(":"):
        labels += [label.start() for label in NEXT_BOX.finditer(text, boxes[0].end(), clause.end)]
    for start in sorted(labels):
        yield _form(text, Place(begin, start))
        begin = start
    yield _form(text, Place(begin, clause.end))


def _unanswered(field: re.Match[str]) -> Answer:
    return Answer(Place(*field.span("label")), Place(*field.span("blank")), Kind.BLANK)


def _answer_in_words(text: str, clause: Place, answered: re.Match[str]) -> Answer:
    label, option = (
        Place(clause.start + answered.start(part), clause.start + answered.end(part))
        for part in ("label", "answer")
    )
    return _answer(text, _trimmed(text, label), option)


def _form(text: str, place: Place) -> Form:
    boxes = [Place(*box.span()) for box in BOX.finditer(text, *place)]
    if not boxes:
        return Form(place, ())
    label, before = _label(text, place, boxes[0].start)
    behind = _trimmed(text, Place(boxes[-1].end, place.end))
    if behind:
        options = _options_behind(text, boxes, place.end)
    else:
        options = _options_before(text, boxes, before)

    if behind and before:
        # What stands before the first box belongs to the label, unless it may be an option itself.
        words = text[before.start : boxes[0].start]
        is_label = label or LABEL.search(words) or _all_answer(text, options)
        if not is_label:
            return Form(place, ())
        label = Place((label or before).start, before.end)
    elif label is None and before:
        label, options[0] = _parted(text, before)

    if label and options == [None] and _is_ticked(text, boxes[0]):
        # A box alone behind its label is ticked for yes.
        return Form(place, (Answer(label, boxes[0], Kind.YES),))
    return Form(place, tuple(_answers(text, label, boxes, options)))


def _is_ticked(text: str, box: Place) -> bool:
    return bool(TICK.search(text[box.start : box.end]))


def _answers(
    text: str, label: Place | None, boxes: Iterable[Place], options: Iterable[Place | None]
) -> Iterator[Answer]:
    """The options that are ticked; “yes” and “no” without a label answer nothing."""
    for box, option in zip(boxes, options, strict=True):
        if option is None or not _is_ticked(text, box):
            continue
        answer = _answer(text, label, option)
        if answer.label or answer.kind is Kind.OPTION:
            yield answer
            if explanation := _trimmed(text, Place(answer.option.end, option.end)):
                yield Answer(None, explanation, Kind.OPTION)


def _label(text: str, place: Place, first_box: int) -> tuple[Place | None, Place | None]:
    """The label, before a colon or question mark, and what stands between it and the first box."""
    mark = max(text.rfind(":", place.start, first_box), text.rfind("?", place.start, first_box))
    if mark < 0:
        return None, _trimmed(text, Place(place.start, first_box))
    return _trimmed(text, Place(place.start, mark)), _trimmed(text, Place(mark + 1, first_box))


def _parted(text: str, words: Place) -> tuple[Place | None, Place | None]:
    """Label and first option, where neither colon nor box parts them: a column, or a last word that answers."""
    if column := COLUMN.search(text, *words):
        return Place(words.start, column.start()), _trimmed(text, Place(column.end(), words.end))
    last = text.rfind(" ", *words) + 1
    option = Place(max(last, words.start), words.end)
    if _answers_label(text, option):
        return _trimmed(text, Place(words.start, option.start)), option
    return None, words


def _options_behind(text: str, boxes: list[Place], end: int) -> list[Place | None]:
    ends = [box.start for box in boxes[1:]] + [end]
    return [_trimmed(text, Place(box.end, after)) for box, after in zip(boxes, ends, strict=True)]


def _options_before(text: str, boxes: list[Place], first: Place | None) -> list[Place | None]:
    between = [_trimmed(text, Place(box.end, after.start)) for box, after in pairwise(boxes)]
    return [first, *between]


def _all_answer(text: str, options: list[Place | None]) -> bool:
    """Whether all options are Yes or No."""
    return all(option and _answers_label(text, option) for option in options)


def _answer(text: str, label: Place | None, option: Place) -> Answer:
    """What an option says of its label; of one that answers it and explains why, the answer alone."""
    answer = YES_OR_NO.match(text, *option)
    if answer is None:
        return Answer(label, option, Kind.OPTION)
    kind = Kind.YES if answer["word"][0] in "yY" else Kind.NO
    return Answer(label, Place(*answer.span("word")), kind)


def _answers_label(text: str, option: Place) -> bool:
    return bool(YES_OR_NO.match(text, *option))


def _trimmed(text: str, place: Place) -> Place | None:
    """A place without marks and blanks at its ends; None if nothing is left."""
    start, end = place
    while start < end and text[start] in EDGES:
        start += 1
    while start < end and text[end - 1] in EDGES:
        end -= 1
    return Place(start, end) if start < end else None
