"""The published rule sets of a day, read in one query, with what is to come."""

from dataclasses import dataclass
from datetime import date

from coding.decision import RuleTable
from coding.evidence import Lexicon
from coding.models import RuleSetVersion
from coding.models.layers import ANY
from coding.models.rule_sets import CONTENTS
from coding.rules import rulebook
from coding.rules.lexicons import lexicon_of


@dataclass(frozen=True, slots=True)
class Published:
    """A published version with its rules."""

    version: RuleSetVersion
    table: RuleTable

    @property
    def lexicon(self) -> Lexicon | None:
        """What reads notes for it, if anything does."""
        if self.version.lexicon is None:
            return None
        return lexicon_of(self.version.lexicon)


@dataclass(frozen=True, slots=True)
class RulesOfDay:
    """The version of each rule set that decides on a day where no layer is narrower; later ones; and the layered."""

    in_force: tuple[Published, ...]
    coming: tuple[Published, ...]
    layered: tuple[Published, ...]

    @classmethod
    def on(cls, day: date) -> "RulesOfDay":
        """Read them; tables and lexicons are kept by their content."""
        versions = RuleSetVersion.objects.published()
        versions = versions.select_related("rule_set", "document", "lexicon").defer(*CONTENTS)
        newest: dict[int, Published] = {}
        coming: list[Published] = []
        layered: list[Published] = []
        for version in versions.order_by("rule_set", "-effective_from"):
            if version.document is None or version.effective_from is None:
                continue
            published = Published(version, rulebook.table_of(version.document))
            if version.effective_from > day:
                coming.append(published)
            elif (version.for_payer, version.for_place) != (ANY, ANY):
                layered.append(published)
            else:
                # Of each rule set the newest comes first.
                newest.setdefault(version.rule_set_id, published)
        return cls(tuple(newest.values()), tuple(coming), tuple(layered))

    def of_code(self, code: str) -> Published | None:
        """The version whose family has a code; of several the one whose rule set was made first."""
        having = [own for own in self.in_force if code in own.table.family]
        # They stand by their names.
        return min(having, key=lambda own: own.version.rule_set_id, default=None)

    def of_key(self, key: str) -> Published | None:
        """The version of a rule set."""
        for published in self.in_force:
            if published.table.key == key:
                return published
        return None

    def others_of(self, code: str) -> tuple[Published, ...]:
        """Coming and layered versions that have a code."""
        return tuple(other for other in (*self.coming, *self.layered) if code in other.table.family)
