"""What new tables change for our rules: the work list of an update, and the signature at its end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.actions.table_sign_offs import MAY_SIGN, sign_off
from coding.forms.codes import PlainDayForm
from coding.models import Meaning, TableSignOff
from coding.rules.tables_update import TablesUpdate, tables_update
from coding.signing.asking import Signing
from coding.signing.content import sign_off_content
from coding.signing.shown import signatures_of
from coding.views.access import allowed, user_of
from coding.views.form_pages import form_page
from reviews.forms.tables_update import SignOffForm

MAY = "coding.view_rulesetversion"


@allowed(MAY, send=MAY_SIGN)
def update(request: HttpRequest) -> HttpResponse:
    """Compare the tables that begin on a day with those of the day before; sign what becomes of each rule set."""
    days = PlainDayForm(request.GET or {})
    changes = tables_update(days.day)
    may_sign = request.user.has_perm(MAY_SIGN) and bool(changes.releases)
    if request.method == "POST" and not changes.releases:
        raise Conflict("No release begins on this day: there is nothing to sign.")
    signing = Signing(request, Meaning.UPDATE)
    form = None
    if may_sign:
        form = SignOffForm(request.POST or None, update=changes, signing=signing)
    if form is not None and form.is_signed() and _signed(request, changes, form):
        return redirect(reverse("tables-update", query={"on": days.day.isoformat()}))
    context = {
        "form": days,
        "day": days.day,
        "update": changes,
        "sign_off": form,
        **_latest(changes),
    }
    return form_page(
        request, "reviews/tables_update.html", context, refused=form is not None and form.is_bound
    )


def _signed(request: HttpRequest, changes: TablesUpdate, form: SignOffForm) -> bool:
    """Whether the verb took it; what it refuses is shown on the form."""
    actor = user_of(request)
    data = form.cleaned_data
    standing = data.get("standing", [])

    def act() -> str:
        sign_off(actor, changes.day, data["seen"], standing, form.confirmation)
        return reverse("tables-update")

    try:
        once(actor, data["idempotency_key"], act)
    except Conflict as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"What the tables of {changes.day} change is signed.")
    return True


def _latest(changes: TablesUpdate) -> dict[str, Any]:
    """The latest signature of the day, and whether what was signed is what stands."""
    signed = TableSignOff.objects.filter(day=changes.day).first()
    if signed is None:
        return {}
    shown = signatures_of([signed], sign_off_content)[signed.pk]
    is_current = signed.update_hash == changes.content_hash
    return {"signed": signed, "signatures": shown, "is_current": is_current}
