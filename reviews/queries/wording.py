"""What a question to a provider may not say, and what leads to an answer. Pure text, no I/O.

After the compliant-query practice of AHIMA and ACDIS (2022): a query names no code, no payment and no quality figure,
and no wording that tells the answer that is hoped for.
"""

import re

REFUSED = {
    "code number": r"\b\d{4}[0-9FTU]\b|\b[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}\b",
    "money": r"[$€£]\s*\d|\b(?:payments?|paid|reimburse\w*|revenue|dollars?|DRGs?|RVUs?|insur(?:er|ance)|payers?)\b",
    "quality figure": r"\b(?:quality (?:scores?|measures?|indicators?)|severity scores?|benchmarks?|star ratings?)\b",
}
LEADING = {
    "It tells what to document": r"\bplease (?:document|add|state that|write that|confirm that)\b",
    "It tells the answer that is expected": r"\b(?:isn't it|wasn't it|didn't you|don't you agree|do you agree that)\b",
    "It tells what would be better": r"\b(?:should (?:be|have been)|would support|in order to (?:code|report|bill))\b",
}


def refused(text: str) -> list[str]:
    """What stands in a question that may not, each with the words, such as ``code number (“12345”)``."""
    return [f"{kind} (“{words}”)" for kind, words in _hits(REFUSED, text)]


def leading(text: str) -> list[str]:
    """Why a question leads to an answer, each with its words."""
    return [f"{why} (“{words}”)" for why, words in _hits(LEADING, text)]


def _hits(patterns: dict[str, str], text: str) -> list[tuple[str, str]]:
    plain = text.replace("’", "'")
    hits = []
    for kind, pattern in patterns.items():
        hit = re.search(pattern, plain, re.IGNORECASE)
        if hit:
            hits.append((kind, hit.group()))
    return hits
