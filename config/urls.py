"""Where each part answers."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from coding.views.health import healthz


@login_not_required
def without_mail(request: HttpRequest) -> HttpResponse:
    """A page that would send mail does not exist where no mail is set up."""
    raise Http404


# One door: the administration sends people to the log-in that has the limits and asks for the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("reviews.urls")),
    path("", include("coding.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
if not settings.EMAIL_IS_SET_UP:
    urlpatterns.insert(0, re_path(r"^accounts/(?:email|confirm-email|password/reset)/", without_mail))
