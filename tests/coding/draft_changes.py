"""Changes to a small draft, as its grid sends them."""

import json
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from coding.actions import draft_changes
from tests import small_rules


def small_draft(people):
    return small_rules.draft(people, lexicon=small_rules.lexicon())


def rule(draft, rule_id="R1"):
    return draft.rules.get(rule_id=rule_id)


def cell(draft, fact, was, text, rule_id="R1", **more):
    return {
        "kind": "cell",
        "rule": rule(draft, rule_id).pk,
        "row": 0,
        "of": 1,
        "fact": fact,
        "was": was,
        "text": text,
        **more,
    }


def text(draft, field, was, now, rule_id="R1"):
    return {
        "kind": "text",
        "rule": rule(draft, rule_id).pk,
        "field": field,
        "was": was,
        "text": now,
    }


def take(people, draft, *changes, who=0, seen=None):
    now = small_rules.now(draft)
    return draft_changes.take(people["rule author", who], now, seen or now.edition, changes)


def rows_of(draft, name):
    return list(
        getattr(draft, name).values_list("rule_id" if name == "rules" else "key", flat=True)
    )


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def send(client, draft, *changes, edition=1, key=None):
    address = reverse("admin:coding_rulesetversion_changes", args=[draft.pk])
    data = {"edition": edition, "key": str(key or uuid4()), "changes": changes}
    return client.post(address, json.dumps(data), content_type="application/json")
