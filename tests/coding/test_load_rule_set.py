"""``load_rule_set``: a shipped rule set becomes a draft of its author's; a second run makes another."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from coding import rulesets
from coding.models import AuditEvent, RuleSet, RuleSetVersion, VersionState
from tests import small_rules


@pytest.fixture(autouse=True)
def shipped(monkeypatch, tmp_path):
    """In place of the shipped rule sets a small one, which is quick to load."""
    folder = tmp_path / small_rules.KEY
    folder.mkdir()
    (folder / "rule_set.json").write_text(json.dumps(small_rules.document()))
    (folder / "lexicon.json").write_text(json.dumps(small_rules.lexicon().to_document()))
    monkeypatch.setattr(rulesets, "FOLDER", tmp_path)


def load(key, author):
    out = io.StringIO()
    call_command("load_rule_set", key, author=author, stdout=out)
    return out.getvalue()


def test_the_draft_holds_what_is_shipped_and_the_command_says_what_to_do_next(people):
    author = people["rule author"]
    said = load(small_rules.KEY, author.username)
    version = RuleSetVersion.objects.get()
    assert said == f"{version} is a draft. Submit it and have it published in the administration.\n"
    assert version.rule_set.key == small_rules.KEY
    assert version.document.content_hash == small_rules.table().content_hash
    assert version.lexicon.content_hash == small_rules.lexicon().content_hash()
    assert (version.author, version.change_note) == (author, "The rule set as shipped.")
    assert AuditEvent.objects.get(event="version.drafted").actor == author


def test_a_second_run_makes_a_second_draft_of_the_same_rule_set(people):
    for _ in range(2):
        load(small_rules.KEY, people["rule author"].username)
    first, second = RuleSetVersion.objects.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert first.document == second.document
    assert {first.state, second.state} == {VersionState.DRAFT}
    assert RuleSet.objects.count() == 1


def test_the_name_of_a_rule_set_that_is_here_already_stays(people):
    RuleSet.objects.create(key=small_rules.KEY, name="Our own name")
    load(small_rules.KEY, people["rule author"].username)
    assert RuleSet.objects.get().name == "Our own name"


def test_a_rule_set_that_reads_no_notes_is_loaded_without_a_lexicon(people):
    (rulesets.FOLDER / small_rules.KEY / "lexicon.json").unlink()
    load(small_rules.KEY, people["rule author"].username)
    assert RuleSetVersion.objects.get().lexicon is None


def test_a_lexicon_that_is_no_json_is_refused_by_its_path_and_leaves_nothing_behind(people):
    (rulesets.FOLDER / small_rules.KEY / "lexicon.json").write_text("{")
    with pytest.raises(CommandError, match=r"lexicon\.json is no JSON: "):
        load(small_rules.KEY, people["rule author"].username)
    assert not RuleSet.objects.exists()


def test_a_rule_set_that_is_not_shipped_is_named_with_those_that_are(people):
    with pytest.raises(
        CommandError, match=r"no shipped rule set “knee”, and no such path\. There are: small\."
    ):
        load("knee", people["rule author"].username)
    assert not RuleSet.objects.exists()


def test_a_folder_of_ones_own_brings_its_rules_and_worked_cases_and_needs_no_lexicon(
    people, tmp_path
):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "rule_set.json").write_text(json.dumps(small_rules.document(key="own")))
    (folder / "cases.csv").write_text(
        "id,held,drug,expected_outcome,expected_code\nV1,yes,none,CODE,27256\n"
    )
    load(str(folder), people["rule author"].username)
    version = RuleSetVersion.objects.get()
    assert (version.rule_set.key, version.lexicon, version.change_note) == (
        "own",
        None,
        "From own.",
    )
    assert version.worked_cases.get().answers == "held: yes\ndrug: none"


def test_a_case_that_is_none_is_named_and_nothing_is_left_behind(people, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "rule_set.json").write_text(json.dumps(small_rules.document(key="own")))
    (tmp_path / "own" / "cases.csv").write_text("id,held,expected_outcome\nV1,perhaps,CODE\n")
    with pytest.raises(CommandError, match="V1: held: “perhaps” is not an answer to it"):
        load(str(tmp_path / "own"), people["rule author"].username)
    assert not RuleSet.objects.exists()


def test_an_author_who_is_not_there_is_refused(people):
    with pytest.raises(CommandError, match=r"There is no account “nobody”\. Check --author\."):
        load(small_rules.KEY, "nobody")
    assert not RuleSet.objects.exists()


@pytest.mark.parametrize("role", ["coder", "rule approver", "administrator"])
def test_the_draft_of_somebody_who_may_not_draft_is_refused(people, role):
    with pytest.raises(CommandError, match="You may not begin rule sets"):
        load(small_rules.KEY, people[role].username)
    assert not RuleSetVersion.objects.exists()
    assert not RuleSet.objects.exists()
