"""The terms of lexicons: those of drafts are edited here, others are read."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from coding.admin.draft_parts import DraftPartAdmin, VersionFilter
from coding.models import LexiconTerm
from coding.rules import rulebook
from coding.rules.from_note import values_of
from coding.rules.lexicons import TERM_FIELDS
from coding.rules.trial import problem_of


@admin.register(LexiconTerm)
class LexiconTermAdmin(DraftPartAdmin):
    """One row a phrase."""

    lacks = "the draft reads no notes yet"
    list_display = ["phrase", "fact", "value", "negated", "strength", "version"]
    list_filter = [("version", VersionFilter), "fact", "strength"]
    search_fields = ["phrase", "value"]
    # By the number: a relation sorts as its own table does, and turned around that is the oldest version first.
    ordering = ["version__rule_set", "-version__number", "fact", "phrase"]
    fields = ["version", *TERM_FIELDS, "problem", "trial"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: LexiconTerm | None = None
    ) -> list[str]:
        """Beside what every part has: what the checks say of the row."""
        return [*super().get_readonly_fields(request, obj), "problem", "trial"]

    @admin.display(description="what is wrong with it")
    def problem(self, term: LexiconTerm) -> str:
        """Why the row as it is stored cannot be read."""
        if term.pk is None:
            return "not stored yet"
        frame = term.version.lexicon_frame
        document = term.version.document
        values = values_of(rulebook.table_of(document)) if document else None
        return problem_of(term, frame.get("groups") or {}, values) or "nothing"

    @admin.display(description="on a note")
    def trial(self, term: LexiconTerm) -> str:
        """The way to the page that reads a note with the version's rows."""
        if term.pk is None:
            return "once it is stored"
        address = reverse("try-lexicon", args=[term.version.rule_set.key, term.version.number])
        return format_html('<a href="{}">Try the lexicon on a note</a>', address)
