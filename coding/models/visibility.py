"""Which encounters a person sees: the one place that says it. Services, queries and cases follow their encounter.

Supervisors and auditors see all. What coders see is the setting ``CODERS_SEE``: all; their own work and what is
nobody's; or that and the work of their teams.
"""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from coding.models.encounters import Encounter, EncounterState
from coding.models.people import User
from coding.models.services import Service, ServiceState
from coding.models.teams import GlassBreak, Team
from coding.models.voids import EncounterVoid

ALL, OWN, TEAM = "all", "own", "team"
SEE_EVERYTHING = "coding.view_every_encounter"


def sees_all(user: User) -> bool:
    """Whether nothing lies outside of what a person sees, if they see encounters at all."""
    return settings.CODERS_SEE == ALL or user.has_perm(SEE_EVERYTHING)


def whose_work(user: User) -> QuerySet[User] | list[User]:
    """The people whose work a coder sees: their own, or that of their teams too."""
    if settings.CODERS_SEE != TEAM:
        return [user]
    own_teams = Team.members.through.objects.filter(user=user).values("team")
    return User.objects.filter(Q(pk=user.pk) | Q(teams__in=own_teams))


def is_seen_by(user: User) -> Q:
    """The condition under which a coder sees an encounter.

    A union of what several indexes hold of a person: asked encounter by encounter, a list would look at them all.
    """
    services = Service.objects.order_by()
    assigned = services.filter(assigned_to__in=whose_work(user))
    free = services.filter(assigned_to=None, state=ServiceState.TO_CODE)
    # A decision is its coder's work, whoever goes on with the service. Decisions are rows of the other app.
    decided = services.filter(decisions__coder=user)
    voided = EncounterVoid.objects.filter(voided_by=user)
    opened = GlassBreak.objects.order_by().in_force().filter(person=user)
    own = [rows.values("encounter") for rows in (free, decided, voided, opened)]
    seen = assigned.values("encounter").union(*own, _nothing_to_take().values("pk"), all=True)
    return Q(pk__in=seen)


def _nothing_to_take() -> QuerySet[Encounter]:
    """Encounters without a service that stands, so that they are nobody's: to code, but no service of theirs is."""
    to_code = Service.objects.filter(encounter=OuterRef("pk"), state=ServiceState.TO_CODE)
    return Encounter.objects.order_by().filter(~Exists(to_code), state=EncounterState.TO_CODE)


def seen_by(user: User) -> QuerySet[Encounter]:
    """The encounters that a coder sees."""
    return Encounter.objects.filter(is_seen_by(user))
