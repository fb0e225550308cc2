"""What every long list has: filters that are kept under names, columns to choose, and a file of what it shows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from coding.actions import lists as actions
from coding.actions.errors import Conflict
from coding.actions.require import require
from coding.forms.lists import SavedFilterForm
from coding.models import SavedFilter, User
from coding.signing.confirmation import Confirmation
from coding.views.access import allowed, posted_from, user_of
from coding.views.columns import Column, as_texts, chosen_columns
from coding.views.filters import ListFilter
from coding.views.signed_exports import (
    MEDIA_TYPES,
    Export,
    file_response,
    signed_export,
    write_table,
)
from coding.views.stretches import PLACES

# Beyond that a person narrows a list first. A file is made while somebody waits.
MOST_EXPORTED = 20_000
# Whatever list it is, the file holds patients' data.
EXPORT = "coding.export_encounter"
# What an address says that is no filter: it begins a list anew, as it is.
PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list by the name of its address, with the permission to read it and the columns to choose from."""

    place: str
    noun: str
    permission: str
    columns: tuple[Column, ...]

    def counted(self, number: int) -> str:
        """So many of its rows, in words."""
        noun = self.noun.removesuffix("s") if number == 1 else self.noun
        return f"{number:,} {noun}"

    @property
    def filters(self) -> str:
        """The name of the address that takes saved filters."""
        return f"{self.place}-filters"

    @property
    def export(self) -> str:
        """The name of the address of its files."""
        return f"export-{self.place}"


def opening(request: HttpRequest, place: str) -> HttpResponseRedirect | None:
    """Where a person keeps a default filter, an address without a question opens with it."""
    if request.GET:
        return None
    own = SavedFilter.objects.filter(person=user_of(request), place=place, is_default=True).first()
    if own is None or not own.asked:
        return None
    return redirect(f"{request.path}?{own.asked}")


def frame(request: HttpRequest, kept: KeptList, chosen: ListFilter) -> dict[str, Any]:
    """The context of ``includes/_kept_list.html``: what stands around a list's rows."""
    own = list(SavedFilter.objects.filter(person=user_of(request), place=kept.place))
    has_default = any(saved.is_default for saved in own)
    asked = question_of(request.GET)
    shown = chosen_columns(kept.columns, request.GET)
    to_choose = [column for column in kept.columns if not column.fixed]
    return {
        "filter": chosen,
        "kept_list": kept,
        "saved_filters": own,
        "saved_here": next((saved for saved in own if saved.asked == asked), None),
        "asked": asked,
        "clear_address": f"{request.path}?{PLAIN}=yes" if has_default else request.path,
        "columns": shown,
        "column_choice": [(column, column in shown) for column in to_choose],
        "exports": sorted(MEDIA_TYPES),
        "may_export": user_of(request).has_perm(EXPORT),
    }


def question_of(asked: QueryDict) -> str:
    """What an address asks of a list, wherever in it one stands."""
    question = asked.copy()
    for name in ("page", PLAIN, *PLACES):
        question.pop(name, None)
    empty = [name for name, values in question.lists() if not any(values)]
    for name in empty:
        del question[name]
    return question.urlencode()


def export_list(
    request: HttpRequest, kept: KeptList, rows: QuerySet, form: str
) -> HttpResponseBase:
    """The rows with the chosen columns as CSV or as a workbook; the file holds patients' data and is signed for."""
    if form not in MEDIA_TYPES:
        raise Http404
    require(user_of(request), EXPORT, "take lists away")
    columns = chosen_columns(kept.columns, request.GET)
    number = rows.order_by().values("pk")[: MOST_EXPORTED + 1].count()
    address = reverse(kept.place, query=request.GET)
    if number > MOST_EXPORTED:
        raise Conflict(
            f"A file holds {kept.counted(MOST_EXPORTED)} at most. Narrow the list, by days for example."
        )

    def hand_out(confirmation: Confirmation | None) -> HttpResponseBase:
        labels = [column.label for column in columns]
        texts = list(as_texts(rows.iterator(chunk_size=500), columns))
        file = write_table(labels, texts, form)
        actions.take_list(
            user_of(request), kept.permission, kept.place, len(texts), file.sha256, confirmation
        )
        return file_response(file, f"{kept.place}.{form}", MEDIA_TYPES[form])

    lead = f"{kept.counted(number)}, narrowed and with the columns as the list was."
    return signed_export(request, Export(f"Export as {form.upper()}", lead, address), hand_out)


def saved_filter_view(kept: KeptList) -> Any:
    """The view that takes what a person does with the saved filters of a list."""

    @posted_from(kept.place)
    @allowed(kept.permission)
    def saved_filter(request: HttpRequest) -> HttpResponse:
        person = user_of(request)
        address = reverse(kept.place)
        sent = request.POST.get("saved")
        saved = _own_filter(person, kept, sent) if sent else None
        match request.POST.get("verb"):
            case "forget" if saved:
                actions.forget_filter(person, saved)
            case "open with" if saved:
                actions.open_with(person, kept.place, saved)
            case "open plainly":
                actions.open_with(person, kept.place, None)
            case _:
                return _save(request, kept, address)
        return redirect(_with_question(address, saved.asked if saved else ""))

    return saved_filter


def _with_question(address: str, asked: str) -> str:
    """The address of a list with what is asked of it; said plainly that nothing is, or a default would come in."""
    return f"{address}?{asked}" if asked else f"{address}?{PLAIN}=yes"


def _own_filter(person: User, kept: KeptList, sent: str) -> SavedFilter:
    try:
        public_id = UUID(sent)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(SavedFilter, person=person, place=kept.place, public_id=public_id)


def _save(request: HttpRequest, kept: KeptList, address: str) -> HttpResponse:
    form = SavedFilterForm(request.POST)
    asked = question_of(QueryDict(request.POST.get("asked", "")[:2000]))
    if not form.is_valid():
        raise Conflict("Give the filter a name of at most 60 letters.")
    name, default = form.cleaned_data["name"], form.cleaned_data["default"]
    actions.save_filter(user_of(request), kept.place, name, asked, default=default)
    return redirect(_with_question(address, asked))
