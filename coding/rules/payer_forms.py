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
    """A modifier that hangs on an option of the payer: proposed where it is set, or where it is not."""

    modifier: str
    option: str
    is_for_them: bool
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
    """The forms that the shipped proposals know, each with the registered payers whose option is set, in one query."""
    terms = list(_terms_on(day))
    forms = []
    for rule in checks_in_force().proposal_rules:
        for name, is_for_them in (("option", True), ("unless", False)):
            if option := rule.options.get(name):
                payers = sorted(term.payer.name for term in terms if term.options.get(option) == "yes")
                forms.append(PayerForm(rule.modifier, option, is_for_them, tuple(payers)))
    return tuple(forms)


def _terms_on(day: date) -> Iterable[PayerTerms]:
    """The newest terms of each payer on a day."""
    rows = PayerTerms.objects.filter(valid_from__lte=day).select_related("payer").order_by("payer", "-valid_from")
    newest: dict[int, PayerTerms] = {}
    for term in rows[:MOST_TERMS]:
        newest.setdefault(term.payer_id, term)
    return newest.values()
