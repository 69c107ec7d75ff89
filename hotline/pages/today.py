"""Vandaag: the lawyer's duty and pause, what is asked of him, open outcomes, and what comes next."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory.access import LAWYER, for_roles, person_id, person_of
from hotline import pausing
from hotline.consultations import queries
from hotline.pages.steps import LAWYER_SAYS
from integrations import clock
from rosters import queries as rosters
from rosters import services as roster_services
from rosters.errors import PauseRefused
from web.templatetags.piket import when

AHEAD = timedelta(weeks=13)
NEXT_DUTIES = 5


class PauseForm(forms.Form):
    """`minutes` empty: the rest of the duty. `sure`: the lawyer knows that nobody else is left."""

    minutes = forms.TypedChoiceField(
        choices=[("15", 15), ("30", 30), ("60", 60), ("", "rest")], coerce=int, empty_value=None, required=False
    )
    sure = forms.BooleanField(required=False)


@require_GET
@for_roles(LAWYER)
def today(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), clock.now()
    duties = rosters.duties_of(person.pk, now, now + AHEAD)
    context = {
        "now": now,
        "duty": next((duty for duty in duties if duty.starts_at <= now), None),
        "next_duties": [duty for duty in duties if duty.starts_at > now][:NEXT_DUTIES],
        "pause": rosters.pause_of(person.pk, now),
        "asked": queries.asked_of_me(person),
        "open_outcomes": queries.open_outcomes(person),
        "says": LAWYER_SAYS,
        "follow_ups": queries.my_follow_ups(person),
    }
    return render(request, "hotline/today/today.html", context)


@require_POST
@for_roles(LAWYER)
def pause(request: HttpRequest) -> HttpResponse:
    """Whoever is the last one on his desk is told so first, and pauses with a second press."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose 15, 30 or 60 minutes, or the rest of your duty."))
        return redirect("today")
    minutes = form.cleaned_data["minutes"]
    last_cover = rosters.last_cover_of(person_id(request))
    if last_cover and not form.cleaned_data["sure"]:
        context = {"desks": last_cover, "minutes": minutes}
        return render(request, "hotline/today/last_cover.html", context)
    try:
        until = pausing.pause(person_id=person_id(request), source="page", minutes=minutes)
    except PauseRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("You are paused until %(time)s. It ends by itself.") % {"time": when(until)})
    return redirect("today")


@require_POST
@for_roles(LAWYER)
def resume(request: HttpRequest) -> HttpResponse:
    roster_services.resume(person_id=person_id(request))
    messages.success(request, _("Your pause is over. Calls come to you again."))
    return redirect("today")
