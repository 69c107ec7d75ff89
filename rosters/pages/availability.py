"""Beschikbaarheid: eight weeks of dagdelen, a box for quick text, absences, weekly habits, and the open round."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from directory.access import person_id
from integrations import clock
from rosters import services, stated
from rosters.core import quick_text, wall
from rosters.core.intervals import Interval
from rosters.core.quick_text import EveryWeek, Meaning, NotUnderstood
from rosters.errors import FormRefused, NotKnown, RosterError
from rosters.pages.access import for_duty_holders, is_on_behalf, kept, on_behalf, whose
from rosters.services.availability import MOST_STRETCHES, Said
from rosters.services.rounds import coordinates
from rosters.stated_words import EXAMPLES, meaning_words, refusal_words


class QuickForm(forms.Form):
    tekst = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=EXAMPLES,
        max_length=120,
        error_messages={"required": gettext_lazy("Write when you can or cannot.")},
    )
    bewaar = forms.BooleanField(required=False, widget=forms.HiddenInput)


class WishForm(forms.Form):
    round_id = forms.IntegerField(widget=forms.HiddenInput)
    min_duties = forms.IntegerField(label=gettext_lazy("Duties at least"), required=False, min_value=0, max_value=99)
    max_duties = forms.IntegerField(label=gettext_lazy("Duties at most"), required=False, min_value=0, max_value=99)


class TermsForm(forms.Form):
    weight = forms.DecimalField(
        label=gettext_lazy("Share (1 is a full one)"), max_digits=4, decimal_places=2, localize=True
    )
    max_per_week = forms.IntegerField(label=gettext_lazy("Duties a week at most"))
    max_per_month = forms.IntegerField(label=gettext_lazy("Duties a month at most"), required=False)
    rest_hours = forms.IntegerField(label=gettext_lazy("Hours of rest between duties"))


class SourceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the calendar"), max_length=60, required=False)
    url = forms.CharField(
        label=gettext_lazy("Secret address (iCal)"),
        help_text=gettext_lazy("Starts with https:// or webcal://. We only keep when you are busy."),
        max_length=2000,
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file (.ics)"), required=False, help_text=gettext_lazy("At most 5 MB.")
    )


@require_GET
@for_duty_holders
def availability(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page; `more` holds a form with faults or what was read back, so that nothing typed is lost."""
    person, now = whose(request), clock.now()
    may_agree = coordinates(person_id(request), person.id)
    rounds = stated.rounds_of(person.id)
    hit = stated.hit_duties(person.id)
    context = {
        "person": person,
        "is_on_behalf": is_on_behalf(request),
        "on_behalf": on_behalf(request),
        "kept": kept(request),
        "now": now,
        "weeks": stated.grid(person.id, wall.day_of(now)),
        "parts": stated.parts(),
        "rounds": [(one, _wish_form(one)) for one in rounds],
        "hit": hit,
        "absences": stated.absences(person.id),
        "habits": stated.habits(person.id),
        "sources": stated.sources(person.id),
        "quick": QuickForm(),
        "source_form": SourceForm(),
        "may_agree": may_agree,
        "terms": stated.terms_of(person.id),
        "terms_form": _terms_form(person.id) if may_agree else None,
        **more,
    }
    return render(request, "rosters/availability/availability.html", context, status=status)


@require_POST
@for_duty_holders
def set_cells(request: HttpRequest) -> HttpResponse:
    """A press in the grid: `zet` is first day, last day, dagdeel ('' for whole days) and level."""
    try:
        first, last, part, level = request.POST.get("zet", "").split("|")
        meaning = quick_text.Days(date.fromisoformat(first), date.fromisoformat(last), part, None, level)
        stretches = quick_text.stretches(meaning, stated.parts()) if first <= last else ()
    except (ValueError, KeyError):
        messages.error(request, _("Choose a part of a day in the table."))
        return _back(request)
    try:
        said = services.say(
            person_id=whose(request).id, by=person_id(request), stretches=_to_come(stretches), level=level
        )
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        _tell_of_duties(request, said)
    monday = meaning.first.isocalendar()
    return _back(request, f"#week-{monday.year}-{monday.week}")


