"""Roosters: what fills each desk, drafts and published rosters, the weeks of a draft, and single duties by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory.access import COORDINATOR, for_roles, person_id
from integrations import clock
from rosters import plan_board, services
from rosters.core import wall
from rosters.core.weekly import monday
from rosters.errors import FormRefused, NotKnown, RosterError
from rosters.models import Duty, PlannedDuty, RosterVersion
from rosters.pages.plan_forms import DraftForm, DutyForm, HandForm
from rosters.planners import desks_planned_by
from rosters.services import by_hand


@require_GET
@for_roles(COORDINATOR)
def rosters(request: HttpRequest) -> HttpResponse:
    return render(request, "rosters/plans/rosters.html", {"board": plan_board.board(person_id(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def draft_new(request: HttpRequest) -> HttpResponse:
    desks = desks_planned_by(person_id(request))
    first = monday(wall.day_of(clock.now())) + timedelta(days=7)
    initial = {"desks_chosen": [desk.id for desk in desks], "starts_on": first, "last_day": first + timedelta(days=27)}
    form = DraftForm(desks, [], request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            version = services.draft_version(
                kind=typed["kind"],
                desk_ids=typed["desks_chosen"],
                starts_on=typed["starts_on"],
                ends_on=typed["last_day"] + timedelta(days=1),
                name=typed["name"],
                by=person_id(request),
                empty=typed["start"] == "empty",
            )
        except RosterError as refused:
            form.refuse(refused.code, refused.message, getattr(refused, "field", ""))
        else:
            return redirect("version", version.pk)
    return render(request, "rosters/plans/draft.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """A week of a roster; in a draft one duty can be added (the form) or changed (`?dienst=`, see `planned`)."""
    row = plan_board.version_for(person_id(request), number)
    desks = [
        desk for desk in desks_planned_by(person_id(request)) if desk.id in {one.pk for one in row.version.desks.all()}
    ]
    people = plan_board.people_for(desks)
    week = plan_board.week_of(row.version, desks, _asked_day(request))
    is_draft = row.version.state == RosterVersion.State.DRAFT
    form = DutyForm(desks, people, request.POST or None, initial={"day": max(week.days[0], row.version.starts_on)})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_planned(version_id=number, by=person_id(request), **form.values())
        except RosterError as refused:
            form.refuse(refused.code, refused.message, getattr(refused, "field", ""))
        else:
            messages.success(request, _("The duty is in the draft."))
            return redirect(_week_address(number, form.cleaned_data["day"]))
    context = {
        "row": row,
        "week": week,
        "is_draft": is_draft,
        "form": form,
        "chosen": _chosen(request, row.version) if is_draft else None,
        "people": people,
        "total": row.version.planned.count(),
    }
    return render(request, "rosters/plans/version.html", context, status=400 if form.is_bound else 200)


@require_POST
@for_roles(COORDINATOR)
def planned(request: HttpRequest, number: int, duty: int) -> HttpResponse:
    """Give a duty of a draft to somebody else, take it out, or hold it fast."""
    row = plan_board.version_for(person_id(request), number)
    found = PlannedDuty.objects.filter(pk=duty, version=row.version).first()
    if found is None:
        raise NotKnown("planned_unknown", str(duty))
    me, step = person_id(request), request.POST.get("stap", "")
    try:
        if step == "weg":
            services.remove_planned(planned_id=duty, by=me)
        elif step in ("vast", "los"):
            services.lock_planned(planned_id=duty, by=me, locked=step == "vast")
        else:
            chosen = request.POST.get("persoon", "")
            if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
                raise FormRefused("person_unknown", _("Choose a person."), field="person")
            services.change_planned(planned_id=duty, by=me, person_id=int(chosen))
    except RosterError as refused:
        messages.error(request, refused.message)
        return redirect(f"{_week_address(number, wall.day_of(found.starts_at))}&dienst={duty}#dienst")
    messages.success(request, _("The draft is changed."))
    return redirect(_week_address(number, wall.day_of(found.starts_at)))


@require_POST
@for_roles(COORDINATOR)
def version_discard(request: HttpRequest, number: int) -> HttpResponse:
    plan_board.version_for(person_id(request), number)
    services.discard_version(version_id=number, by=person_id(request))
    messages.success(request, _("The draft is thrown away. Nothing in force has changed."))
    return redirect("rosters")


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def duty_add(request: HttpRequest) -> HttpResponse:
    """One duty by hand."""
    desks = desks_planned_by(person_id(request))
    initial = {"day": wall.day_of(clock.now())}
    form = HandForm(desks, plan_board.people_for(desks), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            by_hand.give_duty(by=person_id(request), agreed=form.cleaned_data["agreed"], **form.values())
        except RosterError as refused:
            form.refuse(refused.code, refused.message, getattr(refused, "field", ""))
        else:
            messages.success(request, _("The duty is in force. The person is told."))
            return redirect("rosters")
    return render(request, "rosters/plans/duty.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def duty_end(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel one duty: looked at first, then done."""
    ids = [desk.id for desk in desks_planned_by(person_id(request))]
    duty = Duty.objects.filter(pk=number, desk_id__in=ids).select_related("desk", "person").first()
    if duty is None:
        raise NotKnown("duty_unknown", str(number))
    if request.method == "POST":
        by_hand.end_duty(duty_id=number, by=person_id(request))
        messages.success(request, _("The duty is cancelled. The person is told."))
        return redirect("rosters")
    return render(request, "rosters/plans/duty_end.html", {"duty": duty})


def _asked_day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None


def _week_address(number: int, day: date) -> str:
    return f"{reverse('version', args=[number])}?week={day.isoformat()}"


def _chosen(request: HttpRequest, of: RosterVersion) -> Any:
    asked = request.GET.get("dienst", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    return of.planned.filter(pk=int(asked)).select_related("desk", "person").first()
