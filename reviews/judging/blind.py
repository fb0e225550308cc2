"""What somebody sees of cases under blind review: no name of a coder before the ruling, no code before their own."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from coding.actions.transitions import of
from coding.models import Encounter, ServiceState, User
from reviews.models import OPEN_STATES, ReviewCase, SecondCoding
from reviews.transitions import CASE, SERVICE

HIDDEN_NAME = "hidden until the ruling"
HIDDEN_CODE = "hidden until you coded it"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader sees of any case. ``coded`` are the decisions, by id, beside which they coded blind themselves."""

    is_blind: bool = False
    coded: frozenset[int] = field(default_factory=frozenset)

    def hides_names(self, case: ReviewCase) -> bool:
        """Whether the names of a case are hidden until its ruling."""
        return self.is_blind and case.is_open

    def hides_codes(self, case: ReviewCase) -> bool:
        """Whether the reader has to code the case before they see what coder and rules found."""
        return self.hides_names(case) and case.decision_id not in self.coded

    def coder_of(self, case: ReviewCase) -> str:
        """The name of a case's coder, or that it is hidden."""
        return HIDDEN_NAME if self.hides_names(case) else case.coder.name


def is_blind(reader: User) -> bool:
    """Whether a reader is kept blind: by setting, those who rule."""
    return bool(settings.REVIEW_BLIND) and reader.has_perm(of(CASE, "rule").permission)


def sight_of(reader: User) -> Sight:
    """What a reader sees, in one query at most."""
    if not is_blind(reader):
        return Sight()
    own = SecondCoding.objects.filter(
        coder=reader, is_supervisor=True, service__state=ServiceState.IN_REVIEW
    )
    return Sight(is_blind=True, coded=frozenset(own.order_by().values_list("decision", flat=True)))


def seen_cases(cases: QuerySet[ReviewCase], sight: Sight) -> QuerySet[ReviewCase]:
    """Without the cases whose codes are hidden: where a page itself tells what is alike in them."""
    if not sight.is_blind:
        return cases
    return cases.exclude(Q(state__in=OPEN_STATES) & ~Q(decision__in=sight.coded))


def seen_services(rows: QuerySet[Any], reader: User, path: str = "") -> QuerySet[Any]:
    """Without what is in review, where the reader is kept blind: a list that is narrowed tells what its rows hide.

    ``path`` leads to the service, such as ``decision__service__``.
    """
    if not is_blind(reader):
        return rows
    return rows.exclude(**{f"{path}state": ServiceState.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the pages of an encounter hide from a reader: all names, and the codes of some services, by their ids."""

    names: bool = False
    codes: frozenset[int] = field(default_factory=frozenset)


def hidden_in(encounter: Encounter, reader: User) -> Hidden:
    """What is hidden of an encounter from a reader: what they are to code blind, and by setting its open cases."""
    is_coder = reader.has_perm(of(SERVICE, "decide").permission)
    to_code = frozenset(_to_code_blind(encounter, reader) if is_coder else ())
    sight = sight_of(reader)
    if not sight.is_blind:
        return Hidden(names=bool(to_code), codes=to_code)
    cases = list(ReviewCase.objects.filter(service__encounter=encounter, state__in=OPEN_STATES))
    codes = frozenset(case.service_id for case in cases if sight.hides_codes(case))
    return Hidden(names=bool(cases or to_code), codes=codes | to_code)


def _to_code_blind(encounter: Encounter, reader: User) -> QuerySet[SecondCoding, int]:
    """The services, by id, that the reader was asked to code beside a decision that still counts, and has not yet."""
    asked = SecondCoding.objects.filter(service__encounter=encounter, coder=reader, done_at=None)
    decided = asked.filter(service__state__in=(ServiceState.FINAL, ServiceState.IN_REVIEW))
    beside = decided.filter(decision__round=F("service__round"), is_supervisor=False)
    return beside.values_list("service", flat=True)
