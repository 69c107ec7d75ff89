"""Ziek melden, and herstel: somebody is ill, who takes the duty?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from directory.access import COORDINATOR, for_roles, person_id
from directory.link_pages import choice_of
from integrations import clock
from rosters import agenda, cover_board, queries, repairs
from rosters.agenda import DutyCard
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.cover_board import Option
from rosters.errors import CoverRefused, FormRefused, NotKnown, RosterError
from rosters.repairs import VacantDuty
from rosters.services import covering, sick, taking
from rosters.services.covering import CANDIDATES

THIS_DAY, UNTIL = "dag", "tot"


# --- Reporting sick ---------------------------------------------------------------------------------------------------
class SickForm(forms.Form):
    """How long; and whether the first candidates are asked at once."""

    hoelang = forms.ChoiceField(
        label=gettext_lazy("How long?"),
        choices=[
            (THIS_DAY, gettext_lazy("This duty and the rest of that day")),
            (UNTIL, gettext_lazy("Until and with")),
        ],
        widget=forms.RadioSelect,
        initial=THIS_DAY,
        error_messages={"required": gettext_lazy("Choose how long.")},
    )
    datum = forms.DateField(
        label=gettext_lazy("Last day ill"),
        required=False,
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day as 27-11-2026.")},
    )
    vraag = forms.BooleanField(
        label=gettext_lazy("Ask the first three colleagues at once"), required=False, initial=True
    )

    def until(self, duty: DutyCard) -> datetime:
        """The moment to which the person is ill. Raises FormRefused."""
        if self.cleaned_data["hoelang"] == THIS_DAY:
            return max(duty.when.end, _end_of(wall.day_of(duty.when.start)))
        chosen = self.cleaned_data["datum"]
        if chosen is None:
            raise FormRefused("until", _("Fill in the last day that you are ill."), field="datum")
        return _end_of(chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_sick(request: HttpRequest, number: int) -> HttpResponse:
    """By the lawyer himself, his assistant or a coordinator; at once, without a second question."""
    try:
        duty = agenda.duty_for(person_id(request), number)
    except NotKnown as gone:
        raise Http404 from gone
    form = SickForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                call = sick.report_sick(
                    person_id=duty.person_id,
                    by=person_id(request),
                    until=form.until(duty),
                    ask=form.cleaned_data["vraag"],
                )
            except RosterError as refused:
                field = getattr(refused, "field", "")
                form.add_error("datum" if field in ("tot", "datum") else None, refused.message)
            else:
                messages.success(request, _("Reported ill. Calls go to the backup from now on."))
                return redirect("sick_call", call.absence_id)
        status = 400
    context = {
        "duty": duty,
        "form": form,
        "is_on_behalf": duty.person_id != person_id(request),
        "backup": _others(duty.desk_id, duty.when, duty.person_id),
    }
    return render(request, "rosters/cover/sick.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sick_call(request: HttpRequest, number: int) -> HttpResponse:
    """How a sick call stands; a press takes it back."""
    try:
        call = repairs.sick_call_for(person_id(request), number)
    except NotKnown as gone:
        raise Http404 from gone
    if request.method == "POST":
        undone = sick.undo_sick(absence_id=number, by=person_id(request))
        if undone.taken_over:
            messages.warning(
                request,
                ngettext(
                    "Well again. %(n)d duty was taken over meanwhile and stays so.",
                    "Well again. %(n)d duties were taken over meanwhile and stay so.",
                    len(undone.taken_over),
                )
                % {"n": len(undone.taken_over)},
            )
        else:
            messages.success(request, _("Well again. Your duties are yours again."))
        return redirect("sick_call", number)
    context = {"call": call, "is_on_behalf": call.person_id != person_id(request)}
    return render(request, "rosters/cover/sick_call.html", context)


# --- Repair -----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(COORDINATOR)
def repair(request: HttpRequest, number: int) -> HttpResponse:
    """Three candidates with reasons; ask all three, ask or call one, or put one on it who said yes on the phone."""
    duty = _vacant(request, number)
    fault, status = "", 200
    if request.method == "POST":
        try:
            messages.success(request, _press(request, duty))
            return redirect("repair", number)
        except RosterError as refused:
            fault, status = refused.message, refused.status
            duty = _vacant(request, number)
    return render(request, "rosters/cover/repair.html", _repair_context(duty) | {"fault": fault}, status=status)


def _vacant(request: HttpRequest, number: int) -> VacantDuty:
    try:
        return repairs.repair_of(person_id(request), number)
    except NotKnown as gone:
        raise Http404 from gone


def _repair_context(duty: VacantDuty) -> dict[str, Any]:
    card = cover_board.request(duty.cover_id) if duty.cover_id else None
    when = card.left if card and card.is_open else duty.when
    options: tuple[Option, ...] = ()
    if (card and card.is_open) or (card is None and duty.is_in_force):
        options = cover_board.options(duty.desk_id, when, exclude=[duty.person_id])
    asks = {ask.person_id: ask for ask in cover_board.asks(card.id)} if card else {}
    fitting = [one for one in options if one.fits]
    return {
        "duty": duty,
        "card": card,
        "when": when,
        "best": [(one, asks.get(one.id)) for one in fitting[:CANDIDATES]],
        "more": [(one, asks.get(one.id)) for one in fitting[CANDIDATES:]],
        "unfit": [one for one in options if not one.fits],
        "asks": list(asks.values()),
        "backup": _others(duty.desk_id, when, duty.person_id),
        "chain": agenda.chain(card.taken_duty_id if card and card.taken_duty_id else duty.id),
        "has_started": duty.when.start <= clock.now(),
    }


def _press(request: HttpRequest, duty: VacantDuty) -> str:
    """'vraag' asks the best three, 'vraag:12' one person, 'zet:12' puts somebody on it who agreed; 'niet-verschenen'
    takes a duty that runs from a holder who does not answer."""
    step, _colon, chosen = choice_of(request.POST).partition(":")
    person = [int(chosen)] if chosen.isdecimal() else None
    by = person_id(request)
    if step == "vraag":
        if duty.cover_id is None:
            made = covering.open_request(duty_id=duty.id, kind="give", by=by, ask=person or ())
            asked = (
                [ask.person_id for ask in made.asks.all()] if person else covering.ask_candidates(request_id=made.pk)
            )
        else:
            asked = covering.ask_candidates(request_id=duty.cover_id, person_ids=person, by=by)
        if not asked:
            raise CoverRefused("nobody_left", _("Everybody who fits was asked. Call somebody, or ask a neighbour."))
        return ngettext("%(n)d person is asked.", "%(n)d people are asked.", len(asked)) % {"n": len(asked)}
    if step == "zet" and person:
        taking.take_now(duty_id=duty.id, person_id=person[0], by=by, how="coordinator")
        return _("Done. Both have been told.")
    if step == "niet-verschenen" and duty.when.start <= clock.now():
        if sick.no_show(duty_id=duty.id) is None:
            raise CoverRefused("duty_gone", _("This duty is over already. There is nothing to replace."))
        return _("The duty stands empty and is not rung any more. Choose who takes it.")
    raise FormRefused("choice", _("Press one of the buttons."), field="keuze")


def _others(desk_id: int, when: Interval, but: int) -> tuple[str, ...]:
    """Who is on the desk besides, when it starts: they cover until somebody is found."""
    at = max(when.start, clock.now())
    return tuple(one.name for one in queries.on_duty([desk_id], at) if one.person_id != but)


def _end_of(day: date) -> datetime:
    return wall.moment(day + timedelta(days=1), 0)
