"""Administration of routing rules and sampling rates. Both are saved by their verbs, and switched off, not deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from coding.admin.older_pages import OlderPagesAreRefused
from coding.forms.older_pages import RefusesOlderPages
from coding.views.access import user_of
from reviews.actions import routing, sampling
from reviews.models import RouteReason, RoutingRule, SamplingRate


class RoutingRuleForm(RefusesOlderPages):
    """A rule; its reason is one of those that cases have: a rule with any other would never fit."""

    reason = forms.ChoiceField(
        required=False,
        label="Route reason",
        choices=[("", "Any reason"), *RouteReason.choices],
        help_text="One of the reasons why the case is here.",
    )


@admin.register(RoutingRule)
class RoutingRuleAdmin(OlderPagesAreRefused):
    """The rules in their order: the first that fits a new case counts."""

    form = RoutingRuleForm
    list_display = [
        "name",
        "position",
        "is_on",
        "route_reason",
        "rule_set",
        "code",
        "priority",
        "due_in_days",
        "to",
    ]
    list_select_related = ["rule_set"]
    list_filter = ["is_on", "priority"]
    search_fields = ["name"]
    raw_id_fields = ["payer"]
    fieldsets = [
        (None, {"fields": ["name", "position", "is_on"]}),
        (
            "When: what is empty fits every case",
            {"fields": ["reason", "rule_set", "payer", "code", "coder"]},
        ),
        ("Then", {"fields": ["priority", "due_in_days", "to", "person", "team"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: RoutingRule | None = None) -> bool:
        """Cases name the rule that routed them."""
        return False

    @admin.display(description="route reason", ordering="reason", empty_value="any")
    def route_reason(self, rule: RoutingRule) -> str | None:
        """The reason in words."""
        return dict(RouteReason.choices).get(rule.reason, rule.reason) or None

    def save_model(self, request: HttpRequest, obj: RoutingRule, form: Any, change: bool) -> None:
        """By the verb."""
        routing.save_rule(user_of(request), obj)


@admin.register(SamplingRate)
class SamplingRateAdmin(OlderPagesAreRefused):
    """How many of a coder's agreed decisions a supervisor sees; 0 for none."""

    list_display = ["__str__", "percent", "reason"]
    list_select_related = ["coder"]

    def has_delete_permission(self, request: HttpRequest, obj: SamplingRate | None = None) -> bool:
        """A rate is changed, not deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: SamplingRate, form: Any, change: bool) -> None:
        """By the verb."""
        sampling.save_rate(user_of(request), obj)