@require_POST
@for_duty_holders
def quick(request: HttpRequest) -> HttpResponse:
    """Reads back what was typed; with `bewaar` it is kept."""
    form = QuickForm(request.POST)
    if not form.is_valid():
        return page(request, status=400, quick=form, form=form)
    try:
        meaning = quick_text.understand(form.cleaned_data["tekst"], wall.day_of(clock.now()))
    except NotUnderstood as refused:
        form.add_error("tekst", refusal_words(refused.code))
        return page(request, status=400, quick=form, form=form)
    words = meaning_words(meaning)
    if not form.cleaned_data["bewaar"]:
        return page(request, quick=form, read_back=words)
    try:
        said = _keep(request, meaning)
    except RosterError as refused:
        form.add_error("tekst", refused.message)
        return page(request, status=400, quick=form, form=form)
    messages.success(request, _("Kept: %(words)s.") % {"words": words})
    if said is not None:
        _tell_of_duties(request, said)
    return _back(request)


@require_POST
@for_duty_holders
def withdraw(request: HttpRequest) -> HttpResponse:
    """`afwezig` or `gewoonte` is the number of what holds no more."""
    by = person_id(request)
    try:
        if number := _number(request, "afwezig"):
            services.withdraw_absence(absence_id=number, by=by)
        elif number := _number(request, "gewoonte"):
            services.end_habit(habit_id=number, by=by)
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Withdrawn."))
    return _back(request, "#gezegd")


@require_POST
@for_duty_holders
def wish(request: HttpRequest) -> HttpResponse:
    form = WishForm(request.POST)
    if form.is_valid():
        try:
            given = services.give_wish(person_id=whose(request).id, by=person_id(request), **form.cleaned_data)
        except FormRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except NotKnown as refused:
            messages.error(request, refused.message)
            return _back(request)
        else:
            if given.given_at >= given.round.deadline:
                messages.warning(request, _("Your availability is in, after the deadline. Your coordinator sees that."))
            else:
                messages.success(request, _("Your availability is in. You can still change it."))
            return _back(request)
    rounds = stated.rounds_of(whose(request).id)
    asked = form.data.get("round_id")
    shown = [(one, form if str(one.id) == asked else _wish_form(one)) for one in rounds]
    return page(request, status=400, rounds=shown, form=form)


@require_POST
@for_duty_holders
def terms(request: HttpRequest) -> HttpResponse:
    """For a coordinator of the person's region only."""
    if not coordinates(person_id(request), whose(request).id):
        raise PermissionDenied
    form = TermsForm(request.POST)
    if form.is_valid():
        try:
            services.agree_terms(person_id=whose(request).id, by=person_id(request), **form.cleaned_data)
        except FormRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("The agreements are kept."))
            return _back(request, "#afspraken")
    return page(request, status=400, terms_form=form, form=form)


def _keep(request: HttpRequest, meaning: Meaning) -> Said | None:
    person, by = whose(request).id, person_id(request)
    if isinstance(meaning, EveryWeek):
        services.set_habit(person_id=person, by=by, weekdays=meaning.weekdays, part=meaning.part, level=meaning.level)
        return None
    return services.say(
        person_id=person,
        by=by,
        stretches=quick_text.stretches(meaning, stated.parts()),
        level=meaning.level,
        reason=meaning.reason,
    )


def _to_come(stretches: tuple[Interval, ...]) -> list[Interval]:
    """What has passed of a day or a week that runs is left as it was."""
    now = clock.now()
    return [Interval(max(one.start, now), one.end) for one in stretches[:MOST_STRETCHES] if one.end > now]


def _tell_of_duties(request: HttpRequest, said: Said) -> None:
    if not said.hit:
        return
    number = len(said.hit)
    words = ngettext(
        "You have %(n)d duty in this period: find a replacement.",
        "You have %(n)d duties in this period: find a replacement.",
        number,
    )
    asked = _("Colleagues are asked. Until somebody takes it over, a duty stays yours.") if said.asked else ""
    messages.warning(request, f"{words % {'n': number}} {asked}".strip())


def _wish_form(one: stated.AskedRound) -> WishForm:
    return WishForm(
        auto_id=f"id_round_{one.id}_%s",
        initial={"round_id": one.id, "min_duties": one.min_duties, "max_duties": one.max_duties},
    )


def _terms_form(person: int) -> TermsForm:
    agreed = stated.terms_of(person)
    names = ("weight", "max_per_week", "max_per_month", "rest_hours")
    return TermsForm(initial={name: getattr(agreed, name) for name in names})


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _back(request: HttpRequest, place: str = "") -> HttpResponse:
    response = redirect("availability")
    response["Location"] += on_behalf(request) + place
    return response
