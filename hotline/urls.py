"""The pages of Piketlijn."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.templatetags.static import static
from django.urls import path, re_path
from django.views.generic import RedirectView

from hotline.pages import (
    account,
    asking,
    hours,
    links,
    live,
    now,
    pause_link,
    practice,
    questions,
    readiness,
    settings,
    start,
    today,
)

ANY_SHAPE = "(?P<token>[^/]{1,64})"  # a wrong shape gets the same answer as a wrong guess
REFERENCE = "vragen/(?P<reference>PK-[0-9]{1,12})"

urlpatterns = [
    path("", start.start, name="start"),
    path("inloggen/", account.LoginView.as_view(), name="login"),
    path("uitloggen/", LogoutView.as_view(), name="logout"),
    path("weergave/", account.appearance, name="appearance"),
    path("oefenen/wissel/", practice.switch, name="practice_switch"),
    path("lab/", practice.lab, name="lab"),
    path("favicon.ico", RedirectView.as_view(url=static("web/favicon.svg")), name="favicon"),
    path("nu/", now.now, name="on_call_now"),
    path("mijn/instellingen/", settings.settings, name="settings"),
    path("mijn/instellingen/nummer/", settings.add_number, name="number_add"),
    path("mijn/instellingen/nummer/<int:number>/code/", settings.check_code, name="number_code"),
    path("mijn/instellingen/nummer/<int:number>/<slug:deed>/", settings.number_deed, name="number_deed"),
    # the first-line worker
    path("vragen/", questions.mine, name="questions"),
    path("vragen/nieuw/", asking.ask, name="ask"),
    path("vragen/nieuw/van-dienst/", asking.beside, name="ask_beside"),
    # one question, for whoever may see it
    re_path(rf"^{REFERENCE}/$", questions.question, name="question"),
    re_path(rf"^{REFERENCE}/stand/$", questions.standing, name="question_standing"),
    re_path(rf"^{REFERENCE}/tekst/$", questions.open_text, name="question_text"),
    re_path(rf"^{REFERENCE}/(?P<step>[a-z-]{{3,20}})/$", questions.act, name="question_step"),
    path("bestanden/<int:number>/", questions.attachment, name="question_file"),
    # the lawyer
    path("vandaag/", today.today, name="today"),
    path("vandaag/pauze/", today.pause, name="pause"),
    path("vandaag/verder/", today.resume, name="resume"),
    path("gesprekken/", questions.conversations, name="conversations"),
    path("uren/", hours.hours, name="hours"),
    path("uren/corrigeer/", hours.correct, name="hours_correct"),
    path("uren/klopt/", hours.submit, name="hours_submit"),
    re_path(r"^uren/urenstaat\.(?P<ending>csv|pdf)$", hours.export, name="hours_export"),
    path("uren/waarom/<int:number>/", hours.why_me, name="why_me"),
    # the coordinator
    path("regie/", live.live, name="live"),
    path("regie/bord/", live.board, name="live_board"),
    path("regie/te-regelen/", live.to_arrange, name="tickets"),
    path("regie/te-regelen/<int:number>/afgehandeld/", live.ticket_done, name="ticket_done"),
    path("regie/terugbellen/<int:number>/gebeld/", live.called, name="called"),
    path("regie/uren/", hours.statements, name="statements"),
    path("regie/uren/<int:number>/akkoord/", hours.agree, name="statement_agree"),
    path("regie/uren/<int:number>/terug/", hours.send_back, name="statement_back"),
    path("regie/gereed/", readiness.readiness, name="readiness"),
    path("regie/gereed/gereedheid.csv", readiness.readiness_csv, name="readiness_csv"),
    path("regie/gereed/<int:number>/test/", readiness.send_test, name="readiness_test"),
    # links that open without login
    re_path(rf"^c/{ANY_SHAPE}/?$", links.offer, name="offer_link"),
    re_path(rf"^u/{ANY_SHAPE}/?$", links.outcome, name="outcome_link"),
    re_path(rf"^p/{ANY_SHAPE}/?$", pause_link.pause_link, name="pause_link"),
    re_path(rf"^a/{ANY_SHAPE}/?$", links.appointment, name="appointment_link"),
]
