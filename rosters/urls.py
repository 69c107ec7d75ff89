"""The pages about rosters."""

from __future__ import annotations

from django.urls import URLPattern

ANY_SHAPE = "(?P<token>[^/]{1,64})"  # a wrong shape gets the same answer as a wrong guess

urlpatterns: list[URLPattern] = [
    # the lawyer, his assistant
    # the coordinator
    # links that open without login
]
