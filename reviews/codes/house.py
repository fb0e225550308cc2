"""What this house found about a code: confusions, precedents, and rules of it that are known to be wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from coding.models import Precedent
from coding.models.reported import OUTCOMES
from coding.rules import precedents
from coding.rules.published import Published
from reviews.models import CodingDecision, DefectState, RuleDefect

# Confusions are counted in the latest so many decisions that departed from the rules, whatever code they are about.
LATEST = 2000
MOST_CONFUSIONS = 5
MOST_PRECEDENTS = 5
MOST_DEFECTS = 10


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was reported otherwise, a code or an outcome in words, and how often."""

    words: str
    times: int


@dataclass(frozen=True, slots=True)
class Confusions:
    """Of the latest ``LATEST`` departures: what coders reported where the rules gave the code, and the other way round.

    Each holds the most frequent ones, at most ``MOST_CONFUSIONS``. Departures in modifiers alone are none.
    """

    instead_of_it: tuple[Confusion, ...]
    it_instead: tuple[Confusion, ...]


def confusions_of(code: str) -> Confusions:
    """The confusions of one code, in one query of bounded work."""
    latest = CodingDecision.objects.filter(agrees=False).order_by("-pk").values("pk")[:LATEST]
    about_it = Q(suggestion__code=code) | Q(code=code)
    departures = CodingDecision.objects.filter(pk__in=latest).filter(about_it)
    otherwise = departures.exclude(suggestion__code=F("code"))
    pairs = otherwise.values_list("suggestion__code", "suggestion__outcome", "code", "outcome")
    counted = pairs.annotate(times=Count("pk")).order_by()

    instead_of_it, it_instead = [], []
    for suggested, asked, reported, outcome, times in counted:
        if suggested == code:
            instead_of_it.append(Confusion(_words(reported, outcome), times))
        else:
            it_instead.append(Confusion(_words(suggested, asked), times))
    return Confusions(_most(instead_of_it), _most(it_instead))


def precedents_of(published: Published, code: str) -> QuerySet[Precedent]:
    """The precedents in force that found the code, the latest first."""
    return precedents.of_code(published.version.rule_set_id, code)[:MOST_PRECEDENTS]


def defects_of(published: Published, rule_ids: Iterable[str]) -> QuerySet[RuleDefect]:
    """Open defects of some rules of the rule set, under whichever version they were met, the latest first."""
    of_rules = RuleDefect.objects.filter(
        rule_set=published.version.rule_set_id, rule_id__in=rule_ids
    )
    still_open = of_rules.filter(state=DefectState.OPEN).select_related("version__rule_set")
    return still_open[:MOST_DEFECTS]


def _words(code: str, outcome: str) -> str:
    return code or dict(OUTCOMES)[outcome]


def _most(confusions: list[Confusion]) -> tuple[Confusion, ...]:
    often_first = sorted(confusions, key=lambda confusion: (-confusion.times, confusion.words))
    return tuple(often_first[:MOST_CONFUSIONS])
