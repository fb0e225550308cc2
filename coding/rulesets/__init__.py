"""The shipped rule sets, as data: one folder each with its document, its cases and its sources."""

import json
from pathlib import Path

from coding.decision import RuleTable
from coding.evidence import Lexicon

FOLDER = Path(__file__).parent


def shipped(key: str) -> RuleTable:
    """The shipped rule table of a key such as ``hip-dislocation``; LookupError if there is none."""
    path = FOLDER / key.replace("-", "_") / "rule_set.json"
    if not path.exists():
        raise LookupError(f"There is no shipped rule set “{key}”. There are: {', '.join(keys())}.")
    return RuleTable.from_document(json.loads(path.read_text(encoding="utf-8")))


def shipped_lexicon(key: str) -> Lexicon:
    """The shipped lexicon of a rule set; LookupError if there is none."""
    path = FOLDER / key.replace("-", "_") / "lexicon.json"
    if not path.exists():
        raise LookupError(f"There is no shipped lexicon for the rule set “{key}”.")
    return Lexicon.from_document(json.loads(path.read_text(encoding="utf-8")))


def path_of(name: str) -> tuple[Path, str]:
    """The folder of a shipped rule set by its key, or a path of one's own; with a note of where it comes from.

    Raises LookupError for what is neither.
    """
    if name in keys():
        return FOLDER / name.replace("-", "_"), "The rule set as shipped."
    path = Path(name)
    if not path.exists():
        raise LookupError(f"There is no shipped rule set “{name}”, and no such path. There are: {', '.join(keys())}.")
    return path, f"From {path.name}."


def made_up_fees() -> Path:
    """A fee schedule for the demo and the tests. Its codes are real, its values are made up."""
    return FOLDER / "made_up_fees.csv"


def keys() -> list[str]:
    """The keys of the shipped rule sets."""
    return sorted(path.parent.name.replace("_", "-") for path in FOLDER.glob("*/rule_set.json"))


def cases_file(key: str) -> Path:
    """The worked cases of a shipped rule set."""
    return FOLDER / key.replace("-", "_") / "cases.csv"
