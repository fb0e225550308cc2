"""The page on which a coder enters the rows of a group: wounds, joints or fragments."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.decision import FactError, RuleTable, asked_in_rows
from coding.forms.parts import IdempotentForm
from coding.models import Service, ServiceState
from coding.views.access import allowed, user_of
from coding.views.form_pages import form_page
from reviews.actions import group_rows
from reviews.coding_form.group_rows import RowsOfGroup, group_of, rows_of
from reviews.coding_form.guided import table_of, version_of
from reviews.forms.group_rows import MOST_ROWS, GroupRowsForm
from reviews.views.visible import service_to_code

MAY = "coding.code_encounter"


@allowed(MAY, send=MAY)
def enter_rows(request: HttpRequest, public_id: uuid.UUID, group: str) -> HttpResponse:
    """The table of rows; one is added or removed without being saved."""
    service = service_to_code(request, public_id)
    if request.method == "POST":
        return _take(request, service, group)
    if service.state != ServiceState.TO_CODE:
        return redirect(service.encounter)
    table = table_of(version_of(service))
    if group not in {own.key for own in table.groups}:
        return redirect(service)
    standing = rows_of(service, table, group_of(table, group))
    facts = asked_in_rows(table, standing.group)
    form = GroupRowsForm.of(standing.group, facts, standing.rows)
    return _page(request, service, table, standing, form)


def _take(request: HttpRequest, service: Service, group: str) -> HttpResponse:
    """Save the rows, or add or remove one in what came."""
    table = table_of(version_of(service))
    standing = rows_of(service, table, group_of(table, group))
    form = GroupRowsForm.sent(standing.group, asked_in_rows(table, standing.group), request.POST)
    problem = ""
    if request.POST.get("what", "save") == "save" and form.is_valid():
        try:
            return redirect(_save(request, service, form))
        except FactError as error:
            problem = str(error)
    return _page(request, service, table, standing, form, problem)


def _page(
    request: HttpRequest,
    service: Service,
    table: RuleTable,
    standing: RowsOfGroup,
    form: GroupRowsForm,
    problem: str = "",
) -> HttpResponse:
    is_refused = bool(problem or form.problems)
    context = {
        "service": service,
        "encounter": service.encounter,
        "alike": [table.fact_by_key[key].label for key in standing.group.alike],
        "standing": standing,
        "most_rows": MOST_ROWS,
        "idempotency_key": uuid.uuid4(),
        "form": form,
        "problem": problem,
    }
    return form_page(request, "reviews/group_rows.html", context, refused=is_refused)


def _save(request: HttpRequest, service: Service, form: GroupRowsForm) -> str:
    actor = user_of(request)

    def act() -> str:
        entered = group_rows.enter(actor, service, form.group.key, form.answers)
        opened = [str(own.service.number) for own in entered if own.opened]
        more = f" Opened for other rows: service {', '.join(opened)}." if opened else ""
        messages.success(request, f"{form.group.label}: {form.count} entered.{more}")
        return service.get_absolute_url()

    sent = IdempotentForm(request.POST)
    if not sent.is_valid():
        raise Conflict("The form came without its key. Open the page again.")
    return once(actor, sent.cleaned_data["idempotency_key"], act)
