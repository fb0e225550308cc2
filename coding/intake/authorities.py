"""Which authority gave a number: its names as files write them, and whether two names are of one authority. Pure.

HL7 names an authority by a short name of its own, by a worldwide one, or by both (EXAMPLE^2.16.840.1^ISO); FHIR by an
address (urn:oid:2.16.840.1). A text that holds both names has a ^ between them.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

OID = re.compile(r"[0-2](?:\.[0-9]+)+")
PREFIX = re.compile(r"urn:(?:oid|uuid):", re.IGNORECASE)
SEPARATOR = "^"


class Authority(NamedTuple):
    """The names of an authority: a short one, which others may use too, and a worldwide one. Either may be empty."""

    short: str = ""
    worldwide: str = ""

    def __str__(self) -> str:
        # A worldwide name that does not show by itself that it is one keeps its place.
        is_plain = not self.worldwide or _names_of(self.worldwide).worldwide == self.worldwide
        separator = SEPARATOR if self.worldwide and (self.short or not is_plain) else ""
        return f"{self.short}{separator}{self.worldwide}"


def written(short: str, worldwide: str) -> str:
    """The text of an authority that has these names."""
    return str(Authority(short, PREFIX.sub("", worldwide)))


def are_two_authorities(first: str, second: str) -> bool:
    """Whether two texts name two authorities. One that is empty contradicts none.

    Of worldwide names another one is another authority, whatever both are called for short.
    """
    if not (first and second):
        return False
    names, others = _names_of(first), _names_of(second)
    if names.worldwide and others.worldwide:
        return names.worldwide.casefold() != others.worldwide.casefold()
    return _in_one_case(names).isdisjoint(_in_one_case(others))


def _in_one_case(names: Authority) -> set[str]:
    """The names that an authority has, as they are compared."""
    return {name.casefold() for name in names if name}


def known_as(text: str) -> str:
    """The one name by which the register knows an authority: the worldwide one, if that is a number or an address."""
    if not text:
        return ""
    names = _names_of(text)
    is_address = bool(OID.fullmatch(names.worldwide)) or ":" in names.worldwide
    return names.worldwide if is_address or not names.short else names.short


def spellings(name: str) -> set[str]:
    """How files may have written a name by which the register knows an authority."""
    return {name, f"urn:oid:{name}"} if OID.fullmatch(name) else {name}


def resolved(text: str, aliases: Mapping[str, str]) -> str:
    """The text of an authority under the name that an administrator gave for it, by ``alias_key``.

    Of one that tells its worldwide name that alone is looked up: others may have its short one too.
    """
    if not (text and aliases):
        return text
    names = _names_of(text)
    target = aliases.get(alias_key(names.worldwide or names.short))
    if target is None:
        return text
    meant = _names_of(target)
    return str(Authority(meant.short or names.short, meant.worldwide))


def alias_key(name: str) -> str:
    """Equal for spellings of one name."""
    return PREFIX.sub("", name.strip()).casefold()


def _names_of(text: str) -> Authority:
    short, has_both, worldwide = text.strip().partition(SEPARATOR)
    if has_both:
        return Authority(short, PREFIX.sub("", worldwide))
    plain = PREFIX.sub("", short)
    is_worldwide = plain != short or ":" in short or bool(OID.fullmatch(short))
    return Authority("", plain) if is_worldwide else Authority(short, "")
