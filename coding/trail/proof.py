"""Prove that the rows of which the trail tells are what it tells, from the trail alone, and name the first that is not.

The trail is read once, and proven as it is read; what its events tell of each row last is taken down on disk, by
model and id. Then each model's rows are read beside it in the order of their ids. Memory stays the same however many
there are.

Rows older than the values in events were taken down once (``coding.trail.begun``): they are proven by that, and by
what their own events tell (``coding.trail.older``).

Of encounters events tell the hash of what their source wrote, and no word of it: so note, diagnoses and lines are
hashed anew. So are rules, lexicons and facts, which are stored under their hash. Which patient, provider and payer of
the registers an encounter is of follows from these words.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from coding.decision import content_hash
from coding.importing.write_encounters import record_of
from coding.intake.index_file import IndexFile
from coding.models import (
    AuditEvent,
    Encounter,
    FactProfile,
    LexiconDocument,
    RuleDocument,
    User,
)
from coding.models.append_only import Recorded
from coding.registers.recognise import name_key
from coding.trail import accounts, chain, older, records
from coding.trail.begun import BEGUN

# Notes may be long.
NOTES_AT_ONCE = 200
DOCUMENTS_AT_ONCE = 50
REGISTERS = ("patient", "registered_provider", "registered_payer")
# What is stored once for each content, under its hash: rules and lexicons are large.
HASHED: dict[type[Model], str] = {
    RuleDocument: "document",
    LexiconDocument: "document",
    FactProfile: "facts",
}
TABLES = (
    "CREATE TABLE told (model TEXT, id INT, event INT, told TEXT, PRIMARY KEY (model, id)) WITHOUT ROWID",
    "CREATE TABLE runs (model TEXT, first INT, last INT, event INT, told TEXT)",
    "CREATE TABLE hints (model TEXT, id TEXT, event INT, told TEXT, PRIMARY KEY (model, id)) WITHOUT ROWID",
)
TELL = "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)"
TELL_RUN = "INSERT INTO runs VALUES (?, ?, ?, ?, ?)"
HINT = "INSERT OR REPLACE INTO hints VALUES (?, ?, ?, ?)"


class Differs(Exception):
    """The first row, or event, that is not what the trail tells. The message names no value of a row."""


@dataclass(slots=True)
class Proven:
    """How many events were read and rows compared; ``older`` of these only as far as their events tell."""

    events: int = 0
    rows: int = 0
    older: int = 0


def prove() -> Proven:
    """Read the trail and all rows that it tells of, as they are at one moment. Raises Differs."""
    index = IndexFile()
    try:
        with _one_moment():
            proof = _Proof(index)
            proof.take_down()
            for model in records.told_models():
                proof.compare(model)
            proof.compare_accounts()
            proof.hash_contents()
            proof.hash_documents()
    finally:
        index.close()
    return proof.proven


@contextmanager
def _one_moment() -> Iterator[None]:
    """What others write meanwhile is not seen, and they do not wait. Within a transaction it is as that one is."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        is_postgresql = connection.vendor == "postgresql"
        cursor.execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if is_postgresql else "BEGIN"
        )
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


@dataclass(frozen=True, slots=True)
class _Told:
    """What an event tells of a row, or of a run of them: the values, or their digest with its columns."""

    first: int
    last: int
    event: int
    told: Any


