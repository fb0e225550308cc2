"""The terms of lexicons: those of drafts are edited here, others are read."""

from django.contrib import admin

from coding.admin.draft_parts import DraftPartAdmin, VersionFilter
from coding.models import LexiconTerm
from coding.rules.lexicons import TERM_FIELDS


@admin.register(LexiconTerm)
class LexiconTermAdmin(DraftPartAdmin):
    """One row a phrase."""

    lacks = "the draft reads no notes yet"
    list_display = ["phrase", "fact", "value", "negated", "strength", "version"]
    list_filter = [("version", VersionFilter), "fact", "strength"]
    search_fields = ["phrase", "value"]
    # By the number: a relation sorts as its own table does, and turned around that is the oldest version first.
    ordering = ["version__rule_set", "-version__number", "fact", "phrase"]
    fields = ["version", *TERM_FIELDS]
