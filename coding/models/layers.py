"""Layers: for which payer and place of service a version of rules is. The most specific one that fits decides."""

from typing import NamedTuple

from coding.models.registers import PayerKind
from coding.reference.places_of_service import PLACES_OF_SERVICE

# What fits every payer, or every place: a layer is never empty, so that the database can tell two alike.
ANY = "any"
KIND, PAYER = "kind:", "payer:"


class Layer(NamedTuple):
    """Whose services a version decides.

    ``payer`` is ``any``, ``kind:`` with a kind of payers, or ``payer:`` with the key of one in the register;
    ``place`` is ``any`` or a place of service.
    """

    payer: str = ANY
    place: str = ANY

    @property
    def rank(self) -> tuple[int, bool]:
        """The greater, the more specific: a payer before its kind before any; the place decides among equals."""
        kind_or_payer = 2 if self.payer.startswith(PAYER) else 1
        return (0 if self.payer == ANY else kind_or_payer), self.place != ANY

    def meets(self, other: "Layer") -> bool:
        """Whether one service may be of both. A payer may be of any kind: its kind changes with the day."""
        same_payer = ANY in (self.payer, other.payer) or self.payer == other.payer
        one_names_a_payer = self.payer.startswith(PAYER) != other.payer.startswith(PAYER)
        same_place = ANY in (self.place, other.place) or self.place == other.place
        return (same_payer or one_names_a_payer) and same_place

    @property
    def words(self) -> str:
        """As people read it, such as ``Medicare, Office``."""
        return f"{self._payer_words}, {PLACES_OF_SERVICE.get(self.place, 'any place of service')}"

    @property
    def _payer_words(self) -> str:
        if self.payer == ANY:
            return "any payer"
        if self.payer.startswith(KIND):
            return f"payers of the kind {PayerKind(self.payer.removeprefix(KIND)).label}"
        return f"the payer “{self.payer.removeprefix(PAYER)}”"

    @property
    def otherwise(self) -> str:
        """What decides its services while no version of it is in force."""
        return "nothing" if self == GENERAL else "broader rules"

    @property
    def reason(self) -> str:
        """Why it decides a service for which it was chosen."""
        if self == GENERAL:
            return "No narrower rules were in force for this payer and place."
        return (
            "Rules for a payer come before those for its kind, these before those for any payer; "
            "among equals, those for the place of service."
        )


GENERAL = Layer()


class Where(NamedTuple):
    """Of one service: all layers' ``payer`` that fit it but ``any``, and its place."""

    payers: frozenset[str] = frozenset()
    place: str = ANY

    def is_of(self, layer: Layer) -> bool:
        """Whether the service belongs to a layer."""
        return (layer.payer == ANY or layer.payer in self.payers) and layer.place in (
            ANY,
            self.place,
        )
