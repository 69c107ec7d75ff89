"""The pages about rosters."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from rosters.pages import feeds, my_roster

ANY_SHAPE = "(?P<token>[^/]{1,64})"  # a wrong shape gets the same answer as a wrong guess

urlpatterns: list[URLPattern] = [
    # the lawyer, his assistant
    path("rooster/", my_roster.my_roster, name="my_roster"),
    path("rooster/dienst/<int:number>/", my_roster.duty, name="duty"),
    path("rooster/dienst/<int:number>/bevestigen/", my_roster.confirm, name="duty_confirm"),
    path("rooster/dienst/<int:number>/nummer/", my_roster.choose_number, name="duty_number"),
    # the coordinator
    # links that open without login
    re_path(rf"^agenda/{ANY_SHAPE}\.ics$", feeds.feed, name="feed"),
]
