"""Comments on a case: make one, mark one as done."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from coding.models import User
from coding.views.access import allowed, posted_from, user_of
from coding.views.acting_once import redirect_once
from reviews.actions import comments as actions
from reviews.forms.comments import CommentForm
from reviews.forms.rulings import MOST_DIGITS
from reviews.judging.blind import sight_of
from reviews.models import CaseComment
from reviews.templatetags.names import name_in
from reviews.views.cases import case_of


@allowed(actions.MAY_COMMENT, send=actions.MAY_COMMENT)
def case_comments(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What was said about a case, and a form for more."""
    actor, case = user_of(request), case_of(request, public_id)
    people, sight = actions.who_may_act(case).exclude(pk=actor.pk), sight_of(actor)

    def name_of(person: User) -> str:
        return name_in(person, case, sight)

    initial = {"idempotency_key": uuid.uuid4()}
    form = CommentForm(request.POST or None, people=people, name_of=name_of, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> str:
            actions.comment(actor, case, data["text"], data["acts"])
            whom = f" {name_of(data['acts'])} finds it among their cases." if data["acts"] else ""
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
    return render(request, "reviews/comments.html", context, status=422 if form.is_bound else 200)


@posted_from("case-comments")
@allowed(actions.MAY_COMMENT)
def comment_done(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a comment on this case asks for is done."""
    case, asked = case_of(request, public_id), request.POST.get("comment", "")
    is_id = asked.isdecimal() and len(asked) < MOST_DIGITS
    row = get_object_or_404(CaseComment, case=case, pk=asked if is_id else 0)
    actions.done(user_of(request), row)
    messages.success(request, "Marked as done.")
    return redirect("case-comments", public_id)
