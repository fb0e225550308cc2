"""Everything that is done at its time: the one table, named by ``settings.SCHEDULED_WORK``.

It stands here because it composes both apps. ``manage.py run_due_work`` does what is due; people read the last runs at
``/operation/``.
"""

from django.conf import settings

from coding import trail
from coding.actions import encounters
from coding.work import nightly
from coding.work.scheduled import ANCHOR, Daily, Every, Scheduled
from reviews.actions import changed_facts, claims, query_ends, reminders
from reviews.claims.waiting import check_waiting
from reviews.reevaluation.nightly import prove_replay


def _write_anchor() -> str:
    trail.write_anchor()
    anchor = trail.read_anchor()
    return f"event {anchor.count} is anchored" if anchor else "no event to anchor yet"


SCHEDULED_WORK = (
    Scheduled(
        "replay", "Begin the proof of stored suggestions by replay", Daily(2, 30), prove_replay
    ),
    Scheduled(
        "records", "Prove the records from the audit trail", Daily(2, 45), nightly.prove_records
    ),
    Scheduled(
        "counts",
        "Write into the trail how often something was refused",
        Every(3600),
        nightly.tell_counts,
    ),
    Scheduled(
        "texts", "Forget texts that were typed and left", Daily(3, 10), nightly.forget_old_texts
    ),
    Scheduled(
        "uploads",
        "Keep counts of stopped uploads, forget old indexes",
        Daily(3, 15),
        nightly.tidy_uploads,
    ),
    Scheduled(
        "sessions",
        "Delete the rows of sessions that have ended",
        Daily(3, 20),
        nightly.clear_sessions,
    ),
    Scheduled("workers", "Forget workers that are gone", Daily(3, 30), nightly.forget_gone_workers),
    Scheduled("claims", "Put cases back that were held too long", Every(600), claims.lapse_claims),
    Scheduled(
        "left",
        "Give back what people who code no more were coding",
        Every(600),
        encounters.give_back_left,
    ),
    Scheduled("checks", "Check the claims that wait to be exported", Every(300), check_waiting),
    Scheduled(
        "reminders", "Remind of held cases and of queries that wait", Every(3600), reminders.remind
    ),
    Scheduled(
        "queries", "Close provider queries that are over", Every(3600), query_ends.close_over
    ),
    Scheduled(
        changed_facts.KEY,
        "Look again where history or registers give something else",
        Every(3600),
        changed_facts.look_again,
    ),
    # Last: what the others wrote is anchored too.
    Scheduled(
        ANCHOR,
        "Write the head of the audit trail outside the database",
        Every(settings.AUDIT_ANCHOR_SECONDS),
        _write_anchor,
    ),
)
