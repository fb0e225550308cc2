"""The sheets of a rule set's workbook, and their columns."""

from collections.abc import Iterable

from coding.exchange.xlsx_further import DERIVED, LINES

FACTS = ("key", "kind", "label", "question", "help", "minimum", "maximum", "unit", "asked_first")
# Columns that stand last where a question needs them.
MORE_OF_FACTS = ("decimals", "source")
CHOICES = ("fact", "value", "label")
ABOUT = ("key", "name", "description", "hit_policy")
LISTS = {"note": "notes", "code": "family"}
# As JSON in the sheet "About": what opens its services, the facts that checks of claims ask for, and of a lexicon what
# is not its terms.
OPENING, CLAIM, LEXICON = "opening", "claim", "lexicon"
# A row of words for people stands in these sheets below the header.
GRIDS = ("Rules", "Modifiers", "Supporting diagnoses", DERIVED, LINES)
Sheet = list[list[str]]


def words_of(columns: Iterable[str]) -> list[str]:
    return [column.capitalize() for column in columns]
