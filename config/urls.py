"""Where each part answers."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from coding.views.health import healthz, readyz
from coding.views.own_address import own_address
from reviews.views.operation import metrics


@login_not_required
def without_mail(request: HttpRequest) -> HttpResponse:
    """A page that would send mail does not exist where no mail is set up."""
    raise Http404


# One door in, and one out: the administration sends people to the log-in that has the limits and asks for the second
# factor, and to the pages of their account, which have browsers forget and limit guesses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler403 = "coding.views.access.forbidden"

MAIL = r"^accounts/(?:email|confirm-email|password/reset)/"


def addresses(*, with_mail: bool) -> list[URLPattern | URLResolver]:
    """All addresses; those of mail exist with mail only."""
    own: list[URLPattern | URLResolver] = [
        path("", include("reviews.urls")),
        path("", include("coding.urls")),
        path("accounts/email/", own_address, name="account_email"),
        path("accounts/", include("allauth.urls")),
        path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
        path(
            "admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")
        ),
        path("admin/", admin.site.urls),
        path("healthz", healthz),
        path("readyz", readyz),
        path("metrics", metrics),
    ]
    return own if with_mail else [re_path(MAIL, without_mail), *own]


urlpatterns = addresses(with_mail=settings.EMAIL_IS_SET_UP)
