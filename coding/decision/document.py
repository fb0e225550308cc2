"""Reading a document strictly: every function names the place, what is wrong there, and what would be right."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from coding.decision.cells import Rows, rows_from_data
from coding.decision.errors import DuplicateId, MissingKey, UnknownKey, WrongType
from coding.decision.facts import FactDefinition

AnyEnum = TypeVar("AnyEnum", bound=StrEnum)


def check_object(data: Any, allowed: Collection[str], place: str) -> None:
    if not isinstance(data, Mapping):
        raise WrongType(f"{place} is an object, not “{data}”.")
    for key in data:
        if key not in allowed:
            raise UnknownKey(
                f"{place}: “{key}” is no part of it; allowed are {', '.join(sorted(allowed))}."
            )


def check_unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise DuplicateId(f"{what}: “{name}” stands there twice.")
        seen.add(name)


def list_of(data: Mapping[str, Any], key: str, place: str) -> list[Any] | tuple[Any, ...]:
    if key not in data:
        raise MissingKey(f"{place}: {key} is missing.")
    return optional_list(data, key, place)


def optional_list(data: Mapping[str, Any], key: str, place: str) -> list[Any] | tuple[Any, ...]:
    values = data.get(key, ())
    if not isinstance(values, list | tuple):
        raise WrongType(f"{place}: {key} is a list.")
    return values


def texts_of(data: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    texts = tuple(optional_list(data, key, place))
    for text in texts:
        if not isinstance(text, str):
            raise WrongType(f"{place}: {key} is a list of texts, but “{text}” stands in it.")
    return texts


def optional_text(data: Mapping[str, Any], key: str, place: str) -> str:
    text = data.get(key, "")
    if not isinstance(text, str):
        raise WrongType(f"{place}: {key} is a text, not “{text}”.")
    return text


def text_of(data: Mapping[str, Any], key: str, place: str) -> str:
    text = optional_text(data, key, place)
    if not text.strip():
        raise MissingKey(f"{place}: {key} is missing.")
    return text


def optional_number(data: Mapping[str, Any], key: str, place: str) -> int | None:
    number = data.get(key)
    # By its type: true and false are instances of int.
    if number is not None and type(number) is not int:
        raise WrongType(f"{place}: {key} is a whole number, not “{number}”.")
    return number


def optional_truth(data: Mapping[str, Any], key: str, place: str) -> bool:
    truth = data.get(key, False)
    if type(truth) is not bool:
        raise WrongType(f"{place}: {key} is true or false, not “{truth}”.")
    return truth


def rows_of(data: Mapping[str, Any], facts: Mapping[str, FactDefinition], place: str) -> Rows:
    rows = rows_from_data(facts, list_of(data, "rows", place), place)
    if not rows:
        raise MissingKey(
            f"{place}: rows is empty, so it never applies; what always applies has one empty row."
        )
    return rows


def one_of(kinds: type[AnyEnum], value: Any, place: str) -> AnyEnum:
    try:
        return kinds(value)
    except ValueError:
        raise WrongType(f"{place}: “{value}” is none of {', '.join(kinds)}.") from None
