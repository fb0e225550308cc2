"""The encounter or service of an address, if the person may see it; else the address is not there."""

import uuid
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from coding.models import Encounter, Service, SupersededDocument
from coding.views.access import user_of
from reviews.forms.rulings import MOST_DIGITS

Row = TypeVar("Row", bound=Model)


def encounter_of(request: HttpRequest, public_id: uuid.UUID, *with_relations: str) -> Encounter:
    """The encounter, with the relations that are named."""
    visible = Encounter.objects.for_user(user_of(request)).prefetch_related(*with_relations)
    return get_object_or_404(visible, public_id=public_id)


def encounter_to_read(request: HttpRequest, public_id: uuid.UUID) -> Encounter:
    """The encounter with its patient, and whether it ``has_superseded`` documents."""
    superseded = SupersededDocument.objects.filter(encounter=OuterRef("pk"))
    visible = Encounter.objects.for_user(user_of(request)).annotate(
        has_superseded=Exists(superseded)
    )
    return get_object_or_404(visible.select_related("patient__survivor"), public_id=public_id)


def service_of(request: HttpRequest, public_id: uuid.UUID) -> Service:
    """The service with its encounter and rule set."""
    visible = Service.objects.for_user(user_of(request)).select_related("encounter", "rule_set")
    return get_object_or_404(visible, public_id=public_id)


def service_to_code(request: HttpRequest, public_id: uuid.UUID) -> Service:
    """The service with all that its coding reads, and whether it ``has_siblings`` in its encounter."""
    siblings = Service.objects.filter(encounter=OuterRef("encounter")).exclude(pk=OuterRef("pk"))
    visible = Service.objects.for_user(user_of(request)).annotate(has_siblings=Exists(siblings))
    # A lexicon is large, and kept ready by its content (``coding.rules.lexicons``).
    visible = visible.select_related(
        "encounter",
        "rule_set",
        "assigned_to",
        "version__document",
        "version__lexicon",
        "suggestion",
    ).defer("version__lexicon__document")
    return get_object_or_404(visible, public_id=public_id)


def sent_row(rows: QuerySet[Row], sent: str) -> Row:
    """The row whose number a button sent. What is no number, or too long for one, names none."""
    if not sent.isdecimal() or len(sent) >= MOST_DIGITS:
        raise Http404
    return get_object_or_404(rows, pk=sent)
