"""What administrators said of authorities that have several names; read once for many encounters."""

from collections.abc import Mapping

from coding.models import AuthorityAlias

NO_ALIASES: Mapping[str, str] = {}


def aliases_of_authorities() -> dict[str, str]:
    """For each alias, by ``alias_key`` and as it was written, the name under which its authority counts."""
    aliases: dict[str, str] = {}
    in_force = AuthorityAlias.objects.filter(removed_at=None).order_by()
    for name, key, counts_as in in_force.values_list("name", "key", "counts_as"):
        aliases |= {name: counts_as, key: counts_as}
    return aliases
