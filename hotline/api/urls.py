"""The addresses of the API, below /api/v1/; none ends in a slash."""

from __future__ import annotations

from django.urls import path

from hotline.api import openapi, views

urlpatterns = [
    path("openapi.json", openapi.as_json),
    path("rechtsgebieden", views.Rechtsgebieden.as_view()),
    path("regios", views.Regios.as_view()),
    path("van-dienst", views.VanDienst.as_view()),
    path("vragen", views.Vragen.as_view()),
    path("vragen/<str:referentie>", views.EenVraag.as_view()),
    path("vragen/<str:referentie>/berichten", views.Berichten.as_view()),
    path("vragen/<str:referentie>/uitkomst", views.UitkomstVanVraag.as_view()),
]
