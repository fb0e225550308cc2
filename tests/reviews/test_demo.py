"""The demo: loaded once, all its decisions follow again from their facts, and its audit trail is whole."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from coding.models import Encounter, Precedent, RuleSetVersion, Suggestion, User, VersionState
from reviews.judging.alike import count_alike
from reviews.models import CaseComment, FinalCode, ReviewCase, RoutingRule, RuleDefect, SecondCoding
from tests import factories
from tests.shared_rows import quick_and_apart


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo, loaded once for the tests of this file, in a transaction around them."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("DEMO_PASSWORD", "demo horse")
        with quick_and_apart():
            call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "demo horse")


# The first two see a database without the demo, so they stand before the others.


def test_it_stays_away_from_a_copy_that_is_not_local(db, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="local copy"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_a_shipped_rule_set_is_loaded_as_a_draft_for_its_author(people, capsys):
    author = people["rule author"]
    call_command("load_rule_set", factories.HIP, author=author.username)
    version = RuleSetVersion.objects.get()
    assert (version.state, version.author) == (VersionState.DRAFT, author)
    with pytest.raises(CommandError, match="no shipped rule set"):
        call_command("load_rule_set", "knee", author=author.username)


def test_it_shows_work_in_every_state_and_all_of_it_can_be_proven(demo, capsys):
    assert Encounter.objects.count() == 76
    assert set(Encounter.objects.values_list("state", flat=True)) == {
        "to_code",
        "in_review",
        "final",
    }
    assert FinalCode.objects.exists()
    assert ReviewCase.objects.filter(routes__reason="other_code").exists()
    assert RuleSetVersion.objects.filter(state=VersionState.DRAFT).exclude(document=None).exists()
    assert {rule.name for rule in RoutingRule.objects.all()} == {"Queries", "Gaps", "All others"}
    assert (
        Precedent.objects.count() == RuleDefect.objects.count() == SecondCoding.objects.count() == 1
    )
    assert CaseComment.objects.filter(done_at=None).exists()
    assert any(
        count_alike(case)
        for case in ReviewCase.objects.filter(routes__reason="other_code", state="queued")
    )
    call_command("replay")
    assert (
        f"replayed: {Suggestion.objects.count()} the same, 0 different" in capsys.readouterr().out
    )
    call_command("verify_trail")
    assert "The trail is whole" in capsys.readouterr().out


def test_a_second_run_changes_nothing(demo, capsys):
    User.objects.filter(username="coder").update(first_name="Changed")
    call_command("load_demo")
    assert "here already" in capsys.readouterr().out
    assert User.objects.get(username="coder").first_name == "Changed"
    assert Encounter.objects.count() == 76
