"""The account of an item: each element that its source holds was taken, was named in a remark, or is named now.

What an element is, each format says in an ``elements`` module of its own, which reads the source by itself and knows
nothing of how values are made of it. So the sum holds whatever a reader forgets: seen = taken + told.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from coding.intake.drafts import EncounterTexts, Problem, Remark
from coding.intake.texts import left_out
from coding.intake.values import counted

WORD = re.compile(r"[^\s“”,;:()]+")
NO_NAMES: Mapping[str, str] = {}


class Element(NamedTuple):
    """A code, a day, a name or a text of the source: what it is in words, the ``key`` that shows what became of it."""

    what: str
    key: str
    place: str = ""
    is_text: bool = False


class Account(NamedTuple):
    """How many elements were seen, taken, and told already, and the remarks that tell the others now."""

    seen: int
    taken: int
    told_before: int
    told_now: int
    remarks: tuple[Remark, ...]


def account(
    elements: Iterable[Element],
    texts: EncounterTexts,
    faults: Iterable[Problem | Remark],
    used: Container[str] = (),
) -> Account:
    """What became of each element.

    ``used`` are keys that have their effect without standing in the texts, such as a charge that was credited. A key
    that stands there twice is taken twice: the same code sent again says nothing else.
    """
    taken = set(_values(texts))
    words = _words(faults)
    counts: Counter[str] = Counter()
    untold: dict[tuple[str, str], Remark] = {}
    for element in elements:
        fate = _fate(element, texts, taken, used, words)
        counts[fate] += 1
        if fate == "told now":
            remark = left_out(f"{element.what} {element.key[:60]}", element.place)
            untold.setdefault((element.what, element.key), remark)
    remarks = tuple(untold.values())
    return Account(
        counts.total(), counts["taken"], counts["told before"], counts["told now"], remarks
    )


def _fate(
    element: Element,
    texts: EncounterTexts,
    taken: Container[str],
    used: Container[str],
    words: Mapping[str, set[int]],
) -> str:
    if element.is_text:
        return "taken" if element.key.strip() in texts.note else "told now"
    if element.key in taken or element.key in used:
        return "taken"
    # By one remark: words that several share tell nothing together.
    telling = [words.get(word, set()) for word in WORD.findall(element.key)]
    return "told before" if telling and set.intersection(*telling) else "told now"


def _values(texts: EncounterTexts) -> Iterator[str]:
    yield from texts.diagnoses
    yield from (texts.date_of_service, texts.place_of_service, texts.provider, texts.payer)
    for line in texts.service_lines:
        yield line.code
        yield from line.modifiers


def _words(faults: Iterable[Problem | Remark]) -> Mapping[str, set[int]]:
    """The words of what was said, with and without the stop at the end of a sentence, and which remarks have them."""
    words: dict[str, set[int]] = {}
    for number, fault in enumerate(faults):
        text = f"{fault.text} {fault.value}" if isinstance(fault, Problem) else fault.text
        for word in WORD.findall(text):
            for way in (word, word.rstrip(".")):
                words.setdefault(way, set()).add(number)
    return words


def kinds_left_out(
    kinds: Iterable[str],
    carried: Container[str],
    noun: str = "",
    names: Mapping[str, str] = NO_NAMES,
) -> list[Remark]:
    """The kinds of parts that are none of those ``carried``, each once with their number, or by a name of its own."""
    remarks = []
    for kind, count in Counter(kinds).items():
        if kind not in carried:
            parts = counted(count, f"{kind}{noun}")
            remarks.append(left_out(names.get(kind, parts)))
    return remarks
