"""Rows for both desks at the size of a large department, made in the database: ``grow`` takes minutes, not hours.

Every fifth encounter has a second service; there are as many review cases and events of the trail as ``Size`` says.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Model

from bench.encounters import Department
from coding.models import AuditEvent, AuditHead, Encounter, Suggestion
from coding.trail import keys
from reviews.models import ReviewCase

PROFILES = 3_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of a kind there are."""

    encounters: int
    cases: int
    events: int


FULL = Size(1_000_000, 200_000, 3_000_000)
MIDDLE = Size(200_000, 40_000, 600_000)
QUICK = Size(20_000, 4_000, 60_000)
TINY = Size(2_000, 400, 6_000)

# Each is one statement. What stands in braces are numbers: of rows, or of what the department gave.
STATEMENTS = (
    "DROP TABLE IF EXISTS bench_suggestion, bench_coder, bench_encounter",
    """
    CREATE TEMP TABLE bench_suggestion AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS number, id, profile_id, outcome, code, modifiers,
        further_lines, reported
    FROM coding_suggestion
    """,
    "CREATE UNIQUE INDEX ON bench_suggestion (number)",
    """
    CREATE TEMP TABLE bench_coder AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS number, id FROM coding_user WHERE username LIKE '%-coder'
    """,
    """
    INSERT INTO coding_patient (identifier, authority, source, member, name_sum, sex, state, edition, first_seen_at)
    SELECT 'MRN' || lpad(n::text, 8, '0'), '', 'desk', '', '', 'U', 'new', 1, now()
    FROM generate_series({before} / 4 + 1, ({before} + {encounters}) / 4) n
    """,
    """
    INSERT INTO coding_provider (name, key, state, edition, first_seen_at, email)
    SELECT 'Dr. ' || initcap(substr(md5(n::text), 1, 7)) || ' ' || n, 'desk provider ' || n, 'new', 1, now(), ''
    FROM generate_series(1, 400) n ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO coding_payer (name, key, state, edition, first_seen_at)
    SELECT 'Payer ' || initcap(substr(md5(n::text), 1, 7)) || ' ' || n, 'desk payer ' || n, 'new', 1, now()
    FROM generate_series(1, 40) n ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO coding_encounter (public_id, source, external_id, patient_reference, patient_id, sex, name_sum,
        visit_authority, date_of_service, place_of_service, provider, registered_provider_id, payer,
        registered_payer_id, note, documents, content_hash, revision, state, received_at)
    SELECT gen_random_uuid(), 'desk', 'D-' || lpad(n::text, 8, '0'), p.identifier, p.id, 'U', '', '',
        date '2024-01-01' + (n::bigint * 7919 % 1000)::int, '22', v.name, v.id, y.name, y.id, '{note}',
        '[]', md5(n::text), 1,
        CASE WHEN n % 100 < 6 THEN 'to_code' WHEN n % 100 < 12 THEN 'in_review' WHEN n % 100 < 13 THEN
        'awaiting_provider' WHEN n % 100 < 14 THEN 'void' ELSE 'final' END,
        timestamptz '2025-01-01' + n * interval '30 seconds'
    FROM generate_series({before} + 1, {before} + {encounters}) n
    JOIN coding_patient p ON p.source = 'desk'
        AND p.identifier = 'MRN' || lpad(({before} / 4 + n % ({encounters} / 4) + 1)::text, 8, '0')
    JOIN coding_provider v ON v.key = 'desk provider ' || n % 400 + 1
    JOIN coding_payer y ON y.key = 'desk payer ' || n % 40 + 1
    """,
    """
    CREATE TEMP TABLE bench_encounter AS
    SELECT row_number() OVER (ORDER BY id) AS n, id, public_id, state, date_of_service, payer, received_at
    FROM coding_encounter WHERE source = 'desk' AND id > {last_encounter}
    """,
    "CREATE UNIQUE INDEX ON bench_encounter (n)",
    "ANALYZE bench_encounter",
    """
    INSERT INTO coding_service (public_id, encounter_id, number, rule_set_id, day, payer, origin, state, assigned_to_id,
        round, version_id, profile_id, suggestion_id)
    SELECT gen_random_uuid(), e.id, k, {rule_set}, e.date_of_service, e.payer, 'line',
        CASE e.state WHEN 'void' THEN 'withdrawn' ELSE CASE WHEN k = 2 THEN 'final' ELSE e.state END END,
        CASE WHEN e.state = 'to_code' AND e.n % 3 > 0 THEN NULL ELSE c.id END,
        CASE e.state WHEN 'to_code' THEN 0 ELSE 1 END,
        CASE e.state WHEN 'to_code' THEN NULL::bigint ELSE {version} END,
        CASE e.state WHEN 'to_code' THEN NULL ELSE s.profile_id END, CASE e.state WHEN 'to_code' THEN NULL ELSE s.id END
    FROM bench_encounter e
    CROSS JOIN generate_series(1, 2) k
    JOIN bench_suggestion s ON s.number = (e.n * 31 + k) % {suggestions}
    JOIN bench_coder c ON c.number = e.n % {coders}
    WHERE k = 1 OR e.n % 5 = 0
    """,
    """
    INSERT INTO coding_serviceline (encounter_id, service_id, number, position, code, modifiers, units,
        diagnosis_pointers)
    SELECT v.encounter_id, v.id, v.number, v.number, lpad((10000 + v.id * 131 % 6000)::text, 5, '0'), '[]', 1, '[1]'
    FROM coding_service v JOIN bench_encounter e ON e.id = v.encounter_id
    """,
    """
    INSERT INTO coding_diagnosis (encounter_id, position, code)
    SELECT e.id, k, chr(65 + (e.n % 20)::int) || lpad((e.n * 17 % 900 + k)::text, 4, '0')
    FROM bench_encounter e CROSS JOIN generate_series(1, 2) k
    """,
    """
    INSERT INTO reviews_codinground (service_id, number, reason, revision, opened_at, closed_at, ended)
    SELECT v.id, 1, 'initial', 1, e.received_at, e.received_at, 'decided'
    FROM coding_service v JOIN bench_encounter e ON e.id = v.encounter_id WHERE v.round = 1
    """,
    """
    INSERT INTO reviews_codingdecision (service_id, coding_round_id, round, suggestion_id, version_id, coder_id, choice,
        outcome, code, modifiers, further_lines, reported, units, diagnosis_codes, reason, agrees, decided_at)
    SELECT v.id, r.id, 1, s.id, {version}, coalesce(v.assigned_to_id, {coder}), 'accept', s.outcome, s.code,
        s.modifiers, s.further_lines, s.reported, 1, '[]', '', true, r.opened_at
    FROM coding_service v JOIN bench_encounter e ON e.id = v.encounter_id
    JOIN reviews_codinground r ON r.service_id = v.id JOIN bench_suggestion s ON s.id = v.suggestion_id
    """,
    """
    INSERT INTO reviews_finalcode (service_id, decision_id, outcome, code, modifiers, further_lines, reported, units,
        diagnosis_codes, superseded, finalised_at)
    SELECT v.id, d.id, CASE d.outcome WHEN 'code' THEN 'code' ELSE 'no_family_code' END, d.code, d.modifiers,
        d.further_lines, d.reported, 1, '[]', false, d.decided_at
    FROM coding_service v JOIN bench_encounter e ON e.id = v.encounter_id
    JOIN reviews_codingdecision d ON d.service_id = v.id WHERE v.state = 'final'
    """,
    """
    INSERT INTO coding_servicecode (encounter_id, service_id, code)
    SELECT l.encounter_id, l.service_id, l.code FROM coding_serviceline l
    JOIN bench_encounter e ON e.id = l.encounter_id
    UNION
    SELECT v.encounter_id, v.id, s.code FROM coding_service v JOIN bench_encounter e ON e.id = v.encounter_id
    JOIN coding_suggestion s ON s.id = v.suggestion_id WHERE s.code <> ''
    """,
    """
    INSERT INTO reviews_reviewcase (public_id, service_id, decision_id, suggestion_id, level, objection, coder_id,
        state, holder_id, opened_at, priority)
    SELECT gen_random_uuid(), v.id, d.id, d.suggestion_id, 1, '', d.coder_id,
        CASE WHEN v.state <> 'in_review' THEN 'acknowledged' WHEN v.id % 50 = 0 THEN 'claimed' ELSE 'queued' END,
        CASE WHEN v.state = 'in_review' AND v.id % 50 = 0 THEN {supervisor}::bigint END, d.decided_at, 3
    FROM (SELECT w.* FROM coding_service w JOIN bench_encounter b ON b.id = w.encounter_id WHERE round = 1 ORDER BY
        (w.state = 'in_review') DESC, w.id DESC LIMIT {cases}) v
    JOIN reviews_codingdecision d ON d.service_id = v.id
    """,
    """
    INSERT INTO reviews_caseroute (case_id, reason)
    SELECT id, CASE id % 5 WHEN 0 THEN 'rules_ask_supervisor' WHEN 1 THEN 'coder_asks_provider' ELSE 'other_code' END
    FROM reviews_reviewcase WHERE id > {last_case}
    """,
    """
    INSERT INTO reviews_ruling (case_id, supervisor_id, coder_id, kind, reason, ruled_at, outcome, code, modifiers,
        further_lines, reported, units, diagnosis_codes, severity, cause, note)
    SELECT c.id, {supervisor}, c.coder_id, 'coder_upheld', 'As it was coded.', c.opened_at + interval '1 day',
        d.outcome, d.code, d.modifiers, d.further_lines, d.reported, 1, '[]', '', '', ''
    FROM reviews_reviewcase c JOIN reviews_codingdecision d ON d.id = c.decision_id WHERE c.state = 'acknowledged'
        AND c.id > {last_case}
    """,
    # Each coder has rulings that are new.
    "UPDATE reviews_reviewcase SET state = 'resolved' WHERE state = 'acknowledged' AND id % 1000 < 3",
    """
    INSERT INTO reviews_providerquery (public_id, service_id, round, facts, text, state, asked_by_id, asked_at, answer,
        provider, reason)
    SELECT gen_random_uuid(), id, 1, '[]', 'Which side was treated?', 'open', {supervisor}, now(), '', '', ''
    FROM coding_service v WHERE state = 'awaiting_provider'
        AND EXISTS (SELECT FROM bench_encounter e WHERE e.id = v.encounter_id)
    """,
    """
    INSERT INTO coding_auditevent (sequence, at, event, actor_id, actor_name, subject_type, subject_id, encounter,
        before, after, reason, records, request_id, previous_hash, hash)
    SELECT {last_event} + event.n, timestamptz '2025-01-01' + ({last_event} + event.n) * interval '10 seconds',
        (ARRAY['encounter.viewed', 'answer.given', 'decision.made', 'code.finalised', 'case.claimed'])[event.n % 5 + 1],
        c.id, u.first_name || ' ' || u.last_name, 'coding.encounter', e.public_id::text, e.public_id, '{{}}',
        '{{"state": "Final"}}', '', '{{}}', '',
        lpad(to_hex({last_event} + event.n - 1), 64, '0'), lpad(to_hex({last_event} + event.n), 64, '0')
    FROM generate_series(1, {events}) AS event (n)
    JOIN bench_encounter e ON e.n = event.n::bigint * 7 % {encounters} + 1
    JOIN bench_coder c ON c.number = event.n % {coders}
    JOIN coding_user u ON u.id = c.id
    """,
)
NOTE = "The hip was examined under fluoroscopy. Findings and treatment are described below. " * 8


