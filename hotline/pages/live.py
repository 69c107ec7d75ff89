"""Live: what happens on the line now, for coordinators; and what they have to arrange."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_POST

from directory.access import COORDINATOR, for_roles, person_id, person_of
from hotline import tickets
from hotline.consultations import queries
from hotline.live import Board, live_board
from integrations import clock


@require_GET
@for_roles(COORDINATOR)
def live(request: HttpRequest) -> HttpResponse:
    board = live_board(person_id(request))
    on_wall = request.GET.get("scherm") == "1"
    return render(request, "hotline/live/live.html", {"board": board, "now": clock.now(), "on_wall": on_wall})


@require_GET
@for_roles(COORDINATOR)
def board(request: HttpRequest) -> HttpResponse:
    """The part that the page asks again every three seconds; 304 while nothing changed."""
    seen = live_board(person_id(request))
    return _unless_seen(request, seen)


def _unless_seen(request: HttpRequest, seen: Board) -> HttpResponse:
    def etag(_request: HttpRequest) -> str:
        return f'"{seen.revision}"'

    @condition(etag_func=etag)
    def answer(request: HttpRequest) -> HttpResponse:
        return render(request, "hotline/live/board.html", {"board": seen, "now": clock.now()})

    response = answer(request)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_GET
@for_roles(COORDINATOR)
def to_arrange(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": queries.to_coordinate(person_of(request)),
        "to_call": tickets.to_call(person_id(request)),
        "tickets": tickets.open_tickets(person_id(request)),
    }
    return render(request, "hotline/live/to_arrange.html", context)


@require_POST
@for_roles(COORDINATOR)
def ticket_done(request: HttpRequest, number: int) -> HttpResponse:
    tickets.mark_done(person_id=person_id(request), ticket_id=number)
    messages.success(request, _("Ticked off."))
    return redirect("tickets")


@require_POST
@for_roles(COORDINATOR)
def called(request: HttpRequest, number: int) -> HttpResponse:
    tickets.mark_called(person_id=person_id(request), callback_id=number)
    messages.success(request, _("Ticked off."))
    return redirect("tickets")
