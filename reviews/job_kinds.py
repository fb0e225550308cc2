"""Every kind of background job with what handles it: the one table, named by ``settings.JOB_KINDS``.

It stands here because it composes both apps: an import tells ``reviews`` of the encounters it corrected.
"""

from coding.actions.table_loads import LOAD_TABLE, LoadTable
from coding.importing.dry_run import CHECK, Check
from coding.importing.import_rows import IMPORT, Import
from coding.importing.look import LOOK, Look
from coding.work.leases import Handler
from reviews.actions.changed_facts import LOOK_AGAIN, LookAgain
from reviews.actions.corrections import review
from reviews.reevaluation.applying import APPLY, Apply
from reviews.reevaluation.deciding import DECIDE, Decide
from reviews.reevaluation.planning import PLAN, Plan
from reviews.reevaluation.replay import REPLAY, Replay

JOB_KINDS: dict[str, Handler] = {
    LOOK: Look(),
    CHECK: Check(),
    IMPORT: Import(review),
    LOAD_TABLE: LoadTable(),
    PLAN: Plan(),
    DECIDE: Decide(),
    APPLY: Apply(),
    REPLAY: Replay(),
    LOOK_AGAIN: LookAgain(),
}
