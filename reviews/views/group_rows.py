"""The page on which a coder enters the rows of a group: wounds, joints or fragments."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.decision import FactError, asked_in_rows
from coding.forms.parts import IdempotentForm
from coding.models import Service, ServiceState
from coding.views.access import allowed, user_of
from reviews.actions import group_rows
from reviews.coding_form.group_rows import group_of, rows_of
from reviews.coding_form.guided import table_of, version_of
from reviews.forms.group_rows import MOST_ROWS, GroupRowsForm
from reviews.views.visible import service_to_code

MAY = "coding.code_encounter"


@allowed(MAY, send=MAY)
def enter_rows(request: HttpRequest, public_id: uuid.UUID, group: str) -> HttpResponse:
    """The table of rows; one is added or removed without being saved."""
    service = service_to_code(request, public_id)
    is_read = request.method != "POST"
    if is_read and service.state != ServiceState.TO_CODE:
        return redirect(service.encounter)
    table = table_of(version_of(service))
    if is_read and group not in {own.key for own in table.groups}:
        return redirect(service)
    own = group_of(table, group)
    facts = asked_in_rows(table, own)
    standing = rows_of(service, table, own)
    context = {
        "service": service,
        "encounter": service.encounter,
        "alike": [table.fact_by_key[key].label for key in own.alike],
        "standing": standing,
        "most_rows": MOST_ROWS,
        "idempotency_key": uuid.uuid4(),
    }
    if is_read:
        return _rows_page(request, GroupRowsForm.of(own, facts, standing.rows), context)
    form = GroupRowsForm.sent(own, facts, request.POST)
    problem = ""
    if request.POST.get("what", "save") == "save" and form.is_valid():
        try:
            return redirect(_save(request, service, form))
        except FactError as error:
            problem = str(error)
    return _rows_page(request, form, context, problem)


def _rows_page(
    request: HttpRequest, form: GroupRowsForm, context: dict[str, object], problem: str = ""
) -> HttpResponse:
    is_refused = bool(problem or form.problems)
    context |= {"form": form, "problem": problem}
    return render(request, "reviews/group_rows.html", context, status=422 if is_refused else 200)


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
