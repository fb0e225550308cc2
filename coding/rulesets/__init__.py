"""The shipped rule sets, as data: one folder each, named as its key with ``_`` for ``-``.

A folder holds the document of its rules, its worked cases and its sources, and, where there are any, its lexicon and
what the demo shows of it. What lies in this folder is shipped: nothing else lists rule sets. Beside them lie encounters
of services of several rule sets.
"""

import json
from pathlib import Path
from typing import Any

from coding.decision import RuleTable
from coding.evidence import Lexicon

FOLDER = Path(__file__).parent


def keys() -> list[str]:
    """The keys of the shipped rule sets."""
    return sorted(path.parent.name.replace("_", "-") for path in FOLDER.glob("*/rule_set.json"))


def shipped(key: str) -> RuleTable:
    """The shipped rule table of a key; LookupError if there is none."""
    document = _read(key, "rule_set.json")
    if document is None:
        raise LookupError(f"There is no shipped rule set “{key}”. There are: {', '.join(keys())}.")
    return RuleTable.from_document(document)


def shipped_lexicon(key: str) -> Lexicon:
    """The shipped lexicon of a rule set; LookupError if there is none."""
    document = _read(key, "lexicon.json")
    if document is None:
        raise LookupError(f"There is no shipped lexicon for the rule set “{key}”.")
    return Lexicon.from_document(document)


def has_lexicon(key: str) -> bool:
    """Whether a lexicon is shipped with a rule set: notes can do without."""
    return _file(key, "lexicon.json").exists()


def demo_of(key: str) -> dict[str, Any] | None:
    """What the demo shows of a rule set, see ``reviews.management.demo``; None where it shows nothing."""
    document: dict[str, Any] | None = _read(key, "demo.json")
    return document


def cases_file(key: str) -> Path:
    """The worked cases of a shipped rule set."""
    return _file(key, "cases.csv")


def claim_checks() -> dict[str, Any]:
    """The shipped checks of claims as one document: those for all codes, and those that rule sets bring."""
    document: dict[str, Any] = {"codes": {}, "modifiers": {}, "checks": [], "proposals": []}
    for path in [FOLDER / "claim_checks.json", *sorted(FOLDER.glob("*/claim_checks.json"))]:
        part = json.loads(path.read_text(encoding="utf-8"))
        document["codes"] |= part["codes"]
        document["modifiers"] |= part["modifiers"]
        document["checks"] += part["checks"]
        document["proposals"] += part.get("proposals", [])
    return document


def path_of(name: str) -> tuple[Path, str]:
    """The folder of a shipped rule set by its key, or a path of one's own; with a note of where it comes from.

    Raises LookupError for what is neither.
    """
    if name in keys():
        return FOLDER / name.replace("-", "_"), "The rule set as shipped."
    path = Path(name)
    if not path.exists():
        raise LookupError(
            f"There is no shipped rule set “{name}”, and no such path. There are: {', '.join(keys())}."
        )
    return path, f"From {path.name}."


def made_up_fees() -> Path:
    """A fee schedule for the demo and the tests. Its codes are real, its values are made up."""
    return FOLDER / "made_up_fees.csv"


def payer_options() -> dict[str, dict[str, str]]:
    """What the practice of the demo settled with its payers, by payer; of others a set-up fact is not documented."""
    options: dict[str, dict[str, str]] = json.loads(
        (FOLDER / "payer_options.json").read_text(encoding="utf-8")
    )
    return options


def mixed_encounters() -> Path:
    """Encounters of several services: note, diagnoses, the right lines and the usual wrong ones.

    The last columns name the claim checks that must speak, or stay silent, on the lines as submitted.
    """
    return FOLDER / "mixed_encounters.csv"


def mixed_services() -> Path:
    """The services of those encounters that a shipped rule set codes, each with a careful coder's answers.

    ``from_other_lines`` are the modifiers of its line that no answer yields: they follow from the other lines, from the
    history, or from who follows. ``left_open_by_the_note`` says which answers the note alone does not give, and why
    they stand.
    """
    return FOLDER / "mixed_services.csv"


def _read(key: str, name: str) -> Any:
    """The JSON of a file of a rule set; None if there is no such file."""
    path = _file(key, name)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _file(key: str, name: str) -> Path:
    return FOLDER / key.replace("-", "_") / name
