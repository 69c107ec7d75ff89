"""Every address of Piketlijn."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("hotline.phone.urls")),  # first: somebody is on the line
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("beheer/", admin.site.urls),
    path("api/v1/", include("hotline.api.urls")),
    path("", include("rosters.urls")),
    path("", include("hotline.urls")),
]
