"""Rule sets as files: a version out, a file in as a new draft."""

import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding import trail
from coding.actions import rule_sets as actions
from coding.actions.once import once
from coding.actions.version_gate import Refused
from coding.decision import TableError
from coding.exchange import FORMATS
from coding.forms.rule_sets import RuleFileForm
from coding.rules import case_rows
from coding.rules.lexicons import lexicon_of
from coding.views.access import allowed, user_of
from coding.views.rule_checks import version_and_table


@allowed("coding.view_rulesetversion")
def export_version(request: HttpRequest, key: str, number: int, name: str) -> HttpResponse:
    """A version as a file of one of the formats."""
    version, table = version_and_table(key, number)
    if name not in FORMATS:
        raise Http404
    try:
        content = FORMATS[name].write(table)
    except TableError as error:
        return render(request, "coding/rule_export.html", {"version": version, "problem": str(error)}, status=422)
    with transaction.atomic():
        trail.record(user_of(request), "version.exported", version, after={"format": name})
    file = f"{key}-version-{number}.{name}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(content, content_type=FORMATS[name].content_type, headers=headers)


@allowed("coding.add_rulesetversion", send="coding.add_rulesetversion")
def import_rules(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The form that takes a file as a new draft; what the file lacks comes from this version."""
    version, table = version_and_table(key, number)
    form = RuleFileForm(
        request.POST or None, request.FILES or None, base=table, initial={"idempotency_key": uuid.uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        actor, imported = user_of(request), form.cleaned_data["file"]
        note = f"Imported from a file, on the base of version {number}."
        lexicon = lexicon_of(version.lexicon) if version.lexicon else None

        def draft() -> str:
            cases = case_rows.copies(version.worked_cases.all())
            new = actions.draft(actor, version.rule_set, imported, note, lexicon, cases, version.layer)
            return new.get_absolute_url()

        try:
            return redirect(once(actor, form.cleaned_data["idempotency_key"], draft))
        except Refused as refusal:
            form.add_error("file", str(refusal))
    context = {"version": version, "form": form}
    return render(request, "coding/rule_import.html", context, status=422 if form.is_bound else 200)
