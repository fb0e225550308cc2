"""The only place that turns rows into the pure rule table and back, and answers into facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from coding.decision import (
    FactDefinition,
    FactError,
    Facts,
    FactValue,
    RuleTable,
    Source,
    TableError,
    facts_from_data,
    facts_of_document,
    facts_to_data,
    format_rows,
    parse_rows,
)
from coding.decision import Rule as TableRule
from coding.models import (
    Answer,
    Fact,
    ModifierRule,
    Rule,
    RuleDocument,
    RuleSetVersion,
    Service,
    SupportingDiagnosis,
)
from coding.rules.derived_text import format_derived, parse_derived

# What a row of a rule says.
RULE_FIELDS = (
    "rule_id",
    "title",
    "conditions",
    "outcome",
    "code",
    "message",
    "basis",
    "see",
    "guards",
)
# What ``read_answers`` read beside a service.
READ_ANSWERS = "answers_read"


@lru_cache(maxsize=64)
def _table(content_hash: str) -> RuleTable:
    return RuleTable.from_document(RuleDocument.objects.get(content_hash=content_hash).document)


def table_of(document: RuleDocument) -> RuleTable:
    """The rule table of a stored document; the same object for the same content."""
    return _table(document.content_hash)


def store(table: RuleTable) -> RuleDocument:
    """The stored document of a table, written if its content is new."""
    # One that is there is known already, and long.
    stored = RuleDocument.objects.defer("document")
    document, _ = stored.get_or_create(
        content_hash=table.content_hash, defaults={"document": table.to_document()}
    )
    return document


def table_from_rows(version: RuleSetVersion) -> RuleTable:
    """The table that a version's rows describe. Raises ``TableError`` naming rule, cell and cause."""
    document: dict[str, Any] = {
        "key": version.rule_set.key,
        "name": version.rule_set.name,
        "description": version.description,
        "notes": notes_of(version.notes),
        "family": version.family.split(),
        "hit_policy": version.hit_policy,
        "facts": facts_to_document(version.facts.all()),
        **version.further,
        **version.opening,
    }

    # The conditions are text that only makes sense beside the facts they name.
    facts_alone = {**document, "rules": [], "lines": [], "groups": [], "claim": {}}
    facts = RuleTable.from_document(facts_alone).facts

    rules = version.rules.values(*RULE_FIELDS)
    document["rules"] = [rule_to_data(rule, facts) for rule in rules]
    document["modifiers"] = []
    for modifier in version.modifier_rules.all():
        rows = parse_rows(modifier.conditions, facts, f"modifier {modifier.modifier}")
        document["modifiers"].append({"modifier": modifier.modifier, "rows": rows})
    document["diagnoses"] = []
    for diagnoses in version.supporting_diagnoses.all():
        rows = parse_rows(diagnoses.conditions, facts, f"diagnoses {diagnoses.codes}")
        document["diagnoses"].append({"codes": diagnoses.codes.split(), "rows": rows})

    return RuleTable.from_document(document)


def notes_of(text: str) -> list[str]:
    """The notes of a version, which empty lines part."""
    notes = [note.strip() for note in text.split("\n\n")]
    return [note for note in notes if note]


def rule_to_data(row: Mapping[str, Any], facts: Sequence[FactDefinition]) -> dict[str, Any]:
    """A rule, by the columns of its row, as a document has it: what its row leaves empty is no part of it."""
    data: dict[str, Any] = {
        "id": row["rule_id"],
        "title": row["title"],
        "rows": parse_rows(row["conditions"], facts, row["rule_id"]),
        "outcome": row["outcome"],
        "message": row["message"],
        "basis": row["basis"],
    }
    if row["code"]:
        data["code"] = row["code"]
    for name in ("see", "guards"):
        keys = row[name].split()
        if keys:
            data[name] = keys
    return data


def facts_to_document(rows: Iterable[Fact]) -> list[dict[str, Any]]:
    """The rows of facts as parts of a document, derived tables read beside the facts before them.

    Raises ``TableError`` for a derived table that names another fact, and for whatever is wrong with a fact before it.
    """
    document: list[dict[str, Any]] = []
    for row in rows:
        data = fact_to_data(row)
        if row.derived.strip():
            earlier = facts_of_document(document)
            data["derived"] = parse_derived(row.derived, row.kind, earlier, f"fact {row.key}")
        document.append(data)
    return document


def fact_to_data(fact: Fact) -> dict[str, Any]:
    """A fact's row as a part of the document, but for its derived table."""
    data: dict[str, Any] = {"key": fact.key, "kind": fact.kind, "label": fact.label}
    if fact.question:
        data["question"] = fact.question
    data["help"] = fact.help

    choices = choices_of(fact.choices)
    if choices:
        data["choices"] = [{"value": value, "label": label} for value, label in choices]
    for name in ("minimum", "maximum", "unit"):
        value = getattr(fact, name)
        if value not in (None, ""):
            data[name] = value
    if fact.asked_first:
        data["asked_first"] = True
    if fact.decimals:
        data["decimals"] = fact.decimals
    if fact.source != Source.CODER:
        data["source"] = fact.source
    return data


