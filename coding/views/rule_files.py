"""Rule sets as files: a version out, a file in as a new draft once its difference was looked at."""

import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from coding import trail
from coding.actions import rule_sets as actions
from coding.actions.version_gate import Refused, faults_of_table
from coding.decision import DecisionError, RuleTable, TableError, changed_regions, revisions
from coding.evidence import Lexicon
from coding.exchange import FORMATS, WholeFormat
from coding.exchange.dmn_write import DMN_1_3, DMN_EDITIONS, write_dmn
from coding.exchange.json_file import RuleSetFile, write_rule_set
from coding.forms.rule_sets import RuleFileForm, ShownFileForm
from coding.models import RuleSetVersion, WorkedCase
from coding.rules import case_data, case_rows
from coding.rules.case_files import write_cases
from coding.rules.lexicons import fits, lexicon_of
from coding.views.access import allowed, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page
from coding.views.rule_checks import version_and_table

# Worked cases alone, beside the formats of whole versions.
CASES = "cases"


@allowed("coding.view_rulesetversion")
def export_version(request: HttpRequest, key: str, number: int, name: str) -> HttpResponse:
    """A version as a file of one of the formats, or its worked cases as CSV; DMN in the edition asked for."""
    version, table = version_and_table(key, number)
    if name not in (*FORMATS, CASES):
        raise Http404
    try:
        content = _written(name, version, table, request.GET.get("edition", DMN_1_3))
    except TableError as error:
        context = {"version": version, "problem": str(error)}
        return form_page(request, "coding/rule_export.html", context, refused=True)
    with transaction.atomic():
        trail.record(user_of(request), "version.exported", version, after={"format": name})

    file, kind = f"{key}-version-{number}.{name}", name
    if name == CASES:
        file, kind = f"{key}-version-{number}-cases.csv", "csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return HttpResponse(content, content_type=FORMATS[kind].content_type, headers=headers)


def _written(name: str, version: RuleSetVersion, table: RuleTable, edition: str) -> bytes:
    if name == CASES:
        return write_cases(version.worked_cases.all(), table)
    kind = FORMATS[name]
    if isinstance(kind, WholeFormat):
        cases = tuple(case_data.to_data(case) for case in version.worked_cases.all())
        return kind.write_whole(RuleSetFile(table, _lexicon(version), cases))
    if name == "dmn":
        if edition not in DMN_EDITIONS:
            raise TableError(f"DMN is written in the editions {', '.join(DMN_EDITIONS)}.")
        return write_dmn(table, edition)
    return kind.write(table)


def _lexicon(version: RuleSetVersion) -> Lexicon | None:
    return lexicon_of(version.lexicon) if version.lexicon else None


@allowed("coding.add_rulesetversion", send="coding.add_rulesetversion")
def import_rules(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Choose a file, see what it would change, and make the draft; what the file lacks comes from this version."""
    version, table = version_and_table(key, number)
    if "document" in request.POST:
        return _draft(request, version, table)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RuleFileForm(*sent, base=table)
    context: dict[str, object] = {"version": version, "form": form}
    if form.is_valid():
        try:
            context |= _difference(version, table, form.content)
        except TableError as error:
            form.add_error("file", str(error))
    refused = form.is_bound and not form.is_valid()
    return form_page(request, "coding/rule_import.html", context, refused=refused)


def _difference(version: RuleSetVersion, base: RuleTable, file: RuleSetFile) -> dict[str, object]:
    """What the file would change, before anything is kept. Raises TableError for a case that is none."""
    lexicon, cases = _beside(version, file)
    results = [case_rows.result_of(case, file.table) for case in cases]
    document = write_rule_set(file).decode()
    initial = {"document": document, "idempotency_key": uuid.uuid4()}
    shown: dict[str, object] = {
        "revisions": revisions(base, file.table),
        "defects": list(faults_of_table(file.table)),
        "failing": [result for result in results if not result.passes],
        "cases": len(cases),
        "brings": file,
        "lexicon_fits": lexicon is None or fits(lexicon, file.table),
        "confirm": ShownFileForm(initial=initial, base=base),
    }
    try:
        shown["change"] = changed_regions(base, file.table)
    except (TableError, DecisionError) as error:
        shown["undecided"] = str(error)
    return shown


def _beside(version: RuleSetVersion, file: RuleSetFile) -> tuple[Lexicon | None, list[WorkedCase]]:
    """Lexicon and worked cases of the file, or the version's where the file says nothing of them."""
    lexicon = file.lexicon or _lexicon(version)
    if file.cases is None:
        return lexicon, case_rows.copies(version.worked_cases.all())
    return lexicon, case_data.from_data(file.cases, file.table)


def _draft(request: HttpRequest, version: RuleSetVersion, base: RuleTable) -> HttpResponse:
    form = ShownFileForm(request.POST, base=base)
    if form.is_valid():
        actor = user_of(request)
        note = f"Imported from a file, on the base of version {version.number}."

        def draft() -> str:
            lexicon, cases = _beside(version, form.content)
            table, layer = form.content.table, version.layer
            new = actions.draft(actor, version.rule_set, table, note, lexicon, cases, layer)
            return new.get_absolute_url()

        try:
            return redirect_once(actor, form, draft)
        except (Refused, TableError) as refusal:
            form.add_error(None, str(refusal))
    context = {"version": version, "form": form}
    return form_page(request, "coding/rule_import.html", context, refused=True)