class _Proof:
    def __init__(self, index: IndexFile) -> None:
        self.index = index
        self.proven = Proven()
        self.begun: dict[str, dict[str, Any]] = {}
        self.for_good = {
            records.label(model): model.told_for_good() for model in records.told_models()
        }

    def take_down(self) -> None:
        """Read the trail, and keep what it tells last of each row."""
        for statement in TABLES:
            self.index.run(statement)
        self.index.run("BEGIN")
        try:
            for event in chain.events():
                self.proven.events += 1
                self._keep(event)
        except chain.Broken as broken:
            raise Differs(f"the trail is broken: {broken.fault.problem}") from None
        self.index.run("COMMIT")

    def _keep(self, event: AuditEvent) -> None:
        if event.event == BEGUN:
            for model, taken_down in event.after.items():
                # Each model is taken down once: a second time would excuse what was changed since.
                self.begun.setdefault(model, taken_down | {"event": event.sequence})

        for model, rows in event.records.items():
            for name, values in rows.items():
                first, is_run, last = name.partition("-")
                if is_run:
                    text = json.dumps(values)
                    self.index.run(TELL_RUN, model, int(first), int(last), event.sequence, text)
                else:
                    self._keep_row(event, model, int(first), values)

        if not event.records:
            for hint in older.hints(event):
                text = json.dumps(hint.told)
                self.index.run(HINT, hint.model, hint.name, event.sequence, text)

    def _keep_row(self, event: AuditEvent, model: str, key: int, values: dict[str, Any]) -> None:
        """What an event tells replaces what was told before, but for values that never change."""
        earlier_ones = self.index.rows(
            "SELECT event, told FROM told WHERE model = ? AND id = ?", model, key
        )
        for earlier, text in earlier_ones:
            before = json.loads(text)
            fixed = {name: before[name] for name in self.for_good.get(model, ()) if name in before}
            columns = records.differing(fixed, values)
            if columns:
                words = f"another {', '.join(columns)} of {model} {key} than event {earlier}"
                raise Differs(f"event {event.sequence} tells {words}: it was changed in between")
        self.index.run(TELL, model, key, event.sequence, json.dumps(values))

    def compare(self, model: type[Recorded]) -> None:
        """Read a model's rows beside what was told of them, both in the order of their ids."""
        label = records.label(model)
        told, runs = self._told(label), self._runs(label)
        told_row, run = next(told, None), next(runs, None)
        rows = model._base_manager.order_by("pk").values_list("pk", *model.told_columns())
        for key, *values in rows.iterator(chunk_size=records.PORTION):
            now = records.as_told(model, key, values)
            self.proven.rows += 1
            while run and run.last < key:
                run = next(runs, None)

            if told_row and told_row.first < key:
                raise _is_gone(model, told_row)
            if told_row and told_row.first == key:
                _check(model, key, records.differing(told_row.told, now), told_row.event)
                told_row = next(told, None)
            else:
                self._check_not_by_itself(model, key, now, run)
        if told_row:
            raise _is_gone(model, told_row)
        self._compare_runs(model)

    def _check_not_by_itself(
        self, model: type[Recorded], key: int, now: dict[str, Any], run: _Told | None
    ) -> None:
        """A row that no event tells of alone: one of a run, one that stands as it began, or an older one."""
        last_old = self.begun.get(records.label(model), {}).get("last", 0)
        if run and run.first <= key:
            began = records.began(run.told, model)
            _check(model, key, records.differing(began, now), run.event)
        elif model.UNTOLD_AS_BEGUN:
            _check_untold(model, key, now)
        elif key <= last_old:
            self._check_older(model, key, now)
        else:
            raise Differs(f"no event tells of {_named(model, key)}")

    def _check_older(self, model: type[Recorded], key: int, now: dict[str, Any]) -> None:
        self.proven.older += 1
        taken_down = self.begun[records.label(model)]
        began = taken_down.get("begins", {})
        _check(model, key, records.differing(began, now), taken_down["event"])
        hints = self.index.rows(
            "SELECT event, told FROM hints WHERE model = ? AND id = ?",
            records.label(model),
            str(key),
        )
        for event, text in hints:
            _check(model, key, older.differing(json.loads(text), now), event)

    def _compare_runs(self, model: type[Recorded]) -> None:
        """Rows that were written in bulk, and older ones: what never changes of them is proven by digests."""
        label, rows = records.label(model), model._meta.verbose_name_plural
        for run in self._runs(label):
            if _is_otherwise(model, run.first, run.last, run.told):
                run_of = f"{rows} {run.first} to {run.last}, which event {run.event} tells of"
                raise Differs(f"of the {run_of}, one was changed or is not there")
        before = self.begun.get(label)
        if before is None:
            return
        there = model._base_manager.filter(pk__lte=before["last"]).count()
        if there != before["rows"]:
            raise Differs(
                f"up to id {before['last']} there are {there} {rows}, and {before['rows']} were taken down"
            )
        if _is_otherwise(model, 1, before["last"], before):
            raise Differs(
                f"of the {rows} up to id {before['last']}, one was changed since they were taken down"
            )

    def compare_accounts(self) -> None:
        """Read what each account may do beside what was told of it."""
        told = {row.first: row for row in self._told(accounts.LABEL)}
        are_told = bool(told)
        for key, now in accounts.read():
            row = told.pop(key, None)
            if row:
                self.proven.rows += 1
                _check(User, key, records.differing(row.told, now), row.event)
            elif are_told and accounts.may_act(now):
                raise Differs(f"no event tells of {_named(User, key)}")
        for gone in told.values():
            raise _is_gone(User, gone)

    def hash_contents(self) -> None:
        """Read what each encounter says now, and hash it as it was when it was written."""
        last_old = self.begun.get(records.label(Encounter), {}).get("last", 0)
        newer = Encounter.objects.filter(pk__gt=last_old).order_by("pk")
        whole = newer.select_related(*REGISTERS).prefetch_related("diagnoses", "service_lines")
        for encounter in whole.iterator(chunk_size=NOTES_AT_ONCE):
            if record_of(encounter).content_hash != encounter.content_hash:
                raise Differs(
                    f"{_named(Encounter, encounter.pk)} does not say what its source sent"
                )
            register = _of_another(encounter)
            if register:
                raise Differs(
                    f"{_named(Encounter, encounter.pk)} is of another {register} than its source named"
                )

    def hash_documents(self) -> None:
        """Read what is stored under its hash, and hash it as it was then."""
        for model, column in HASHED.items():
            rows = model._base_manager.order_by("pk").values_list("pk", column, "content_hash")
            for key, stored, hash_then in rows.iterator(chunk_size=DOCUMENTS_AT_ONCE):
                if content_hash(stored) != hash_then:
                    raise Differs(f"{_named(model, key)} does not say what its hash is of")

    def _told(self, label: str) -> Iterator[_Told]:
        statement = "SELECT id, event, told FROM told WHERE model = ? ORDER BY id"
        for key, event, text in self.index.run(statement, label):
            yield _Told(key, key, event, json.loads(text))

    def _runs(self, label: str) -> Iterator[_Told]:
        statement = "SELECT first, last, event, told FROM runs WHERE model = ? ORDER BY first"
        for first, last, event, text in self.index.run(statement, label):
            yield _Told(first, last, event, json.loads(text))


