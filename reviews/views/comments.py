"""Comments on a case: make one, mark one as done."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coding.models import User
from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from coding.views.form_pages import form_page
from reviews.actions import comments as actions
from reviews.forms.comments import CommentForm
from reviews.judging.blind import sight_of
from reviews.models import CaseComment
from reviews.templatetags.names import name_in
from reviews.views.cases import case_of
from reviews.views.visible import sent_row


@allowed(actions.MAY_COMMENT, send=actions.MAY_COMMENT)
def case_comments(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What was said about a case, and a form for more."""
    actor = user_of(request)
    case = case_of(request, public_id)
    people = actions.who_may_act(case).exclude(pk=actor.pk)
    sight = sight_of(actor)

    def name_of(person: User) -> str:
        return name_in(person, case, sight)

    form = CommentForm(request.POST or None, people=people, name_of=name_of)
    if request.method == "POST" and form.is_valid():
        text, acts = form.cleaned_data["text"], form.cleaned_data["acts"]

        def act() -> str:
            actions.comment(actor, case, text, acts)
            whom = f" {name_of(acts)} finds it among their cases." if acts else ""
            messages.success(request, f"The comment is kept.{whom}")
            return case.get_absolute_url()

        return redirect_once(actor, form, act)
    context = {
        "case": case,
        "encounter": case.service.encounter,
        "comments": case.comments.select_related("author", "acts", "done_by"),
        "form": form,
        "sight": sight,
    }
    return form_page(request, "reviews/comments.html", context, refused=form.is_bound)


@posted_from("case-comments")
@allowed(actions.MAY_COMMENT)
def comment_done(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a comment on this case asks for is done."""
    case = case_of(request, public_id)
    comment = sent_row(CaseComment.objects.filter(case=case), request.POST.get("comment", ""))
    actions.done(user_of(request), comment)
    messages.success(request, "Marked as done.")
    return redirect("case-comments", public_id)
