"""How the payers of the register want modifiers: the options by which the claim step proposes them, or does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from coding.models import PayerTerms
from coding.reference.claim_checks import checks_in_force

# So many sets of terms are read, and so many payers are named of each form.
MOST_TERMS = 500
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class PayerForm:
    """An option of payers: the modifiers that they want by it and those that they do not, and who has it."""

    option: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    payers: tuple[str, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """The first payers with the option."""
        return self.payers[:MOST_NAMED]

    @property
    def further(self) -> int:
        """How many more there are."""
        return len(self.payers) - len(self.named)


def payer_forms(day: date) -> tuple[PayerForm, ...]:
    """The options by which the shipped proposals go, each with the registered payers that have it, in one query."""
    rules = checks_in_force().proposal_rules
    named = [rule.options.get(name) for rule in rules for name in ("option", "unless")]
    terms = list(_terms_on(day))
    forms = []
    for option in dict.fromkeys(filter(None, named)):
        wanted = tuple(rule.modifier for rule in rules if rule.options.get("option") == option)
        unwanted = tuple(rule.modifier for rule in rules if rule.options.get("unless") == option)
        payers = sorted(term.payer.name for term in terms if term.options.get(option) == "yes")
        forms.append(PayerForm(option, wanted, unwanted, tuple(payers)))
    return tuple(forms)


def _terms_on(day: date) -> Iterable[PayerTerms]:
    """The newest terms of each payer on a day."""
    rows = PayerTerms.objects.filter(valid_from__lte=day).select_related("payer").order_by("payer", "-valid_from")
    newest: dict[int, PayerTerms] = {}
    for term in rows[:MOST_TERMS]:
        newest.setdefault(term.payer_id, term)
    return newest.values()
