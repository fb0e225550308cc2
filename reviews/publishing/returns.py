"""Why a draft came back from review."""

from coding.models import AuditEvent, RuleSetVersion

RETURNED, SUBMITTED = "version.returned", "version.submitted"


def last_return(version: RuleSetVersion) -> AuditEvent | None:
    """The event by which an approver gave a draft back; None for one that nobody did."""
    if not version.is_draft:
        return None
    of_version = AuditEvent.objects.filter(
        subject_type=version._meta.label_lower, subject_id=str(version.pk)
    )
    # What was submitted again since is no answer to an earlier return.
    last = of_version.filter(event__in=[RETURNED, SUBMITTED]).order_by("-sequence").first()
    if last is None or last.event != RETURNED:
        return None
    return last
