"""Codes of FHIR: which systems count, and what they say."""

import re
from collections.abc import Iterable

from coding.decision.shapes import ISO_DAY
from coding.intake.fhir.resources import Concept, Identifier
from coding.intake.whose import OF_PAYERS

DIAGNOSES = ("http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90")
ICD_9 = (
    "http://hl7.org/fhir/sid/icd-9-cm",
    "http://hl7.org/fhir/sid/icd-9-cm/diagnosis",
    "urn:oid:2.16.840.1.113883.6.103",
)
PROCEDURES = (
    "http://www.ama-assn.org/go/cpt",
    "urn:oid:2.16.840.1.113883.6.12",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "https://www.cms.gov/Medicare/Coding/MedHCPCSGenInfo",
    "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes",
    "urn:oid:2.16.840.1.113883.6.285",
)
# Names by which people know them; others are shown by the end of their address.
SYSTEMS = {
    "http://snomed.info/sct": "SNOMED",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://loinc.org": "LOINC",
}
# Numbers that say who somebody is elsewhere, not which patient of the sender it is.
NEVER_TYPES = ("SS", "DL", "PPN", "TAX")
NEVER_IN_WORDS = re.compile(r"\bssn?\b|social security|licen[cs]e|passport|tax", re.IGNORECASE)
SYSTEMS_OF_PAYERS = re.compile(
    r"us-mbi|us-medicare|2\.16\.840\.1\.113883\.4\.(572|927)$", re.IGNORECASE
)
LAST_USES = ("temp", "secondary")
NEVER_SYSTEMS = re.compile(r"us-ssn|2\.16\.840\.1\.113883\.4\.1$|us-dl|passport", re.IGNORECASE)
PLACES = re.compile(r"place[-_]of[-_]service|serviceplace", re.IGNORECASE)
MOMENT = re.compile(f"({ISO_DAY.pattern})T")


def code_of(concept: Concept, systems: tuple[str, ...]) -> str:
    """The code that one of these systems has for a concept."""
    for coding in concept.coding:
        if coding.system in systems and coding.code:
            return coding.code
    return ""


def has_code(concept: Concept, code: str) -> bool:
    """Whether a concept has this code, whatever its system."""
    return any(coding.code == code for coding in concept.coding)


def place_of_service(concepts: Iterable[Concept]) -> str:
    """The CMS place of service among some concepts."""
    for concept in concepts:
        for coding in concept.coding:
            if PLACES.search(coding.system):
                return coding.code
    return ""


def day_of(moment: str) -> str:
    """The local day of a moment, as it is written."""
    match = MOMENT.match(moment)
    return match[1] if match else moment


def in_words(concept: Concept) -> str:
    """A concept that is not taken: its first code with its system, or its words."""
    coding = next((coding for coding in concept.coding if coding.code), None)
    if coding is None:
        return concept.words[:60] or "without a code"
    system = SYSTEMS.get(coding.system) or coding.system.rstrip("/").rpartition("/")[2]
    return f"{coding.code} in {system}" if system else f"{coding.code} without a system"


def counts(identifier: Identifier, day: str) -> bool:
    """Whether an identifier tells which patient it is on a day: none that is old, expired, or a number of a state."""
    if not identifier.value or identifier.use == "old" or _never_counts(identifier):
        return False
    first, last = day_of(identifier.period.start), day_of(identifier.period.end)
    has_expired = bool(last) and last < day
    return not day or not (has_expired or first > day)


def _never_counts(identifier: Identifier) -> bool:
    """Whether an identifier says who somebody is elsewhere: by its type, by its words, or by its system."""
    if any(_is_of_type(identifier, code) for code in NEVER_TYPES):
        return True
    by_words = NEVER_IN_WORDS.search(identifier.type.words)
    return bool(by_words or NEVER_SYSTEMS.search(identifier.system))


def value_of(identifiers: Iterable[Identifier], type_code: str) -> str:
    """The value of the identifier of a type, or else of the first."""
    identifier = identifier_of(identifiers, type_code)
    return identifier.value if identifier else ""


def identifier_of(identifiers: Iterable[Identifier], type_code: str) -> Identifier | None:
    """The identifier of a type, or else the first: one in usual use before a passing one, what payers gave last."""
    usable = [own for own in identifiers if own.value and own.use != "old"]
    return min(usable, key=lambda own: _worth(own, type_code), default=None)


def _worth(identifier: Identifier, type_code: str) -> tuple[bool, bool, bool]:
    """How far an identifier stands behind others."""
    return (
        not _is_of_type(identifier, type_code),
        is_of_payer(identifier),
        identifier.use in LAST_USES,
    )


def is_of_payer(identifier: Identifier) -> bool:
    """Whether a payer gave an identifier: it may be a family's."""
    of_system = SYSTEMS_OF_PAYERS.search(identifier.system)
    return bool(of_system) or any(_is_of_type(identifier, code) for code in OF_PAYERS)


def _is_of_type(identifier: Identifier, type_code: str) -> bool:
    return has_code(identifier.type, type_code)
