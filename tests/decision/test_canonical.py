"""One form for equal data: what is signed and named by its hash is the same on every machine."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import canonical_json, content_hash

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
data = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner)
)


def turned_over(value):
    """The same data, every object with its keys in the opposite order."""
    if isinstance(value, dict):
        return {key: turned_over(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [turned_over(part) for part in value]
    return value


def test_keys_are_sorted_nothing_is_spaced_and_letters_stay_letters():
    assert canonical_json({"b": [1, None, True], "a": "Hüfte"}) == '{"a":"Hüfte","b":[1,null,true]}'


@settings(max_examples=30)
@given(data)
def test_what_is_written_is_the_data(value):
    assert json.loads(canonical_json(value)) == value


@settings(max_examples=30)
@given(data)
def test_the_order_in_which_keys_were_put_changes_nothing(value):
    assert canonical_json(turned_over(value)) == canonical_json(value)
    assert content_hash(turned_over(value)) == content_hash(value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_in_json_is_refused(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"rate": number})


def test_the_hash_is_that_of_the_written_form_in_utf_8():
    written = '{"a":"Hüfte"}'.encode()
    assert content_hash({"a": "Hüfte"}) == hashlib.sha256(written).hexdigest()


@pytest.mark.parametrize(
    "other", [{"a": 2}, {"a": "1"}, {"a": [1]}, {"b": 1}, {"a": 1, "b": None}, {}]
)
def test_other_data_has_another_hash(other):
    assert content_hash(other) != content_hash({"a": 1})
