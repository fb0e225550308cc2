"""How the payers of the register want modifiers: the options by which the claim step proposes them, or does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, QuerySet, Subquery, Window

from coding.claim.proposals import ProposalRule
from coding.models import PayerTerms
from coding.reference.claim_checks import checks_in_force

# So many payers are named of each form.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class PayerForm:
    """An option of payers: the modifiers that they want by it and those that they do not.

    ``payers`` are the first by name that have it, ``further`` is how many more there are.
    """

    option: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    payers: tuple[str, ...]
    further: int


def payer_forms(day: date) -> tuple[PayerForm, ...]:
    """The options by which the shipped proposals go, each with the registered payers that have it, by a query each."""
    rules = checks_in_force().proposal_rules
    named = []
    for rule in rules:
        named += [rule.options.get("option"), rule.options.get("unless")]

    newest = _newest_terms(day)
    options = dict.fromkeys(filter(None, named))
    return tuple(_form(option, rules, newest) for option in options)


def _form(option: str, rules: Iterable[ProposalRule], newest: QuerySet[PayerTerms]) -> PayerForm:
    wanted, unwanted = [], []
    for rule in rules:
        if rule.options.get("option") == option:
            wanted.append(rule.modifier)
        if rule.options.get("unless") == option:
            unwanted.append(rule.modifier)

    having = newest.filter(**{f"options__{option}": "yes"}).order_by("payer__name")
    # With the number of all of them in each row: it needs no query of its own.
    first = list(having.values_list("payer__name", Window(Count("pk")))[:MOST_NAMED])
    payers = tuple(name for name, _ in first)
    total = first[0][1] if first else 0
    return PayerForm(option, tuple(wanted), tuple(unwanted), payers, total - len(payers))


def _newest_terms(day: date) -> QuerySet[PayerTerms]:
    """The newest terms of each payer on a day."""
    begun = PayerTerms.objects.filter(payer=OuterRef("payer"), valid_from__lte=day)
    newest = begun.order_by("-valid_from").values("pk")[:1]
    return PayerTerms.objects.filter(pk=Subquery(newest))
