"""Every address with the roles that get in, as a person would write it down; the code says it again in its own way."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.roles import ROLES

READERS = {"coder", "supervisor", "auditor"}
RUN_READERS = {"supervisor", "rule author", "rule approver", "auditor"}
# address: who gets in. Everybody else is refused with 403, or with 404 where the object is not theirs to know of.
PAGES = {
    "home": set(ROLES),
    "worklist": READERS,
    "no-family": READERS,
    "new-encounter": {"coder"},
    "find-encounters": READERS,
    "encounter": READERS,
    "correct-encounter": {"coder"},
    "void-encounter": {"coder", "supervisor"},
    "code": {"coder"},
    "service": READERS,
    "old-code": READERS,
    "old-answer": READERS,
    "old-decide": READERS,
    "add-service": {"coder"},
    "move-service": {"coder"},
    "split-service": {"coder"},
    "join-service": {"coder"},
    "report-nothing": {"coder"},
    "report": READERS,
    "query": READERS,
    "close-query": {"supervisor"},
    "return-case": {"supervisor"},
    "hand-over": {"supervisor"},
    "reopen-case": {"supervisor"},
    "rebut": {"coder"},
    "uploads": {"coder", "auditor"},
    "upload-template": {"coder", "auditor"},
    "upload": {"coder", "auditor"},
    "doubled-rows": {"coder", "auditor"},
    "mappings": {"coder", "auditor"},
    "mapping": {"coder", "auditor"},
    "rejected-rows": {"coder"},
    "rule-sets": set(ROLES) - {"administrator"},
    "rule-set-version": set(ROLES) - {"administrator"},
    "check-version": set(ROLES) - {"administrator"},
    "worked-cases": set(ROLES) - {"administrator"},
    "compare-versions": set(ROLES) - {"administrator"},
    "contrast-codes": set(ROLES) - {"administrator"},
    "export-version": set(ROLES) - {"administrator"},
    "import-rules": {"rule author"},
    "try-lexicon": {"rule author"},
    "unclaimed": {"rule author", "rule approver", "administrator"},
    "trail": {"auditor"},
    "queue": {"supervisor", "auditor"},
    "my-cases": {"coder"},
    "case": READERS,
    "runs": RUN_READERS,
    "new-run": {"supervisor", "rule author"},
    "run": RUN_READERS,
    "run-changes": {"supervisor", "auditor"},
    "export-run": {"supervisor", "auditor"},
    "compare-runs": RUN_READERS,
    "cluster": {"supervisor", "auditor"},
    "shadows": {"supervisor", "auditor", "rule author", "rule approver"},
    "shadow": {"supervisor", "auditor", "rule author", "rule approver"},
    "replays": {"auditor"},
    "duties": {"auditor", "administrator"},
    "proposal": {"auditor", "administrator"},
    "operation": {"auditor", "administrator"},
    "retention": {"auditor", "administrator"},
    "glass-breaks": {"auditor"},
    "break-glass": {"coder"},
}
# Addresses that take forms only: opened, they lead to the page on which their button stands.
VERBS = {
    "assign": {"coder"},
    "settle-proposal": {"coder"},
    "take-back": {"coder"},
    "renew-version": {"coder"},
    "start-import": {"coder"},
    "forget-columns": {"coder"},
    "forget-mapping": {"coder"},
    "steer-upload": {"coder"},
    "claim": {"supervisor"},
    "claim-next": {"supervisor"},
    "query-link": {"supervisor"},
    "acknowledge": {"coder"},
    "export-report": {"supervisor"},
    "launch-run": {"supervisor", "rule author"},
    "pause-run": {"supervisor", "rule author"},
    "resume-run": {"supervisor", "rule author"},
    "cancel-run": {"supervisor", "rule author"},
    "end-shadow": {"rule author", "rule approver"},
    "apply-run": {"supervisor"},
    "leave-family": {"coder"},
}
# Pages that take their own forms: what is posted there is a verb with roles of its own.
FORMS = {
    "code": {"coder"},
    "case": {"supervisor"},
    "cluster": {"supervisor"},
    "query": {"supervisor"},
    "upload": {"coder"},
    "doubled-rows": {"coder"},
    "mapping": {"coder"},
    "uploads": {"coder"},
    "new-encounter": {"coder"},
    "find-encounters": READERS,
    "correct-encounter": {"coder"},
    "void-encounter": {"coder", "supervisor"},
    "add-service": {"coder"},
    "move-service": {"coder"},
    "split-service": {"coder"},
    "join-service": {"coder"},
    "report-nothing": {"coder"},
    "close-query": {"supervisor"},
    "return-case": {"supervisor"},
    "hand-over": {"supervisor"},
    "reopen-case": {"supervisor"},
    "rebut": {"coder"},
    "new-run": {"supervisor", "rule author"},
    "shadows": {"rule author", "rule approver"},
    "import-rules": {"rule author"},
    "try-lexicon": {"rule author"},
    "proposal": {"administrator"},
    "break-glass": {"coder"},
    "rejected-rows": {"coder"},
    "export-run": {"supervisor", "auditor"},
}
# Forms that moved to their pages.
MOVED = {"old-rule", "old-columns"}
# Whoever is signed in.
OWN = {"keep-text", "stay"}
# Whoever is signed in, where mail is set up; elsewhere the address is not there.
WITH_MAIL = {"account_email"}
# Whoever has the link.
PUBLIC = {"one-time-link", "answer-by-link"}
OF_VERSIONS = {
    "check-version",
    "compare-versions",
    "contrast-codes",
    "import-rules",
    "rule-set-version",
    "try-lexicon",
    "worked-cases",
}


def full_form():
    """A form with whatever a page of ours may ask for: who may not send it is refused all the same."""
    return {
        "idempotency_key": uuid.uuid4(),
        "reason": "The note says so.",
        "kind": "coder_upheld",
        "verb": "cancel",
        "take": "yes",
        "fact": "treatment",
        "value": "pavlik",
        "choice": "accept",
        "external_id": "E-1",
        "patient_reference": "P-1",
        "date_of_service": "2026-05-04",
        "place_of_service": "11",
        "provider": "Dr. Falk",
        "note": "Left hip dislocated.",
        "answer": "A cast.",
        "answered_on": "2026-05-05",
        "version": "1",
        "revision": "1",
        "source": "his",
        "format": "csv",
        "file": SimpleUploadedFile("visits.csv", b"external_id\n1\n"),
    }
