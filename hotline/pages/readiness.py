"""Gereedheid: per person and channel whether he can be reached, and a test with one button."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory import numbers
from directory.access import COORDINATOR, for_roles, person_id
from directory.errors import DirectoryError
from hotline import proving
from hotline.errors import HotlineError
from hotline.proving import Readiness
from web.templatetags.piket import at

NOT_READY = "niet-gereed"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that starts so is run by a spreadsheet


@require_GET
@for_roles(COORDINATOR)
def readiness(request: HttpRequest) -> HttpResponse:
    everybody = proving.readiness_for(person_id(request))
    only = request.GET.get("toon") == NOT_READY
    context: dict[str, Any] = {
        "people": [one for one in everybody if not (only and one.is_ready)],
        "only_not_ready": only,
        "total": len(everybody),
        "ready": sum(one.is_ready for one in everybody),
    }
    return render(request, "hotline/readiness/readiness.html", context)


@require_GET
@for_roles(COORDINATOR)
def readiness_csv(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="gereedheid.csv"'
    response.write("\ufeff")  # Excel takes it for UTF-8 by this
    rows = csv.writer(response, delimiter=";")
    rows.writerow([_("Name"), _("Ready"), _("Telephone"), _("Last test call"), _("Text message"), _("Mail")])
    for one in proving.readiness_for(person_id(request)):
        rows.writerow([_cell(text) for text in _row(one)])
    return response


@require_POST
@for_roles(COORDINATOR)
def send_test(request: HttpRequest, number: int) -> HttpResponse:
    """A test call and a test text to one person."""
    try:
        proving.send_test(person_id=number, by=person_id(request))
    except (DirectoryError, HotlineError) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("A test call and a test text are on their way."))
    return redirect("readiness")


def _row(one: Readiness) -> list[str]:
    return [
        one.name,
        _("ready") if one.is_ready else _("not ready"),
        numbers.shown(one.number) if one.has_phone else _("not tested") if one.number else _("no number"),
        at(one.tested_at) if one.tested_at else "",
        at(one.texted_at) if one.texted_at else "",
        one.email,
    ]


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
