"""Beschikbaarheid vragen: a coordinator opens a round and sees who answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory import queries as directory
from directory.access import COORDINATOR, for_roles, person_id
from integrations import clock
from rosters import services, stated
from rosters.core import wall
from rosters.errors import FormRefused, NotYours

END_OF_DAY = 18 * 60  # a deadline is a day; it ends at six


class RoundForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the round"),
        max_length=60,
        error_messages={"required": gettext_lazy("Give the round a name of at most 60 characters.")},
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), error_messages={"required": gettext_lazy("Choose a region.")}
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the date as 27-11-2026."),
            "required": gettext_lazy("Choose the first day."),
        },
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the date as 27-11-2026."),
            "required": gettext_lazy("Choose the last day."),
        },
    )
    deadline = forms.DateField(
        label=gettext_lazy("Answer by"),
        help_text=gettext_lazy("Until 18:00 on that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the date as 27-11-2026."),
            "required": gettext_lazy("Choose until when people can answer."),
        },
    )

    def __init__(self, coordinator_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = directory.regions_in_scope(coordinator_id, COORDINATOR)
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            (region.code, region.name) for region in directory.set_up().regions if region.id in mine
        ]


@require_http_methods(["GET", "POST"])
@for_roles(COORDINATOR)
def rounds(request: HttpRequest) -> HttpResponse:
    me = person_id(request)
    form = RoundForm(me)
    if request.method == "POST":
        form = RoundForm(me, request.POST)
        if form.is_valid() and _open(me, form):
            messages.success(request, _("The round is open. Who it asks sees it on the page about availability."))
            return redirect("rounds")
    context = {"form": form, "rounds": stated.rounds_for(me), "now": clock.now()}
    return render(request, "rosters/availability/rounds.html", context, status=400 if form.is_bound else 200)


def _open(me: int, form: RoundForm) -> bool:
    given = form.cleaned_data
    try:
        services.open_round(
            by=me,
            name=given["name"],
            region_id=directory.region(given["region"]).id,
            starts_on=given["starts_on"],
            ends_on=given["ends_on"] + timedelta(days=1),
            deadline=wall.moment(given["deadline"], END_OF_DAY),
        )
    except FormRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    except NotYours as refused:
        form.add_error("region", refused.message)
        return False
    return True
