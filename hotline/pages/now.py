"""Wie is er nu: per area who is on duty in a region, and whom a call would ring at a chosen moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from directory import queries as directory
from directory.access import person_of
from directory.queries import RegionAt
from hotline.pages.asking import regions_of
from hotline.pages.on_duty import areas_now, on_duty_card
from hotline.queries import who_would_ring
from integrations import clock

NEAREST, FURTHEST = timedelta(days=-366), timedelta(days=366)


class RegionForm(forms.Form):
    regio = forms.ChoiceField(label=gettext_lazy("Region"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(region.code, region.name) for region in directory.set_up().regions]
        self.fields["regio"].choices = choices  # type: ignore[attr-defined]


class DryRunForm(RegionForm):
    """Who would be rung about this area, here, at that moment."""

    rechtsgebied = forms.ChoiceField(
        label=gettext_lazy("Area of law"), error_messages={"required": gettext_lazy("Choose an area of law.")}
    )
    moment = forms.DateTimeField(
        label=gettext_lazy("Moment"),
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": gettext_lazy("Choose a moment."),
            "invalid": gettext_lazy("Write the moment as 27-11-2026 14:00."),
        },
    )
    field_order = ("rechtsgebied", "regio", "moment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.slug, area.name) for area in directory.set_up().areas if not area.signpost]
        self.fields["rechtsgebied"].choices = areas  # type: ignore[attr-defined]

    def clean_moment(self) -> datetime:
        moment: datetime = self.cleaned_data["moment"]
        if not NEAREST < moment - clock.now() < FURTHEST:
            raise forms.ValidationError(gettext_lazy("Choose a moment within a year."), code="far")
        return moment


@require_GET
@login_required
def now(request: HttpRequest) -> HttpResponse:
    region = _region(request)
    at = clock.now()
    setup = directory.set_up()
    context: dict[str, Any] = {
        "regions": RegionForm(initial={"regio": region.code}),
        "region": region,
        "areas": areas_now(setup.areas, region, at),
        "card": on_duty_card(None, region),
        "at": at,
    }
    if "rechtsgebied" in request.GET:
        form = DryRunForm(request.GET)
        if form.is_valid():
            asked = form.cleaned_data
            context["run"] = who_would_ring(asked["rechtsgebied"], asked["regio"], asked["moment"])
    else:
        form = DryRunForm(initial={"regio": region.code, "moment": timezone.localtime(at)})
    return render(request, "hotline/now/now.html", context | {"form": form})


def _region(request: HttpRequest) -> RegionAt:
    """The region that was asked for, else the person's own, else the country."""
    setup = directory.set_up()
    wanted = setup.region_by_code.get(request.GET.get("regio", "").lower())
    if wanted is not None:
        return wanted
    own = regions_of(person_of(request))
    held = [item.region_id for item in directory.roles_of(person_of(request).pk) if item.region_id]
    return setup.region_by_id[next(iter([*own, *held]), setup.country_id)]
