"""What each role finds in the administration: of patients only their register, and only administrators."""

import pytest
from django.contrib import admin
from django.urls import reverse

from coding.models import (
    AuthorityAlias,
    ClaimCheckRow,
    Fact,
    FeeScheduleRelease,
    FeeScheduleValue,
    HouseNote,
    LexiconTerm,
    ModifierRule,
    Patient,
    Payer,
    Provider,
    Rule,
    RuleSet,
    RuleSetVersion,
    SupportingDiagnosis,
    TableLoad,
    TableRelease,
    Team,
    User,
    WorkedCase,
)
from reviews.models import FavouriteReason, RetentionRule, RoutingRule, RuleDefect, SamplingRate
from reviews.roles import ROLES, STAFF_ROLES

OF_RULES = {RuleSet, RuleSetVersion, LexiconTerm, WorkedCase, HouseNote, RuleDefect}
# Whoever finds versions is led to these from the version they belong to.
OF_A_VERSION = {Fact, Rule, ModifierRule, SupportingDiagnosis}
FOUND = {
    "rule author": {
        *OF_RULES,
        FeeScheduleRelease,
        FeeScheduleValue,
        ClaimCheckRow,
        TableRelease,
        TableLoad,
    },
    "rule approver": OF_RULES,
    "administrator": {
        User,
        Team,
        FeeScheduleRelease,
        FeeScheduleValue,
        Patient,
        AuthorityAlias,
        Provider,
        Payer,
        RetentionRule,
        ClaimCheckRow,
        TableRelease,
        TableLoad,
        FavouriteReason,
        RoutingRule,
        SamplingRate,
    },
}


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_the_administration_has_these_tables_and_no_others():
    own = {
        model
        for model in admin.site._registry
        if model._meta.app_label in ("coding", "reviews", "auth")
    }
    assert own == set().union(*FOUND.values()) | OF_A_VERSION


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_a_role_finds_its_own_tables_and_is_refused_the_others(people, client, role):
    client.force_login(people[role])
    index = client.get(reverse("admin:index")).text
    for model in set().union(*FOUND.values()):
        may_see = model in FOUND[role]
        assert (f'href="{list_of(model)}"' in index) is may_see, model
        assert client.get(list_of(model)).status_code == (200 if may_see else 403), model
    for model in OF_A_VERSION:
        assert f'href="{list_of(model)}"' not in index
        assert client.get(list_of(model)).status_code == (
            200 if RuleSetVersion in FOUND[role] else 403
        ), model


@pytest.mark.parametrize("role", sorted(set(ROLES) - STAFF_ROLES))
def test_whoever_does_not_work_in_the_administration_is_led_to_its_login(people, client, role):
    client.force_login(people[role])
    for model in set().union(*FOUND.values()):
        response = client.get(list_of(model))
        assert response.status_code == 302, model
        assert response.headers["Location"].startswith(reverse("admin:login"))


def test_a_role_alone_opens_nothing_to_who_is_not_of_the_staff(people, client):
    author = people["rule author"]
    author.is_staff = False
    author.save()
    client.force_login(author)
    assert client.get(list_of(RuleSetVersion)).status_code == 302


def test_being_of_the_staff_alone_opens_no_table(people, client):
    coder = people["coder"]
    coder.is_staff = True
    coder.save()
    client.force_login(coder)
    assert client.get(list_of(LexiconTerm)).status_code == 403
    assert client.get(list_of(User)).status_code == 403
