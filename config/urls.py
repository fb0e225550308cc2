"""Where each part answers."""

from django.contrib import admin
from django.urls import include, path

from coding.views.health import healthz

urlpatterns = [
    path("", include("reviews.urls")),
    path("", include("coding.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
