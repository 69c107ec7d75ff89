"""Ruilen: the board, one request with its steps, and asking for a replacement: give away, swap, or a part."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import queries as directory
from directory.access import COORDINATOR, person_id, roles_held
from directory.link_pages import choice_of
from directory.queries import Contact
from rosters import agenda, cover_board
from rosters.agenda import DutyCard
from rosters.core import cover, wall
from rosters.core.intervals import Interval
from rosters.cover_board import AskCard, RequestCard
from rosters.cover_words import RULES
from rosters.errors import CoverRefused, FormRefused, NotKnown, RosterError
from rosters.pages.access import kept, on_behalf, whose
from rosters.services import covering, swapping, taking, taking_back
from rosters.services.covering import MOST_ASKED

GIVE, SWAP = "give", "swap"
WHOLE, OWN_TIMES = "heel", "eigen"
A_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.]?([0-5]\d))?$")


# --- The board --------------------------------------------------------------------------------------------------------
@require_GET
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """What is asked of a person and what he asked; for coordinators also what is open in their regions."""
    person = _whose_or_nobody(request)
    context: dict[str, Any] = {
        "person": person,
        "on_behalf": on_behalf(request) if person else "",
        "kept": kept(request),
    }
    if person is not None:
        context["board"] = cover_board.board(person.id)
    if COORDINATOR in roles_held(request):
        context["region"] = cover_board.open_in(directory.regions_in_scope(person_id(request), COORDINATOR))
    return render(request, "rosters/cover/board.html", context)


def _whose_or_nobody(request: HttpRequest) -> Contact | None:
    """A coordinator who does no duties himself sees the board too. Raises PermissionDenied for a stranger."""
    try:
        return whose(request)
    except PermissionDenied:
        if COORDINATOR in roles_held(request) and "voor" not in request.GET:
            return None
        raise


# --- One request ------------------------------------------------------------------------------------------------------
@require_GET
@login_required
def cover_request(request: HttpRequest, number: int) -> HttpResponse:
    return _show_request(request, number)


@require_POST
@login_required
def cover_step(request: HttpRequest, number: int) -> HttpResponse:
    """One press on the page of a request."""
    card, person = _request_for(request, number)
    try:
        said = _press(card, person.id, person_id(request), request.POST)
    except RosterError as refused:
        if refused.status == 404:
            raise Http404 from refused
        return _show_request(request, number, fault=refused.message, status=refused.status)
    messages.success(request, said)
    return redirect(reverse("cover_request", args=[number]) + _voor(request, person))


def _show_request(request: HttpRequest, number: int, *, fault: str = "", status: int = 200) -> HttpResponse:
    card, person = _request_for(request, number)
    keeps = directory.may_act_for(person_id(request), card.holder_id)
    context = {
        "card": card,
        "person": person,
        "keeps": keeps,
        "is_on_behalf": person.id != person_id(request),
        "asks": cover_board.asks(number) if keeps else (),
        "offers": _offers(card) if keeps and card.is_open else (),
        "ticked": request.POST.getlist("toch"),
        "chosen": request.POST.get("terug", ""),
        "chain": agenda.chain(card.taken_duty_id or card.duty_id),
        "fault": fault,
        **taking_context(card, person.id),
    }
    return render(request, "rosters/cover/request.html", context, status=status)


def _offers(card: RequestCard) -> list[tuple[AskCard, list[tuple[str, Any]]]]:
    """The swaps that are offered, each with the rules that the holder would break by it."""
    offers = [ask for ask in cover_board.asks(card.id) if ask.in_return_id is not None]
    broken = {ask.id: cover_board.broken_by_swap(ask, card) for ask in offers}
    return [(ask, [(code, RULES[code]) for code in broken[ask.id] if code in RULES]) for ask in offers]


def _request_for(request: HttpRequest, number: int) -> tuple[RequestCard, Contact]:
    """The request and whom the reader acts for: himself, or `?voor=`."""
    try:
        person = whose(request)
    except PermissionDenied:
        if "voor" in request.GET or "voor" in request.POST:
            raise
        person = directory.contact(person_id(request))
    try:
        return cover_board.request_for(person_id(request), number, person.id), person
    except NotKnown as gone:
        raise Http404 from gone


def _voor(request: HttpRequest, person: Contact) -> str:
    return f"?voor={person.id}" if person.id != person_id(request) else ""


# --- Answering, on the page and behind a link -------------------------------------------------------------------------
def taking_context(card: RequestCard, taker_id: int) -> dict[str, Any]:
    """What the part with the buttons shows: whether he fits, which rules to tick, his week, what he could give back."""
    if not card.is_open or taker_id == card.holder_id:
        return {"can_take": False}
    is_swap = card.kind == SWAP
    verdict = cover_board.fit(card, taker_id)
    returns = cover_board.to_return(card, taker_id) if is_swap else ()
    broken = verdict.broken if verdict else ()
    return {
        "can_take": verdict is not None and (verdict.may_take or is_swap),
        "ticks": [(code, RULES[code]) for code in broken if code in RULES] if verdict and verdict.may_take else [],
        "broken": [RULES[code] for code in broken if code in RULES],
        "is_swap": is_swap,
        "returns": returns,
        "week": cover_board.week_around(taker_id, card.when),
    }


def answer(card: RequestCard, taker_id: int, by: int, form: QueryDict, *, how: str) -> str:
    """Do what somebody who was asked pressed, and say what came of it. Raises RosterError."""
    choice, ticked = choice_of(form), form.getlist("toch")
    if choice == "overnemen":
        taking.take(request_id=card.id, person_id=taker_id, by=by, breaking=ticked, how=how)
        return _("The duty is yours. Your calendar follows; the holder has been told.")
    if choice in ("deel-1", "deel-2"):
        parts = card.halves
        if not parts:
            raise FormRefused("part", _("This duty is too short for two parts. Take the whole, or leave it."))
        part = parts[0] if choice == "deel-1" else parts[-1]
        taking.take(request_id=card.id, person_id=taker_id, by=by, breaking=ticked, part=part, how=how)
        return _("That part is yours. For the rest somebody is looked for still.")
    if choice == "kan-niet":
        covering.say_no(request_id=card.id, person_id=taker_id, by=by)
        return _("Written down: you cannot. You are not asked again for this duty.")
    if choice == "toch-niet":
        taking_back.take_back(request_id=card.id, by=by)
        return _("Taken back. Everybody concerned has been told.")
    if choice == "ruilen":
        chosen = form.get("terug", "")
        if not chosen.isdecimal():
            raise FormRefused("return", _("Choose which of your duties you offer in return."), field="terug")
        swapping.offer_swap(request_id=card.id, person_id=taker_id, in_return=int(chosen), by=by, breaking=ticked)
        return _("Offered. You hear as soon as the other has answered.")
    raise FormRefused("choice", _("Press one of the buttons."), field="keuze")


def _press(card: RequestCard, mine: int, by: int, form: QueryDict) -> str:
    """What the holder pressed (or who keeps his roster); else what somebody who was asked pressed."""
    choice = choice_of(form)
    step, _colon, number = choice.partition(":")
    if step in HOLDER_STEPS:
        return HOLDER_STEPS[step](card, by, int(number) if number.isdecimal() else 0, form.getlist("toch"))
    return answer(card, mine, by, form, how="page")


def _withdraw(card: RequestCard, by: int, _number: int, _ticked: list[str]) -> str:
    covering.withdraw(request_id=card.id, by=by)
    return _("Withdrawn. Who was asked has been told.")


def _accept(card: RequestCard, by: int, number: int, ticked: list[str]) -> str:
    swapping.accept_swap(ask_id=number, by=by, breaking=ticked)
    return _("Swapped. Both calendars follow.")


def _decline(card: RequestCard, by: int, number: int, _ticked: list[str]) -> str:
    swapping.decline_swap(ask_id=number, by=by)
    return _("Declined. Somebody else may still offer.")


def _ask_more(card: RequestCard, by: int, _number: int, _ticked: list[str]) -> str:
    asked = covering.ask_candidates(request_id=card.id, by=by)
    if not asked:
        raise CoverRefused("nobody_left", _("Everybody who fits was asked. Call a coordinator."))
    return _("%(n)d more people are asked.") % {"n": len(asked)}


HOLDER_STEPS: dict[str, Callable[[RequestCard, int, int, list[str]], str]] = {
    "intrekken": _withdraw,
    "akkoord": _accept,
    "afwijzen": _decline,
    "vraag-meer": _ask_more,
}


# --- Asking for a replacement -----------------------------------------------------------------------------------------
class CoverForm(forms.Form):
    """Give away or swap; the whole duty or a part; who is asked."""

    soort = forms.ChoiceField(
        label=gettext_lazy("What do you want?"),
        choices=[
            (GIVE, gettext_lazy("Give away")),
            (SWAP, gettext_lazy("Swap (for a duty of somebody else)")),
        ],
        widget=forms.RadioSelect,
        initial=GIVE,
        error_messages={"required": gettext_lazy("Choose: give away or swap.")},
    )
    deel = forms.ChoiceField(label=gettext_lazy("Which part?"), widget=forms.RadioSelect, initial=WHOLE)
    van = forms.CharField(label=gettext_lazy("From"), required=False, max_length=5, help_text=gettext_lazy("As 9:00."))
    tot = forms.CharField(
        label=gettext_lazy("Until"), required=False, max_length=5, help_text=gettext_lazy("As 11:00.")
    )
    wie = forms.MultipleChoiceField(
        label=gettext_lazy("Who is asked?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("soort", "deel", "van", "tot", "wie")

    def __init__(self, duty: DutyCard, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duty = duty
        parts = [(WHOLE, _("The whole duty"))]
        parts += [(str(place), _hours(half)) for place, half in enumerate(cover.halves(duty.when))]
        parts.append((OWN_TIMES, _("Other times")))
        self.fields["deel"].choices = parts  # type: ignore[attr-defined]
        self.fields["wie"].choices = people  # type: ignore[attr-defined]
        self.fields["wie"].initial = [value for value, _words in people[:MOST_ASKED]]
        for name in ("van", "tot"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("deel", WHOLE)
        when: Interval | None = self.duty.when
        if chosen == OWN_TIMES:
            when = within_duty(self.duty.when, cleaned.get("van", ""), cleaned.get("tot", ""))
            if when is None:
                self.add_error("van", _("Write two times that lie within the duty, such as 9:00 and 11:00."))
        elif chosen != WHOLE:
            when = cover.halves(self.duty.when)[int(chosen)]
        cleaned["when"] = when
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cover_new(request: HttpRequest, number: int) -> HttpResponse:
    """Three taps: open it, look, send."""
    duty = _duty_for(request, number)
    if duty.cover_id is not None:
        return redirect("cover_request", duty.cover_id)
    voor = f"?voor={duty.person_id}" if duty.person_id != person_id(request) else ""
    options = cover_board.options(duty.desk_id, duty.when, exclude=[duty.person_id])
    people = [(str(one.id), f"{cover.short_name(one.name)}: {one.reasons}") for one in options if one.fits]
    form = CoverForm(duty, people, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            when = form.cleaned_data["when"]
            try:
                made = covering.open_request(
                    duty_id=duty.id,
                    kind=form.cleaned_data["soort"],
                    by=person_id(request),
                    starts_at=when.start,
                    ends_at=when.end,
                    ask=[int(one) for one in form.cleaned_data["wie"]],
                )
            except RosterError as refused:
                form.add_error(getattr(refused, "field", "") or None, refused.message)
            else:
                messages.success(request, _("Sent. The duty stays yours until somebody takes it."))
                return redirect(reverse("cover_request", args=[made.pk]) + voor)
        status = 400
    context = {
        "duty": duty,
        "form": form,
        "fitting": len(people),
        "unfit": [one for one in options if not one.fits],
        "is_on_behalf": bool(voor),
    }
    return render(request, "rosters/cover/new.html", context, status=status)


def within_duty(duty: Interval, van: str, tot: str) -> Interval | None:
    """Times on the wall as moments of a duty, also one that goes past midnight; None for anything else."""
    start, end = _moment_in(duty, van), _moment_in(duty, tot, last=True)
    return Interval(start, end) if start and end and start < end else None


def _moment_in(duty: Interval, text: str, *, last: bool = False) -> Any:
    found = A_TIME.match(text.strip())
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    day = wall.day_of(duty.start)
    while day <= wall.day_of(duty.end):
        moment = wall.moment(day, minutes)
        if (duty.start < moment <= duty.end) if last else (duty.start <= moment < duty.end):
            return moment
        day += timedelta(days=1)
    return None


def _hours(when: Interval) -> str:
    start, end = (moment.astimezone(wall.AMSTERDAM) for moment in when)
    return f"{start:%-H:%M}-{end:%-H:%M}"


def _duty_for(request: HttpRequest, number: int) -> DutyCard:
    try:
        return agenda.duty_for(person_id(request), number)
    except NotKnown as gone:
        raise Http404 from gone
