"""Which facts of a rule set a check of the claim asks for, by the role that they play in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coding.decision.cells import check_name
from coding.decision.document import check_object, text_of, texts_of
from coding.decision.errors import DanglingFact, WrongType
from coding.decision.facts import FactDefinition


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """The fact that plays a role, and the codes, or ranges such as ``00100-01999``, that the check then looks at."""

    role: str
    fact: str
    codes: tuple[str, ...] = ()


def claim_from_data(data: Any, facts: Mapping[str, FactDefinition]) -> tuple[ClaimFact, ...]:
    """The roles of a document, an object by role."""
    if not isinstance(data, Mapping):
        raise WrongType(f"the rule set: claim is an object of roles, not “{data}”.")
    return tuple(_claim_fact(role, data[role], facts) for role in sorted(data))


def _claim_fact(role: str, data: Any, facts: Mapping[str, FactDefinition]) -> ClaimFact:
    place = f"claim, {role}"
    check_name(role, place)
    check_object(data, {"fact", "codes"}, place)
    fact = text_of(data, "fact", place)
    if fact not in facts:
        raise DanglingFact(f"{place}: there is no fact “{fact}”.")
    codes = texts_of(data, "codes", place)
    for code in codes:
        check_name(code, place)
    return ClaimFact(role, fact, codes)


def claim_to_data(claim: tuple[ClaimFact, ...]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for own in claim:
        data[own.role] = {"fact": own.fact}
        if own.codes:
            data[own.role]["codes"] = list(own.codes)
    return data
