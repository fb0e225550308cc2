"""For load balancers and those who watch: one line of text, without a log-in, and nothing private in it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from coding.operation import readiness


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process runs; it asks no server."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether all that Concord needs is there, within a second; 503 and what is away if not."""
    away = readiness.problems()
    if away:
        return HttpResponse(f"not ready: {'; '.join(away)}", content_type="text/plain", status=503)
    return HttpResponse("ready", content_type="text/plain")
