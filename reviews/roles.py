"""The roles: groups with their permissions. One place says who may do what."""

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

READ_ENCOUNTERS = ["coding.view_encounter", "coding.view_unclaimed"]
READ_RULES = ["coding.view_ruleset", "coding.view_rulesetversion"]
READ_FEES = [
    "coding.view_feeschedulerelease",
    "coding.view_feeschedulevalue",
    "coding.view_tablerelease",
]
CHECKS = ["coding.view_claimcheckrow", "coding.add_claimcheckrow"]
HOUSE_NOTES = ["coding.view_housenote", "coding.add_housenote"]
REGISTERS = ["coding.view_patient", "coding.view_provider", "coding.view_payer"]
RULE_PARTS = ["fact", "rule", "modifierrule", "supportingdiagnosis", "lexiconterm", "workedcase"]


def _each(app: str, verbs: Sequence[str], models: Sequence[str]) -> list[str]:
    """The permissions for each of these verbs on each of these models."""
    return [f"{app}.{verb}_{model}" for model in models for verb in verbs]


ROLES: dict[str, list[str]] = {
    "coder": [
        *READ_ENCOUNTERS,
        *READ_RULES,
        "coding.add_encounter",
        "coding.break_glass",
        "coding.code_encounter",
        "coding.export_encounter",
        "coding.view_precedent",
        "coding.view_upload",
        "coding.withdraw_service",
        "reviews.add_codingdecision",
        "reviews.add_findingoverride",
        "reviews.add_proposalanswer",
        "reviews.view_reviewcase",
        "reviews.add_casecomment",
    ],
    "supervisor": [
        *READ_ENCOUNTERS,
        *READ_RULES,
        *READ_FEES,
        "coding.export_encounter",
        "coding.view_every_encounter",
        "coding.void_encounter",
        "reviews.view_reviewcase",
        "reviews.view_every_reviewcase",
        "reviews.rule_on_reviewcase",
        "reviews.return_reviewcase",
        "reviews.reopen_reviewcase",
        "reviews.answer_providerquery",
        "reviews.view_ruledefect",
        "reviews.add_casecomment",
        "reviews.ask_secondcoding",
        "reviews.view_absence",
        "reviews.add_absence",
        "coding.view_precedent",
        "coding.add_precedent",
        "reviews.export_report",
        "reviews.view_reevaluationrun",
        "reviews.add_reevaluationrun",
        "reviews.apply_reevaluationrun",
        "reviews.export_reevaluationrun",
        "reviews.view_shadowwatch",
    ],
    "rule author": [
        *READ_RULES,
        "coding.view_unclaimed",
        *READ_FEES,
        "coding.add_feeschedulerelease",
        "coding.add_tablerelease",
        *CHECKS,
        *HOUSE_NOTES,
        "coding.add_ruleset",
        "coding.add_rulesetversion",
        "coding.change_rulesetversion",
        *_each("coding", ("view", "add", "change", "delete"), RULE_PARTS),
        "reviews.view_reevaluationrun",
        "reviews.add_reevaluationrun",
        "reviews.view_shadowwatch",
        "reviews.add_shadowwatch",
        "reviews.view_ruledefect",
        "reviews.close_ruledefect",
        "coding.view_precedent",
    ],
    "rule approver": [
        *READ_RULES,
        "coding.view_unclaimed",
        *_each("coding", ("view",), RULE_PARTS),
        "coding.publish_rulesetversion",
        "coding.view_housenote",
        "coding.approve_housenote",
        "coding.add_tablesignoff",
        "reviews.view_reevaluationrun",
        "reviews.view_shadowwatch",
        "reviews.add_shadowwatch",
        "reviews.view_ruledefect",
        "reviews.close_ruledefect",
        "coding.view_precedent",
    ],
    "auditor": [
        *READ_ENCOUNTERS,
        *READ_RULES,
        *READ_FEES,
        "coding.export_encounter",
        "coding.view_every_encounter",
        "coding.view_glassbreak",
        "coding.view_upload",
        "coding.view_auditevent",
        "reviews.view_reviewcase",
        "reviews.view_every_reviewcase",
        "reviews.view_reevaluationrun",
        "reviews.export_reevaluationrun",
        "reviews.view_shadowwatch",
        "reviews.view_replayproof",
        "reviews.view_retentionrule",
        "reviews.view_routingrule",
        "reviews.view_samplingrate",
        "reviews.view_absence",
        "reviews.view_ruledefect",
        "coding.view_precedent",
        "coding.view_scheduledrun",
    ],
    "administrator": [
        "coding.view_unclaimed",
        *READ_FEES,
        *REGISTERS,
        "coding.change_patient",
        "coding.change_provider",
        "coding.change_payer",
        "coding.view_authorityalias",
        "coding.add_authorityalias",
        "coding.change_authorityalias",
        "coding.add_feeschedulerelease",
        "coding.add_tablerelease",
        *CHECKS,
        "coding.view_scheduledrun",
        "reviews.view_retentionrule",
        "reviews.add_retentionrule",
        "reviews.change_retentionrule",
        "reviews.view_favouritereason",
        "reviews.add_favouritereason",
        "reviews.change_favouritereason",
        *_each("reviews", ("view", "add", "change"), ("routingrule", "samplingrate")),
        "reviews.view_absence",
        "reviews.add_absence",
        "coding.view_user",
        "coding.add_user",
        "coding.change_user",
        "auth.view_group",
        "coding.view_team",
        "coding.add_team",
        "coding.change_team",
    ],
}
# Given to a person beside a role: who may see the descriptors of the house's own licence.
BESIDE_ROLES = {"descriptor reader": ["coding.view_descriptorrelease"]}
# Roles that work in the Django admin.
STAFF_ROLES = {"rule author", "rule approver", "administrator"}


def check_second_factor_roles() -> None:
    """A name that is misspelt would ask nobody for a second factor: Concord does not start with it."""
    for name in settings.SECOND_FACTOR_ROLES:
        if name not in ROLES:
            known = ", ".join(sorted(ROLES))
            raise ImproperlyConfigured(
                f"SECOND_FACTOR_ROLES: “{name}” is no role. The roles are {known}."
            )


def sync_roles() -> None:
    """Make the groups and give them exactly these permissions; safe to run again."""
    by_name = {}
    for permission in Permission.objects.select_related("content_type"):
        by_name[f"{permission.content_type.app_label}.{permission.codename}"] = permission

    for role, names in (ROLES | BESIDE_ROLES).items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([by_name[name] for name in names])


def sync_after_migrations(**_: object) -> None:
    """Receiver of ``post_migrate``. Django makes the permissions of an app in a receiver of its own, perhaps later."""
    if not _tables_are_there():
        return
    for label in ("auth", "coding", "reviews"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    sync_roles()


def _tables_are_there() -> bool:
    """False where somebody migrated one app alone, or backwards to nothing."""
    needed = {model._meta.db_table for model in (Group, Permission, ContentType)}
    return needed <= set(connection.introspection.table_names())
