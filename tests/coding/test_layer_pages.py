"""Layers where people meet them: in the draft's form, and when two of them are compared."""

import pytest
from django.urls import reverse

from coding.actions import rule_sets
from coding.models import Payer, RuleSetVersion
from coding.models.layers import Layer
from tests import factories, small_rules
from tests.coding.test_version_admin_page import edit, fields_of


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


@pytest.fixture
def draft(people):
    return small_rules.draft(people)


def layer(version):
    return small_rules.now(version).layer


def test_a_draft_is_for_any_payer_and_place_until_its_author_says_otherwise(author, draft):
    assert layer(draft) == Layer()
    edit(author, draft, description="Changed.")
    assert layer(draft) == Layer()
    edit(author, draft, payer_kind="medicare", place="11")
    assert layer(draft) == Layer("kind:medicare", "11")
    fields = fields_of(author, draft)
    assert (fields["payer_kind"], fields.get("payer_name"), fields["place"]) == (
        "medicare",
        None,
        "11",
    )


def test_a_payer_is_named_as_encounters_do_and_a_merged_one_counts_for_its_survivor(author, draft):
    north = Payer.objects.create(name="North", key="north")
    Payer.objects.create(name="N.", key="n.", state="merged", survivor=north)
    edit(author, draft, payer_name="  NORTH ")
    assert layer(draft) == Layer("payer:north")
    edit(author, draft, payer_name="n.")
    assert layer(draft) == Layer("payer:north")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"payer_name": "Nobody"}, "The register knows no payer “Nobody”."),
        (
            {"payer_name": "North", "payer_kind": "medicare"},
            "Choose a kind, or name a payer. Not both.",
        ),
    ],
)
def test_what_is_no_layer_is_refused_at_its_field_and_nothing_is_saved(author, draft, fields, said):
    Payer.objects.create(name="North", key="north")
    response = edit(author, draft, **fields, description="Lost?")
    assert said in response.context["adminform"].form.errors["payer_name"][0]
    assert small_rules.now(draft).description == "Two codes."


def test_two_layers_are_compared_by_meaning_as_any_two_versions(people, author, draft):
    factories.publish(people, draft, small_rules.NEW_YEAR)
    narrow = rule_sets.draft_from(people["rule author"], draft)
    RuleSetVersion.objects.filter(pk=narrow.pk).update(for_payer="kind:medicare")
    page = author.get(
        reverse("compare-versions", args=[small_rules.KEY, draft.number]), {"other": narrow.number}
    )
    assert "for payers of the kind Medicare, any place of service" in page.text
    assert "proven" in page.text


def test_the_page_of_a_version_and_the_list_say_for_whom_it_is(author, draft):
    RuleSetVersion.objects.filter(pk=draft.pk).update(for_place="23")
    for address in (small_rules.now(draft).get_absolute_url(), reverse("rule-sets")):
        assert "any payer, Emergency department" in author.get(address).text
