"""Mijn rooster: thirteen weeks of duties as a list, and one duty with what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory import queries as directory
from directory.access import person_id
from integrations import clock
from rosters import agenda
from rosters.agenda import DutyCard
from rosters.core import wall
from rosters.errors import NotKnown, RosterError
from rosters.pages.access import for_duty_holders, is_on_behalf, kept, on_behalf, whose
from rosters.services import steps

WEEKS = 13


@dataclass(frozen=True, slots=True)
class Week:
    """The duties that start in a calendar week; `monday` names it."""

    monday: date
    number: int
    duties: tuple[DutyCard, ...]


@require_GET
@for_duty_holders
def my_roster(request: HttpRequest) -> HttpResponse:
    person, now = whose(request), clock.now()
    until = wall.moment(wall.day_of(now) + timedelta(weeks=WEEKS), 0)
    duties = agenda.agenda(person.id, now, until)
    context = {
        "person": person,
        "weeks": in_weeks(duties),
        "count": len(duties),
        "unconfirmed": sum(duty.confirmed_at is None for duty in duties),
        "sought": sum(duty.cover is not None for duty in duties),
        "kept": kept(request),
        "is_on_behalf": is_on_behalf(request),
        "on_behalf": on_behalf(request),
        "now": now,
    }
    return render(request, "rosters/mine/roster.html", context)


def in_weeks(duties: list[DutyCard]) -> tuple[Week, ...]:
    """The duties by calendar week, weeks without any left out."""
    found: dict[date, list[DutyCard]] = {}
    for duty in duties:
        day = wall.day_of(duty.when.start)
        found.setdefault(day - timedelta(days=day.weekday()), []).append(duty)
    return tuple(Week(monday, monday.isocalendar().week, tuple(some)) for monday, some in sorted(found.items()))


@require_GET
@login_required
def duty(request: HttpRequest, number: int) -> HttpResponse:
    card = _card(request, number)
    context = {
        "duty": card,
        "is_on_behalf": card.person_id != person_id(request),
        "has_started": card.when.start <= clock.now(),
        "chain": agenda.chain(card.id),
        "numbers": directory.numbers_of(card.person_id),
        "rung": next((one for one in directory.numbers_of(card.person_id) if one.id == card.number_id), None),
        "now": clock.now(),
    }
    return render(request, "rosters/mine/duty.html", context)


@require_POST
@login_required
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """The holder, or who keeps his roster, says that he will be there."""
    card = _card(request, number)
    try:
        steps.confirm(duty_ids=[card.id], how="page", by=person_id(request))
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Confirmed. You will be rung from the start of the duty."))
    return redirect("duty", card.id)


@require_POST
@login_required
def choose_number(request: HttpRequest, number: int) -> HttpResponse:
    """Which of the holder's verified numbers this duty rings."""
    card = _card(request, number)
    chosen = request.POST.get("nummer", "")
    try:
        steps.choose_number(
            duty_id=card.id, number_id=int(chosen) if chosen.isdecimal() else None, by=person_id(request)
        )
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Saved. This duty rings the chosen number."))
    return redirect("duty", card.id)


def _card(request: HttpRequest, number: int) -> DutyCard:
    try:
        return agenda.duty_for(person_id(request), number)
    except NotKnown as gone:
        raise Http404 from gone
