"""The columns of lists of review cases: of the queue, and of a coder's own cases."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.timesince import timesince

from coding.models.reported import Reported
from coding.views.columns import Column
from reviews.judging.blind import HIDDEN_CODE, Sight
from reviews.models import Level, ReviewCase

NO_RULE_SET = "no rule set"
# History or registers give something by now on which the rules ask more.
OPEN_AGAIN = "a question is open again"
TAGS = "includes/_tags.html"


def _why(case: ReviewCase) -> list[str]:
    return [str(route) for route in case.routes.all()]


def _encounter(case: ReviewCase) -> list[str]:
    rebuttal = " · rebuttal" if case.level == Level.REBUTTAL else ""
    return [f"{case.service.encounter.external_id}{rebuttal}"]


def _due(case: ReviewCase) -> list[str]:
    texts = [case.get_priority_display()]
    if case.due_on:
        texts.append(case.due_on.isoformat())
    if case.is_overdue:
        texts.append("overdue")
    return texts


def _submitted(case: ReviewCase) -> list[str]:
    return [str(line) for line in case.service.lines.all() if line.gone_in is None]


def _family(case: ReviewCase) -> list[str]:
    return [str(case.service.rule_set or NO_RULE_SET)]


def _suggested(case: ReviewCase) -> list[str]:
    if case.suggestion is None and case.service.rule_set:
        return [OPEN_AGAIN]
    return _words(case.suggestion) or [NO_RULE_SET]


def _decided(case: ReviewCase) -> list[str]:
    return _words(case.decision)


def _words(report: Reported | None) -> list[str]:
    return [report.words] if report else []


def _ruling(case: ReviewCase) -> list[str]:
    if hasattr(case, "ruling"):
        return [str(case.ruling)]
    return [f"waiting for {timesince(case.opened_at)}"] if case.is_open else ["none"]


def _reason(case: ReviewCase) -> list[str]:
    return [case.ruling.reason] if hasattr(case, "ruling") else []


def _ruled(case: ReviewCase) -> list[str]:
    return [f"{timezone.localdate(case.ruling.ruled_at)}"] if hasattr(case, "ruling") else []


WHY = Column("why", "Why it is here", _why, part=TAGS)
ENCOUNTER = Column("encounter", "Encounter", _encounter, part="reviews/_case_link.html", fixed=True)
SERVED = Column("served", "Date of service", lambda case: [case.service.day.isoformat()])
STATE = Column(
    "state", "State", lambda case: [case.get_state_display()], part="reviews/_case_state.html"
)
FURTHER = (
    Column("system", "System", lambda case: [case.service.encounter.source], usual=False),
    Column("provider", "Provider", lambda case: [case.service.encounter.provider], usual=False),
    Column(
        "payer",
        "Payer",
        lambda case: [case.service.payer] if case.service.payer else [],
        usual=False,
    ),
    Column("family", "Rule set", _family, usual=False),
    Column("submitted", "Submitted", _submitted, part=TAGS, usual=False),
)
RULED = Column("ruled", "Ruled on", _ruled, usual=False)


def queue_columns(sight: Sight) -> tuple[Column, ...]:
    """The columns of the queue, route reasons first; ``sight`` is the reader's."""

    def unless_hidden(
        words: Callable[[ReviewCase], list[str]],
    ) -> Callable[[ReviewCase], list[str]]:
        return lambda case: [HIDDEN_CODE] if sight.hides_codes(case) else words(case)

    return (
        WHY,
        ENCOUNTER,
        Column("served", "Date of service", SERVED.words, usual=False),
        Column(
            "opened",
            "In the queue",
            lambda case: [f"{case.opened_at:%Y-%m-%d}"],
            part="reviews/_case_age.html",
        ),
        Column("due", "Due", _due, part="reviews/_case_due.html"),
        Column("coder", "Coder", lambda case: [sight.coder_of(case)]),
        Column(
            "suggested", "Suggested", unless_hidden(_suggested), part="reviews/_case_suggested.html"
        ),
        Column("decided", "Decided", unless_hidden(_decided), part="reviews/_case_decided.html"),
        *FURTHER,
        STATE,
        Column("holder", "Held by", lambda case: [case.holder.name if case.holder else "nobody"]),
        Column("ruling", "Ruling", _ruling, usual=False),
        RULED,
    )


# Of the person who reads, so that nobody's name stands there but the supervisor's.
OWN_COLUMNS = (
    ENCOUNTER,
    SERVED,
    Column("why", "Why it was reviewed", _why, part=TAGS),
    Column("suggested", "Suggested", _suggested, part="reviews/_case_suggested.html"),
    Column("decided", "You decided", _decided, part="reviews/_case_decided.html"),
    *FURTHER,
    Column("ruling", "Ruling", _ruling, part="reviews/_case_ruling.html"),
    RULED,
    Column("reason", "Its reason", _reason, usual=False),
    STATE,
)