def begin() -> Department:
    """A department with a rule set in force, people, and a few encounters whose suggestions the rows repeat."""
    department = Department("desks", seed=3)
    department.grow(PROFILES)
    return department


def grow(department: Department, size: Size) -> None:
    """Store as many rows more. Foreign keys are not checked on the way, and no guard looks at them."""
    numbers: dict[str, object] = {
        "encounters": size.encounters,
        "cases": size.cases,
        "events": size.events,
        "coders": len(department.coders),
        "coder": department.coders[0].pk,
        "supervisor": department.supervisor.pk,
        "rule_set": department.rule_set.pk,
        "version": department.version.pk,
        "suggestions": Suggestion.objects.count(),
        "before": Encounter.objects.filter(source="desk").count(),
        "last_encounter": _last(Encounter),
        "last_case": _last(ReviewCase),
        "last_event": AuditEvent.objects.aggregate(last=Max("sequence"))["last"] or 0,
        "note": NOTE,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")
        for statement in STATEMENTS:
            cursor.execute(statement.format(**numbers))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    _sign_head()


def _last(model: type[Model]) -> int:
    return model._base_manager.aggregate(last=Max("pk"))["last"] or 0


def _sign_head() -> None:
    """The chain goes on behind the events that were made."""
    last = AuditEvent.objects.order_by("sequence").last()
    head = AuditHead.objects.get(pk=1)
    head.count, head.hash, head.signature = (
        last.sequence,
        last.hash,
        keys.sign(last.sequence, last.hash),
    )
    head.save()
