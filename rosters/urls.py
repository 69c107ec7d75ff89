"""The pages about rosters."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from rosters.pages import (
    availability,
    busy,
    calendar,
    coverage,
    covering,
    duty_link,
    feeds,
    links,
    my_roster,
    patterns,
    publishing,
    repair,
    rounds,
    versions,
)

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
    path("rooster/dienst/<int:number>/vervanging/", covering.cover_new, name="cover_new"),
    path("rooster/dienst/<int:number>/ziek/", repair.report_sick, name="sick"),
    path("rooster/ziek/<int:number>/", repair.sick_call, name="sick_call"),
    path("ruilen/", covering.board, name="cover_board"),
    path("ruilen/<int:number>/", covering.cover_request, name="cover_request"),
    path("ruilen/<int:number>/stap/", covering.cover_step, name="cover_step"),
    path("beschikbaarheid/", availability.availability, name="availability"),
    path("beschikbaarheid/zetten/", availability.set_cells, name="availability_set"),
    path("beschikbaarheid/tekst/", availability.quick, name="availability_quick"),
    path("beschikbaarheid/intrekken/", availability.withdraw, name="availability_withdraw"),
    path("beschikbaarheid/wens/", availability.wish, name="availability_wish"),
    path("beschikbaarheid/afspraken/", availability.terms, name="availability_terms"),
    path("beschikbaarheid/agenda/", busy.busy_add, name="busy_add"),
    path("beschikbaarheid/agenda/<int:number>/weg/", busy.busy_remove, name="busy_remove"),
    # the coordinator
    path("regie/beschikbaarheid/", rounds.rounds, name="rounds"),
    path("regie/herstel/<int:number>/", repair.repair, name="repair"),
    path("regie/dekking/", coverage.coverage, name="coverage"),
    path("regie/dekking/gat/<int:number>/", coverage.gap, name="gap"),
    path("regie/dekking/gat/<int:number>/eigenaar/", coverage.gap_owner, name="gap_owner"),
    path("regie/dekking/post/<int:desk>/<int:start>-<int:end>/", coverage.desk_stretch, name="desk_stretch"),
    path("regie/rooster/", versions.rosters, name="rosters"),
    path("regie/rooster/nieuw/", versions.draft_new, name="draft_new"),
    path("regie/rooster/patroon/nieuw/", patterns.pattern_new, name="pattern_new"),
    path("regie/rooster/patroon/<int:number>/", patterns.pattern, name="pattern"),
    path("regie/rooster/beurtrol/nieuw/", patterns.rotation_new, name="rotation_new"),
    path("regie/rooster/dienst/nieuw/", versions.duty_add, name="duty_add"),
    path("regie/rooster/dienst/<int:number>/vervallen/", versions.duty_end, name="duty_end"),
    path("regie/rooster/<int:number>/", versions.version, name="version"),
    path("regie/rooster/<int:number>/dienst/<int:duty>/", versions.planned, name="planned"),
    path("regie/rooster/<int:number>/weg/", versions.version_discard, name="version_discard"),
    path("regie/rooster/<int:number>/publiceren/", publishing.publish, name="version_publish"),
    path("regie/rooster/<int:number>/terug/", publishing.undo, name="version_undo"),
    # links that open without login
    re_path(rf"^v/{ANY_SHAPE}/?$", links.cover_link, name="cover_link"),
    re_path(rf"^k/{ANY_SHAPE}/?$", duty_link.duty_link, name="duty_link"),
    re_path(rf"^agenda/{ANY_SHAPE}\.ics$", feeds.feed, name="feed"),
]
