"""What is shipped lies in folders: how a rule set, its lexicon and its files are found, and what is said of others."""

import json

import pytest

from coding import rulesets
from coding.rulesets import FOLDER

HIP = "hip-dislocation"


def test_what_lies_in_the_folder_is_shipped_and_named_in_order() -> None:
    keys = rulesets.keys()
    assert HIP in keys
    assert keys == sorted(keys)
    assert not any("_" in key for key in keys)


def test_a_rule_set_is_found_by_its_key_and_one_that_is_not_there_is_told_with_those_that_are() -> (
    None
):
    assert rulesets.shipped(HIP).key == HIP
    with pytest.raises(LookupError) as refusal:
        rulesets.shipped("knee")
    assert str(refusal.value) == (
        f"There is no shipped rule set “knee”. There are: {', '.join(rulesets.keys())}."
    )


def test_a_lexicon_that_is_not_shipped_is_told() -> None:
    assert rulesets.has_lexicon(HIP)
    assert not rulesets.has_lexicon("knee")
    with pytest.raises(LookupError) as refusal:
        rulesets.shipped_lexicon("knee")
    assert str(refusal.value) == "There is no shipped lexicon for the rule set “knee”."


def test_every_file_that_is_named_is_there() -> None:
    files = [rulesets.cases_file(key) for key in rulesets.keys()]  # noqa: SIM118 - a function
    files += [
        rulesets.made_up_fees(),
        rulesets.mixed_encounters(),
        rulesets.mixed_services(),
    ]
    assert [file for file in files if not file.exists()] == []


def test_what_the_demo_shows_of_a_rule_set_is_its_own_or_nothing() -> None:
    assert rulesets.demo_of("knee") is None
    assert isinstance(rulesets.demo_of(HIP), dict)


def test_a_shipped_rule_set_is_a_folder_and_says_that_it_is_shipped() -> None:
    folder, note = rulesets.path_of(HIP)
    assert (folder / "rule_set.json").exists()
    assert note == "The rule set as shipped."


def test_a_path_of_one_s_own_says_where_it_comes_from(tmp_path) -> None:
    own = tmp_path / "mine.json"
    own.write_text("{}")
    assert rulesets.path_of(str(own)) == (own, "From mine.json.")
    with pytest.raises(LookupError) as refusal:
        rulesets.path_of(str(tmp_path / "gone.json"))
    assert str(refusal.value).startswith(
        f"There is no shipped rule set “{tmp_path / 'gone.json'}”, and no such path. There are: "
    )


def test_the_checks_of_claims_are_those_for_all_and_those_that_rule_sets_bring() -> None:
    document = rulesets.claim_checks()
    parts = [json.loads(file.read_text()) for file in FOLDER.rglob("claim_checks.json")]
    assert len(parts) > 1
    for name in ("checks", "proposals"):
        shipped = [row["id"] for part in parts for row in part.get(name, ())]
        assert sorted(row["id"] for row in document[name]) == sorted(shipped)
    for name in ("codes", "modifiers"):
        assert set(document[name]) == {key for part in parts for key in part[name]}


def test_what_payers_settled_is_told_by_payer_and_fact() -> None:
    options = rulesets.payer_options()
    assert options
    for settled in options.values():
        assert all(isinstance(value, str) for value in settled.values())
