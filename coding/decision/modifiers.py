"""The modifiers that may be reported, in our own words, and the order in which they stand on a claim.

First what changes the price, then what tells lines apart, then sides and digits: payers read the first place first
(Medicare Claims Processing Manual, Pub. 100-04, chapter 12, section 20.4; chapter 26, section 10.4, item 24D).
The words are ours; the descriptors of CPT are the AMA's.
"""

from collections.abc import Iterable

PRICING = {
    "22": "More work than usual",
    "50": "Both sides",
    "52": "Less than the whole service",
    "53": "Stopped before its end",
    "54": "The operation only, without the care after it",
    "55": "The care after the operation only",
    "56": "The care before the operation only",
    "62": "Two surgeons, each a part",
    "66": "A team of surgeons",
    "73": "Stopped before anesthesia, at a facility",
    "74": "Stopped after anesthesia was given, at a facility",
    "78": "Back to the operating room for a related problem",
    "80": "Assistant at the operation",
    "81": "Assistant at the operation, a small part",
    "82": "Assistant, as no resident was there",
    "AS": "Assistant who is no physician",
    "26": "The physician's part",
    "TC": "The technical part",
    "47": "Anesthesia by the surgeon",
    "51": "One of several procedures",
}
BOTH_SIDES = "50"
# What it is reported with holds no follow-up: that is another's.
OPERATION_ONLY = "54"
TELLING_APART = {
    "24": "A visit after an operation, for something else",
    "25": "A visit of its own on the day of a procedure",
    "57": "The visit that decided for an operation",
    "58": "A further step that was planned",
    "59": "Apart from the other procedures of the day",
    "XE": "At another encounter",
    "XP": "By another practitioner",
    "XS": "At another place of the body",
    "XU": "Unusual, and not overlapping",
    "76": "The same again, by the same physician",
    "77": "The same again, by another physician",
    "79": "A new problem during the care after an operation",
    "91": "The same laboratory test again",
    "GC": "In part by a resident under a teaching physician",
    "GY": "Excluded from coverage by statute",
    "GA": "A notice of non-coverage is on file",
    "GZ": "Expected to be denied, without a notice",
    "KX": "The conditions of the policy are met",
    "Q5": "By a substitute, under a mutual agreement",
    "Q6": "By a substitute, paid by time",
    "FS": "A visit shared between physician and other practitioner",
    "95": "Live by video",
    "93": "Live by sound alone",
    "JW": "Drug that was thrown away",
    "JZ": "No drug was thrown away",
}
# What says of a line that it is not what another line with its code reports.
ANOTHER_TIME_OR_PLACE = frozenset({"59", "XE", "XP", "XS", "XU", "76", "77"})
LEFT, RIGHT = "LT", "RT"
FINGERS_AND_TOES = frozenset(
    {
        "FA",
        *(f"F{number}" for number in range(1, 10)),
        "TA",
        *(f"T{number}" for number in range(1, 10)),
    }
)
SIDES_AND_DIGITS = {
    LEFT: "Left",
    RIGHT: "Right",
    "E1": "Upper left eyelid",
    "E2": "Lower left eyelid",
    "E3": "Upper right eyelid",
    "E4": "Lower right eyelid",
    "FA": "Left thumb",
    "F1": "Left hand, second digit",
    "F2": "Left hand, third digit",
    "F3": "Left hand, fourth digit",
    "F4": "Left hand, fifth digit",
    "F5": "Right thumb",
    "F6": "Right hand, second digit",
    "F7": "Right hand, third digit",
    "F8": "Right hand, fourth digit",
    "F9": "Right hand, fifth digit",
    "TA": "Left great toe",
    "T1": "Left foot, second digit",
    "T2": "Left foot, third digit",
    "T3": "Left foot, fourth digit",
    "T4": "Left foot, fifth digit",
    "T5": "Right great toe",
    "T6": "Right foot, second digit",
    "T7": "Right foot, third digit",
    "T8": "Right foot, fourth digit",
    "T9": "Right foot, fifth digit",
    "LC": "Left circumflex artery",
    "LD": "Left anterior descending artery",
    "RC": "Right coronary artery",
    "LM": "Left main coronary artery",
    "RI": "Intermediate coronary artery",
}

MODIFIERS = {**PRICING, **TELLING_APART, **SIDES_AND_DIGITS}
_PLACE = {modifier: place for place, modifier in enumerate(MODIFIERS)}


def in_order(modifiers: Iterable[str]) -> list[str]:
    """Modifiers as they stand on a claim; ones that are not in the list, from old records, come last."""
    return sorted(modifiers, key=_place)


def _place(modifier: str) -> tuple[int, str]:
    return _PLACE.get(modifier, len(_PLACE)), modifier


def unknown(modifiers: Iterable[str]) -> list[str]:
    """Those that are not in the list."""
    return [modifier for modifier in modifiers if modifier not in MODIFIERS]
