"""Verbs on one-time links to a provider query: make one, answer by one.

A token has 128 random bits. Its SHA-256 alone is kept: who reads the database opens no link.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from coding import trail
from coding.actions.errors import Conflict
from coding.actions.locks import lock_service
from coding.actions.require import require
from coding.actions.transitions import of
from coding.models import User
from reviews.actions import queries
from reviews.models import ProviderQuery, QueryLink, QueryState
from reviews.transitions import QUERY

ANSWER = of(QUERY, "answer")
TOKEN_BYTES = 16
ENDED = "This link is not good any more."


def make_link(actor: User, query: ProviderQuery) -> tuple[str, QueryLink]:
    """A new link to an open query: its token, told this once, and its row. Earlier links end by it."""
    require(actor, ANSWER.permission, "send provider queries")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        lock_service(query.service)
        if not ProviderQuery.objects.filter(pk=query.pk, state=QueryState.OPEN).exists():
            raise Conflict("This query was answered or closed already. Reload it to see how.")
        link = QueryLink.objects.create(
            query=query,
            token_hash=_hash(token),
            made_by=actor,
            good_until=timezone.now() + timedelta(days=settings.QUERY_LINK_DAYS),
        )
        after = {"service": query.service.number, "good until": link.good_until.isoformat()}
        trail.record(
            actor,
            "query.link_made",
            query,
            encounter=query.service.encounter,
            after=after,
            rows=[link],
        )
    return token, link


def link_of(token: str) -> QueryLink | None:
    """The link of a token, if it is good now; None else, and nothing says why."""
    links = QueryLink.objects.select_related(
        "query__service__encounter",
        "query__service__rule_set",
        "query__service__version__document",
        "query__service__version__lexicon",
        "made_by",
    )
    link = links.filter(token_hash=_hash(token), good_until__gt=timezone.now()).first()
    if link is None or link.query.state != QueryState.OPEN:
        return None
    has_newer = QueryLink.objects.filter(query=link.query_id, pk__gt=link.pk).exists()
    return None if has_newer else link


def note_opening(link: QueryLink, client: str) -> None:
    """Note that whoever has the link, at this address of a client, read the question with its passages."""
    query = link.query
    with transaction.atomic():
        after = {"service": query.service.number, "client": client}
        trail.record(
            None, "query.link_opened", query, encounter=query.service.encounter, after=after
        )


def answer_by_link(token: str, text: str, provider: str, client: str = "") -> None:
    """Keep what the provider says, of today, with their name. A round is open then, with the facts concerned.

    Raises Conflict where the link is not good any more: of two answers at once one counts.
    """
    link = link_of(token)
    if link is None:
        raise Conflict(ENDED)
    query = link.query
    how = {"how": "by one-time link", "client": client}
    given = queries.ProvidersAnswer(text.strip(), provider.strip(), timezone.localdate(), how)
    with transaction.atomic():
        service = lock_service(query.service)
        # Another link may have been made, or the query answered, while the lock was waited for.
        if link_of(token) is None:
            raise Conflict(ENDED)
        # Who sent the link stands for the questions that are open again: a provider has no account.
        entries = queries.take_down(None, link.made_by, service, query, given)
        trail.record_all(None, entries)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
