"""Codes that all differ, and how the tests look for each of them in what was read of a file."""

import json
import re

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.intake.case_files import document

quickly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DIAGNOSES = [f"M{number:02d}.{number % 10}" for number in range(10, 60)]
PROCEDURES = [f"{number}" for number in range(27200, 27260)]
MODIFIERS = [f"{letter}{digit}" for letter in "ABCDE" for digit in range(10)]
SYSTEMS = ["I10", "I10C", "SCT", "HOUSE", "L", ""]


def said(content, name="file"):
    """Everything that was read of a file or said of it, as one text."""
    return json.dumps(document(content, name), ensure_ascii=False)


def untold(content, keys):
    """The keys that are neither a value nor in the words of a remark or problem."""
    text = said(content)
    words = re.findall(r"[A-Za-z0-9.-]+", text)
    read = {*words, *(word.rstrip(".") for word in words)}
    return [key for key in keys if key not in read]


def drawn(draw, values, most):
    return draw(st.lists(st.sampled_from(values), unique=True, max_size=most))
