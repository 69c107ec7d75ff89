"""The pages about rosters."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from rosters.pages import calendar, coverage, feeds, my_roster

ANY_SHAPE = "(?P<token>[^/]{1,64})"  # a wrong shape gets the same answer as a wrong guess

urlpatterns: list[URLPattern] = [
    # the lawyer, his assistant
    path("rooster/", my_roster.my_roster, name="my_roster"),
    path("rooster/dienst/<int:number>/", my_roster.duty, name="duty"),
    path("rooster/dienst/<int:number>/bevestigen/", my_roster.confirm, name="duty_confirm"),
    path("rooster/dienst/<int:number>/nummer/", my_roster.choose_number, name="duty_number"),
    path("rooster/agenda/", calendar.calendar_feed, name="calendar_feed"),
    path("rooster/agenda/nieuw/", calendar.feed_new, name="feed_new"),
    path("rooster/agenda/<int:number>/instellen/", calendar.feed_settings, name="feed_settings"),
    path("rooster/agenda/<int:number>/intrekken/", calendar.feed_revoke, name="feed_revoke"),
    # the coordinator
    path("regie/dekking/", coverage.coverage, name="coverage"),
    path("regie/dekking/gat/<int:number>/", coverage.gap, name="gap"),
    path("regie/dekking/gat/<int:number>/eigenaar/", coverage.gap_owner, name="gap_owner"),
    path("regie/dekking/post/<int:desk>/<int:start>-<int:end>/", coverage.desk_stretch, name="desk_stretch"),
    # links that open without login
    re_path(rf"^agenda/{ANY_SHAPE}\.ics$", feeds.feed, name="feed"),
]
