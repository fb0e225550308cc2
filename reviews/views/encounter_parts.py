"""What an encounter's page shows beside its lines and its note: parts that follow once the page is there.

A part is a page by itself where it is opened without htmx.
"""

import uuid

from django.http import HttpResponse

from coding.actions import encounters
from coding.models import Encounter
from coding.registers.history import others_of_patient
from coding.views.access import HtmxRequest, allowed, user_of
from coding.views.form_pages import page_or_part
from coding.views.pages import page_of
from reviews.coding_form.encounter import checks_part, history_part
from reviews.views.visible import encounter_of

# Beside the note there is room for a few.
OTHERS_A_PAGE = 5


@allowed("coding.view_encounter")
def checks(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """The claim checks, and services that may be there."""
    encounter = encounter_of(request, public_id)
    context = checks_part(user_of(request), encounter)
    return _part(request, encounter, "reviews/_checks.html", "Claim checks", context)


@allowed("coding.view_encounter")
def history(request: HtmxRequest, public_id: uuid.UUID) -> HttpResponse:
    """The time line, where it came from, and the patient's other encounters."""
    encounter = encounter_of(request, public_id)
    user = user_of(request)
    visible_others = others_of_patient(encounter).for_user(user)
    others = page_of(request, visible_others, OTHERS_A_PAGE)
    context = {"others": others} | history_part(user, encounter, others)
    title = "Time line and other encounters"
    return _part(request, encounter, "reviews/_history.html", title, context)


def _part(
    request: HtmxRequest, encounter: Encounter, part: str, title: str, context: dict[str, object]
) -> HttpResponse:
    """The part alone, within a page whose opening was noted; else as a page, which is noted as any other."""
    if not request.htmx:
        encounters.view(user_of(request), encounter)
    around = {"encounter": encounter, "part": part, "title": title}
    return page_or_part(request, "reviews/encounter_part.html", part, around | context)
