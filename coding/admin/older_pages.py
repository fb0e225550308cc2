"""Pages of rows that several administrators may have open: they remember what they showed, see the form."""

from typing import Any

from django.http import HttpRequest

from coding.admin.kept_texts import KeepsTexts
from coding.forms.older_pages import RefusesOlderPages

SEEN = "seen"


class OlderPagesAreRefused(KeepsTexts):
    """Whoever may save a row sends back what its page showed; to whoever may only read it, it is nothing."""

    form = RefusesOlderPages

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the hidden field where it is of use."""
        is_of_use = obj is not None and self.has_change_permission(request, obj)
        hidden = [SEEN] if is_of_use else []
        fieldsets = []
        for heading, options in super().get_fieldsets(request, obj):
            fields = [name for name in options["fields"] if name != SEEN]
            fieldsets.append((heading, {**options, "fields": [*fields, *hidden]}))
            # It stands once, in the first of them.
            hidden = []
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write what was changed and nothing else: what the page does not show may be another by now."""
        if not change:
            return super().save_model(request, obj, form, change)
        own = {field.name for field in obj._meta.concrete_fields}
        return obj.save(update_fields=own.intersection(form.changed_data))
