"""Which version decides a service: the newest of the most specific layer that is in force on its day.

Everything that chooses a version asks here: ``in_force`` for one service, ``all_in_force`` for those of a visit,
``decided_by`` for many in the database, ``wheres`` for those of a file.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple, Self

from django.db.models import Exists, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from coding.models import Encounter, Payer, PayerTerms, RuleSetVersion, Service
from coding.models.layers import ANY, GENERAL, KIND, PAYER, Layer, Where

UNLAYERED = Q(for_payer=ANY, for_place=ANY)


class Visit(NamedTuple):
    """What the layers ask of a visit. ``payer`` is the id of its row in the register."""

    payer: int | None
    place: str
    day: date

    @classmethod
    def of(cls, encounter: Encounter) -> Self:
        """What an encounter says of it."""
        return cls(
            encounter.registered_payer_id, encounter.place_of_service, encounter.date_of_service
        )


def all_in_force(visit: Visit) -> list[RuleSetVersion]:
    """The version of each rule set that would decide its services in a visit, by rule sets.

    One query where no rule set has layers, a few more where one has.
    """
    begun = list(RuleSetVersion.objects.all_begun(visit.day))
    are_layered = any(version.layer != GENERAL for version in begun)
    where = wheres([visit])[0] if are_layered else Where(place=visit.place)
    fitting = [version for version in begun if where.is_of(version.layer)]

    # Within a rule set the newest stands first, and takes the place of none of its own rank.
    in_force: dict[int, RuleSetVersion] = {}
    for version in fitting:
        chosen = in_force.get(version.rule_set_id)
        if chosen is None or version.layer.rank > chosen.layer.rank:
            in_force[version.rule_set_id] = version
    return list(in_force.values())


def in_force(service: Service) -> RuleSetVersion | None:
    """The version that a new round of the service begins with.

    One query where the rule set has no layers, a few more where it has.
    """
    begun = RuleSetVersion.objects.begun(service.rule_set_id, service.day)
    published = RuleSetVersion.objects.published().filter(rule_set=service.rule_set_id)
    layered = published.exclude(UNLAYERED)
    general = begun.filter(UNLAYERED).annotate(has_layers=Exists(layered)).first()
    if general is not None and not general.has_layers:  # type: ignore[attr-defined]  # annotated above
        return general

    [where] = wheres([Visit.of(service.encounter)])
    fitting = begun.filter(for_payer__in=[ANY, *where.payers], for_place__in=[ANY, where.place])
    ranks = {}
    for version, payer, place in fitting.values_list("pk", "for_payer", "for_place"):
        ranks[version] = Layer(payer, place).rank
    if not ranks:
        return None
    # They are ordered with the newest first, and of equals max takes the first.
    return begun.get(pk=max(ranks, key=ranks.__getitem__))


def wheres(visits: Collection[Visit]) -> list[Where]:
    """What of the layers fits each of some visits; so many queries however many visits there are."""
    payers = {visit.payer for visit in visits if visit.payer}
    if not payers:
        return [Where(frozenset(), visit.place) for visit in visits]
    # A row that was merged into another counts as that one.
    registered = Payer.objects.filter(pk__in=payers)
    counting = dict(registered.values_list("pk", Coalesce("survivor", "pk")))
    keys = _keys(counting.values())
    terms = _terms(counting.values())

    places = []
    for visit in visits:
        payer = counting.get(visit.payer) if visit.payer else None
        fitting = {PAYER + key for key in keys.get(payer, ())}
        kind = _kind_on(visit.day, terms.get(payer, ()))
        if kind:
            fitting.add(KIND + kind)
        places.append(Where(frozenset(fitting), visit.place))
    return places


def _kind_on(day: date, terms: Iterable[tuple[date, str]]) -> str:
    """The kind of a payer by the newest terms that have begun, which may leave it open; the newest stand first."""
    for since, kind in terms:
        if since <= day:
            return kind
    return ""


def _keys(counting: Iterable[int]) -> dict[int | None, list[str]]:
    """The keys of payers and of all rows that were merged into them."""
    wanted = set(counting)
    keys: dict[int | None, list[str]] = defaultdict(list)
    rows = Payer.objects.filter(Q(pk__in=wanted) | Q(survivor__in=wanted))
    for payer, key in rows.values_list(Coalesce("survivor", "pk"), "key"):
        keys[payer].append(key)
    return keys


def _terms(counting: Iterable[int]) -> dict[int | None, list[tuple[date, str]]]:
    """The kinds of payers with the day from which they hold, the newest first."""
    terms: dict[int | None, list[tuple[date, str]]] = defaultdict(list)
    rows = PayerTerms.objects.filter(payer__in=set(counting)).order_by("-valid_from")
    for payer, since, kind in rows.values_list("payer", "valid_from", "kind"):
        terms[payer].append((since, kind))
    return terms


def decided_by(version: RuleSetVersion, service: str = "") -> Q:
    """The services of its rule set that a version's layer decides, as if it were published.

    ``service`` is the path to the service, ending in two underscores. Empty, and false, where nothing is layered.
    """
    published = RuleSetVersion.objects.published().filter(rule_set=version.rule_set_id).order_by()
    starts = published.values_list("for_payer", "for_place").annotate(since=Min("effective_from"))
    chosen = _of_layer(version.layer, service)
    for payer, place, since in starts:
        layer = Layer(payer, place)
        if layer.rank > version.layer.rank and layer.meets(version.layer):
            chosen &= ~(_of_layer(layer, service) & Q(**{f"{service}day__gte": since}))
    return chosen


def _of_layer(layer: Layer, service: str) -> Q:
    chosen = Q()
    if layer.place != ANY:
        chosen &= Q(**{f"{service}encounter__place_of_service": layer.place})
    if layer.payer.startswith(KIND):
        chosen &= _of_kind(layer.payer.removeprefix(KIND), service)
    if layer.payer.startswith(PAYER):
        rows = _rows_of(layer.payer.removeprefix(PAYER))
        chosen &= Q(**{f"{service}encounter__registered_payer__in": rows})
    return chosen


def _rows_of(key: str) -> list[int]:
    """The rows of the register that count as the payer of a key; none where it has none."""
    named = Payer.objects.filter(key=key).first()
    if named is None:
        return []
    counting = named.counting_id
    rows = Payer.objects.filter(Q(pk=counting) | Q(survivor=counting))
    return list(rows.values_list("pk", flat=True))


def _of_kind(kind: str, service: str) -> Q:
    """The services whose payer is of a kind on their day; a merged payer is what its survivor is."""
    payer = f"{service}encounter__registered_payer"
    terms = PayerTerms.objects.filter(
        payer=Coalesce(OuterRef(f"{payer}__survivor"), OuterRef(payer))
    )
    newest = Subquery(terms.on(OuterRef(f"{service}day")).values("kind")[:1])
    # Unknown is no kind: what is unknown could be neither chosen nor left out.
    return Q(Exact(Coalesce(newest, Value("")), Value(kind)))