def _is_otherwise(model: type[Recorded], first: int, last: int, told: dict[str, Any]) -> bool:
    """Whether rows say something else than a digest is of. Where an event names no columns, it is of those of today."""
    columns = told.get("columns", model.told_for_good())
    digest: str = told["digest"]
    return records.digest_of(model, first, last, columns) != digest


def _of_another(encounter: Encounter) -> str:
    """The register of which an encounter points to another row than its words name; empty where there is none.

    Of a patient its identifier is compared: whose of a family a payer's number is, its words may leave open.
    """
    provider, payer = encounter.registered_provider, encounter.registered_payer
    provider_key = provider.key if provider else ""
    if provider_key != name_key(encounter.provider):
        return "provider"
    payer_key = payer.key if payer else ""
    if payer_key != name_key(encounter.payer):
        return "payer"
    if encounter.patient_id is None:
        return ""
    # Nobody, where the row is gone.
    identifier = encounter.patient.identifier if encounter.patient else None
    return "" if identifier == encounter.patient_reference else "patient"


def _named(model: type[Model], key: int) -> str:
    return f"{model._meta.verbose_name} {key}"


def _is_gone(model: type[Model], told_row: _Told) -> Differs:
    gone = _named(model, told_row.first)
    return Differs(f"{gone} is not there, and event {told_row.event} tells of it")


def _check_untold(model: type[Recorded], key: int, now: dict[str, Any]) -> None:
    columns = records.differing(model.BEGINS, now)
    if columns:
        raise Differs(f"no event tells of the {', '.join(columns)} of {_named(model, key)}")


def _check(model: type[Model], key: int, columns: list[str], event: int) -> None:
    if columns:
        raise Differs(
            f"{_named(model, key)} has another {', '.join(columns)} than event {event} tells"
        )
