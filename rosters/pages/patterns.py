"""Patronen: a pattern or a rotation, with what it does to the duties before it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.access import COORDINATOR, for_roles, person_id
from integrations import clock
from rosters import plan_board, services
from rosters.core import wall
from rosters.errors import NotKnown, RosterError
from rosters.models import Pattern
from rosters.pages.plan_forms import PatternForm, PlanForm, RotationForm, StopForm
from rosters.plan_names import Names
from rosters.planners import desks_planned_by
from rosters.services.pattern_checks import NewPattern
from rosters.services.patterns import Difference

SHOW, DO, STOP_SHOW, STOP_DO = "tonen", "doen", "stop-tonen", "stoppen"


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def pattern_new(request: HttpRequest) -> HttpResponse:
    desks = desks_planned_by(person_id(request))
    people = plan_board.people_for(desks)
    asked = request.GET.get("post", "")
    initial = {
        "valid_from": wall.day_of(clock.now()),
        "desk": int(asked) if asked.isascii() and asked.isdigit() else "",
    }
    form = PatternForm(desks, people, request.POST or None, initial=initial)
    difference = None
    if request.method == "POST" and form.is_valid():
        try:
            new = form.as_pattern()
            difference = services.preview_change(pattern_id=None, new=new, from_day=new.valid_from)
            if _confirmed(request, form, DO):
                _add(new, person_id(request))
                messages.success(request, _("The pattern is made. Its duties are in the roster within seconds."))
                return redirect("rosters")
        except RosterError as refused:
            form.refuse(refused.code, refused.message)
            difference = None
    return _page(request, form, difference)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def pattern(request: HttpRequest, number: int) -> HttpResponse:
    """Change a pattern from a day on, or let it stop."""
    old = plan_board.pattern_for(person_id(request), number)
    desks = desks_planned_by(person_id(request))
    people = dict(plan_board.people_for(desks)) | {old.person_id: old.person.name}
    step = request.POST.get("stap", "")
    stopping = step in (STOP_SHOW, STOP_DO)
    named = sorted(people.items(), key=lambda pair: pair[1])
    form = PatternForm(desks, named, None if stopping else request.POST or None, initial=_as_typed(old))
    stop = StopForm(
        desks, named, request.POST if stopping else None, initial={"valid_from": _soonest(old)}, prefix="stop"
    )
    asked: PlanForm = stop if stopping else form
    difference = None
    if request.method == "POST" and asked.is_valid():
        try:
            new = None if stopping else form.as_pattern()
            day = asked.cleaned_data["valid_from"]
            difference = services.preview_change(pattern_id=old.pk, new=new, from_day=day)
            if _confirmed(request, asked, STOP_DO if stopping else DO):
                services.change_pattern(pattern_id=old.pk, new=new, from_day=day, by=person_id(request))
                messages.success(request, _("Done. Whoever it concerns is told."))
                return redirect("rosters")
        except RosterError as refused:
            asked.refuse(refused.code, refused.message)
            difference = None
    return _page(request, form, difference, old=old, stop=stop, stopping=stopping)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def rotation_new(request: HttpRequest) -> HttpResponse:
    desks = desks_planned_by(person_id(request))
    initial = {"valid_from": wall.day_of(clock.now())}
    form = RotationForm(desks, plan_board.people_for(desks), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            _refuse_elsewhere(request, typed["desk"])
            starts, minutes = form.times()
            made = services.add_rotation(
                desk_id=typed["desk"], person_ids=form.people(), weekdays="".join(typed["weekdays"]), starts=starts,
                minutes=minutes, positions=(1, 2) if typed["backup"] else (1,), valid_from=typed["valid_from"],
                valid_until=form.until, on_holidays=typed["on_holidays"], outside_hours=typed["outside_hours"],
                by=person_id(request),
            )  # fmt: skip
        except RosterError as refused:
            form.refuse(refused.code, refused.message)
        else:
            messages.success(request, _("The rotation is made, as %(count)s patterns.") % {"count": len(made)})
            return redirect("rosters")
    places = [bound for bound in form if bound.name.startswith("person_")]
    status = 400 if form.is_bound else 200
    return render(request, "rosters/plans/rotation.html", {"form": form, "places": places}, status=status)


def _page(
    request: HttpRequest,
    form: PatternForm,
    difference: Difference | None,
    *,
    old: Pattern | None = None,
    stop: StopForm | None = None,
    stopping: bool = False,
) -> HttpResponse:
    """The form; with a difference, that first. Two hundred when there is one to look at."""
    wrong = form.errors or (stop is not None and stop.errors)
    asked: PlanForm | None = stop if stopping else form
    context: dict[str, Any] = {
        "form": form,
        "stop": stop,
        "stopping": stopping,
        "row": plan_board.pattern_row(old) if old else None,
        "difference": difference,
        "seen": asked.digest() if difference is not None and asked is not None else "",
        "names": Names() if difference is None else Names.of_difference(difference),
    }
    return render(request, "rosters/plans/pattern.html", context, status=400 if wrong else 200)


def _confirmed(request: HttpRequest, form: PlanForm, step: str) -> bool:
    """Whether the button under the difference was pressed, and nothing was typed over since it was shown."""
    return request.POST.get("stap") == step and request.POST.get("gezien") == form.digest()


def _add(new: NewPattern, by: int) -> None:
    services.add_pattern(
        desk_id=new.desk_id, person_id=new.person_id, weekdays=new.weekdays, starts=new.starts, minutes=new.minutes,
        valid_from=new.valid_from, valid_until=new.valid_until, position=new.position, every_weeks=new.every_weeks,
        turn=new.turn or 0, on_holidays=new.on_holidays, outside_hours=new.outside_hours, by=by,
    )  # fmt: skip


def _refuse_elsewhere(request: HttpRequest, desk_id: int) -> None:
    if desk_id not in {desk.id for desk in desks_planned_by(person_id(request))}:
        raise NotKnown("desk_unknown", _("This desk is gone. Load the page again."))


def _soonest(old: Pattern) -> Any:
    return max(wall.day_of(clock.now()) + wall.A_DAY, old.valid_from)


def _as_typed(old: Pattern) -> dict[str, Any]:
    ends = (old.starts + old.minutes) % wall.DAY_MINUTES
    return {
        "desk": old.desk_id,
        "person": old.person_id,
        "position": old.position,
        "weekdays": list(old.weekdays),
        "starts": old.starts,
        "ends": ends or wall.DAY_MINUTES,
        "minutes": old.minutes,
        "every_weeks": old.every_weeks,
        "on_holidays": old.on_holidays,
        "valid_from": _soonest(old),
        "last_day": None if old.valid_until is None else old.valid_until - wall.A_DAY,
        "outside_hours": False,
    }
