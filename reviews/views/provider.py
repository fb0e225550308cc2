"""The provider's page: one question, opened by a one-time link, without an account.

The token stands in the query of the address: logs hold paths alone.
"""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coding.accounts import mails, repeated
from coding.accounts.places import client_of
from coding.actions.errors import Conflict
from coding.actions.transitions import of
from coding.rules import rulebook
from coding.views.access import allowed, posted_from, user_of
from coding.views.form_pages import form_page
from reviews.actions import query_links as actions
from reviews.coding_form.asked import asked_facts
from reviews.forms.provider import ByLinkForm, SendLinkForm
from reviews.models import QueryLink
from reviews.queries.drafting import draft
from reviews.transitions import QUERY
from reviews.views.queries import query_of

SENDS = of(QUERY, "answer").permission
# Or who made a link could answer by it under the provider's name.
SIGNED_IN = "You are signed in: a link is for the provider. Type here what came back."
# A client that tried so many links that are none waits until the time, in seconds, is over. A good link is answered all
# the same: a hospital may stand behind one address, and nobody shuts the others out.
MOST_GUESSES = 10
WAIT = 15 * 60
# Of one link and client the opening is noted once in these seconds.
NOTED = 60 * 60


@posted_from("query")
@allowed(SENDS)
def send_link(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make a link to a query: mailed to the provider, or shown this once."""
    query = query_of(request, public_id)
    form = SendLinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write a whole e-mail address, or none.")
        return redirect(query)
    token, link = actions.make_link(user_of(request), query)
    address = request.build_absolute_uri(f"{reverse('answer-by-link')}?t={token}")
    context = {"query": query, "address": address, "link": link}
    subject = "A question about your documentation"
    is_sent = mails.send("reviews/query_link", subject, context, [form.cleaned_data["email"]])
    if is_sent:
        messages.success(request, "The link was mailed. It tells nothing of the patient.")
        return redirect(query)
    return render(request, "reviews/query_link.html", context)


@login_not_required
def answer_by_link(request: HttpRequest) -> HttpResponse:
    """The question with the quoted passages, and the form of the answer; for whoever has the link."""
    client = client_of(request)
    token = request.GET.get("t", "")
    link = actions.link_of(token)
    if link is None:
        return _refused(request, client)
    if request.user.is_authenticated:
        messages.warning(request, SIGNED_IN)
        return redirect(link.query)
    if cache.add(f"query-link-opened:{link.pk}:{client}", 1, NOTED):
        actions.note_opening(link, client)
    facts = asked_facts(link.query)
    first = {"provider": link.query.service.encounter.provider}
    form = ByLinkForm(request.POST or None, facts=facts, initial=first)
    if request.method != "POST" or not form.is_valid():
        return _question(request, link, form)
    try:
        actions.answer_by_link(token, form.answer(), form.cleaned_data["provider"], client)
    except Conflict:
        return _not_good(request, status=404)
    return render(request, "reviews/provider_thanks.html")


def _refused(request: HttpRequest, client: str) -> HttpResponse:
    """Count a guess. Nothing says why a link is not good."""
    guesses = f"query-link-guesses:{client}"
    guessed: int = cache.get(guesses, 0)
    if guessed >= MOST_GUESSES:
        return _not_good(request, status=429)
    cache.set(guesses, guessed + 1, WAIT)
    repeated.repeat("query.link_refused", client, "link")
    return _not_good(request, status=404)


def _question(request: HttpRequest, link: QueryLink, form: ByLinkForm) -> HttpResponse:
    answers = rulebook.current_answers(link.query.service)
    passages = []
    for fact in link.query.facts:
        if fact in answers:
            passages += [passage["text"] for passage in answers[fact].passages]
    # The form asks what a draft says in the same words.
    text = link.query.text
    if _words(text) == _words(draft(form.all_facts)):
        text = ""
    context = {"query": link.query, "text": text, "form": form, "passages": passages}
    return form_page(request, "reviews/provider.html", context, refused=form.is_bound)


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _not_good(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "reviews/provider_no_link.html", status=status)