def choices_of(text: str) -> list[tuple[str, str]]:
    """The values of choices with their labels, which stand as ``value | label``, one a line."""
    choices = []
    for line in text.splitlines():
        if line.strip():
            value, _, label = line.partition("|")
            choices.append((value.strip(), label.strip() or value.strip()))
    return choices


def write_rows(version: RuleSetVersion, table: RuleTable) -> None:
    """Write a table as the rows of a new draft. Raises ValidationError for a text that its column does not keep."""
    rows = list(_checked(rows_of(version, table)))
    models: tuple[type[Model], ...] = (Fact, Rule, ModifierRule, SupportingDiagnosis)
    for model in models:
        own = [row for row in rows if isinstance(row, model)]
        model._default_manager.bulk_create(own)

    document = table.to_document()
    version.further = further_of(document)
    version.save(update_fields=["further"])
    _check_kept(version, document)


def rows_of(version: RuleSetVersion, table: RuleTable) -> list[Model]:
    """The rows of a table, not stored: facts, rules, modifiers, diagnoses."""
    facts = table.fact_by_key
    rows: list[Model] = []
    for position, data in enumerate(table.to_document()["facts"], start=1):
        rows.append(Fact(version=version, position=position, **_fact_columns(data, facts)))
    for position, rule in enumerate(table.rules, start=1):
        rows.append(Rule(version=version, position=position, **_rule_columns(rule, facts)))
    for position, modifier in enumerate(table.modifiers, start=1):
        row = ModifierRule(version=version, position=position, modifier=modifier.modifier)
        row.conditions = format_rows(modifier.rows, facts)
        rows.append(row)
    for position, diagnoses in enumerate(table.diagnoses, start=1):
        codes = " ".join(diagnoses.codes)
        line = SupportingDiagnosis(version=version, position=position, codes=codes)
        line.conditions = format_rows(diagnoses.rows, facts)
        rows.append(line)
    return rows


def _fact_columns(data: Mapping[str, Any], facts: Mapping[str, FactDefinition]) -> dict[str, Any]:
    choices = [f"{choice['value']} | {choice['label']}" for choice in data.get("choices", [])]
    derived = format_derived(facts[data["key"]].derived, facts)
    return {**data, "choices": "\n".join(choices), "derived": derived}


def _rule_columns(rule: TableRule, facts: Mapping[str, FactDefinition]) -> dict[str, Any]:
    return {
        "rule_id": rule.id,
        "title": rule.title,
        "conditions": format_rows(rule.rows, facts),
        "outcome": rule.outcome.value,
        "code": rule.code,
        "message": rule.message,
        "basis": rule.basis,
        "see": " ".join(rule.see),
        "guards": " ".join(rule.guards),
    }


def further_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a document that a version keeps as they are."""
    return {name: document[name] for name in FURTHER if name in document}


# The parts of a document that a version keeps as they are.
FURTHER = ("lines", "groups", "claim")
# The parts of a document that are parted by what is between their texts: line breaks, empty lines, spaces.
PARTED = ("notes", "family", "facts", "diagnoses")


def _check_kept(version: RuleSetVersion, document: Mapping[str, Any]) -> None:
    """Refuse a text that the rows would give back as another one, such as a label of two lines."""
    advice = (
        "a line break or a space stands where rows of the administration hold none. Take it out."
    )
    try:
        kept = table_from_rows(version).to_document()
    except TableError as error:
        raise ValidationError(f"{error} Perhaps {advice}") from None
    changed = [part for part in PARTED if kept[part] != document[part]]
    if changed:
        raise ValidationError(f"{', '.join(changed)}: {advice}")


def _checked(rows: Iterable[Model]) -> Iterator[Model]:
    for row in rows:
        try:
            row.clean_fields(exclude=["version"])
        except ValidationError as error:
            problems = []
            for field, texts in error.message_dict.items():
                problems.append(f"{row}, {field}: {' '.join(texts)}")
            raise ValidationError(problems) from None
        yield row


def read_answers(service: Service) -> None:
    """Read the answers of a service once for a page that asks for them again and again, and changes none."""
    answers = Prefetch("answers", _answers_in_order(Answer.objects.all()), to_attr=READ_ANSWERS)
    prefetch_related_objects([service], answers)


def _answers_in_order(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    return answers.select_related("answered_by").order_by("id")


def current_answers(service: Service) -> dict[str, Answer]:
    """The answers that count: the latest of each fact, without those that were taken back."""
    rows = getattr(service, READ_ANSWERS, None)
    if rows is None:
        rows = _answers_in_order(service.answers.all())
    # A later answer to a fact takes the place of the one before.
    latest: dict[str, Answer] = {answer.fact: answer for answer in rows}
    return {fact: answer for fact, answer in latest.items() if answer.value is not None}


def facts_of(answers: dict[str, Answer], table: RuleTable) -> Facts:
    """The answers as facts of a table.

    Facts that the table does not know, or derives, are left out; so are values that it does not know, which an
    earlier version offered: their question is asked again.
    """
    base = [fact for fact in table.facts if not fact.derived]
    facts: dict[str, FactValue] = {}
    for key, answer in answers.items():
        with suppress(FactError):
            facts.update(facts_from_data(base, {key: answer.value}))
    return facts


def answer_to_data(fact: str, answer: FactValue) -> Any:
    return facts_to_data({fact: answer})[fact]
