"""A note, pasted to see how a version's lexicon reads it. Nothing of it is kept or written down."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from coding.evidence import LexiconError
from coding.forms.lexicon_trial import NoteForm
from coding.models import RuleSetVersion
from coding.rules.trial import lexicon_on_trial, on_trial
from coding.views.access import allowed
from coding.views.form_pages import form_page


@allowed("coding.change_lexiconterm", send="coding.change_lexiconterm")
def try_lexicon(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The box for a note, the rows that cannot be read, and how the rest reads the note."""
    versions = RuleSetVersion.objects.select_related("rule_set", "document")
    version = get_object_or_404(versions, rule_set__key=key, number=number)
    form = NoteForm(request.POST or None)
    context: dict[str, object] = {"version": version, "form": form}
    try:
        lexicon, context["bad_terms"] = lexicon_on_trial(version)
    except LexiconError as error:
        context["problem"] = str(error)
    else:
        if form.is_valid():
            context["trial"] = on_trial(lexicon, form.cleaned_data["note"])
    refused = form.is_bound and not form.is_valid()
    return form_page(request, "coding/lexicon_trial.html", context, refused=refused)
