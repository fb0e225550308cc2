"""Ask: a question or a note, answered from rules and tables. Nothing of what is pasted is kept or written down."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.debug import sensitive_post_parameters

from coding.ask import NOTE, Answer, Question, examples
from coding.ask import ask as answer_to
from coding.forms.ask import AskForm
from coding.rules.asked import knowledge_of
from coding.views.access import allowed, posted_from
from coding.views.form_pages import form_page

MAY = "coding.view_rulesetversion"


@sensitive_post_parameters("text")
@allowed(MAY, send=MAY)
def ask(request: HttpRequest) -> HttpResponse:
    """The box, with the code and the day of the page from which one came; below it the answer."""
    sent = request.method == "POST"
    form = AskForm(request.POST) if sent else AskForm(initial=_of_the_page(request))
    context: dict[str, object] = {"form": form}
    if sent and form.is_valid():
        answer = _answer(request, form)
        is_long = not Question(form.cleaned_data["text"]).is_short
        is_note = answer.intent == NOTE.name or is_long
        context |= {"answer": answer, "day": form.day, "is_note": is_note}
    else:
        code = str(form["code"].value() or "").upper()
        context["examples"] = examples(Question("", code), knowledge_of(form.day))
    refused = sent and not form.is_valid()
    return form_page(request, "reviews/ask.html", context, refused=refused)


@sensitive_post_parameters("text")
@posted_from("ask")
@allowed(MAY)
def answer_as_json(request: HttpRequest) -> HttpResponse:
    """The same answer as data, for whoever is signed in."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    day = {"day": form.day.isoformat()}
    return JsonResponse(day | _answer(request, form).to_data())


def _answer(request: HttpRequest, form: AskForm) -> Answer:
    question = Question(form.cleaned_data["text"], form.cleaned_data["code"])
    sees_precedents = request.user.has_perm("coding.view_precedent")
    return answer_to(question, knowledge_of(form.day, with_precedents=sees_precedents))


def _of_the_page(request: HttpRequest) -> dict[str, str]:
    """The code and the day that the address names; never a text."""
    return {name: request.GET.get(name, "")[:10] for name in ("code", "on")}
