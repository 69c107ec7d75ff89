"""Instellingen: can you be reached? Numbers are added, proved by a code, tested by a call, chosen and taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from directory import queries as directory
from directory import services as directory_services
from directory.access import person_id
from directory.errors import DirectoryError
from hotline import proving
from hotline.errors import HotlineError
from integrations import clock

LONGEST = 40


class NumberForm(forms.Form):
    nummer = forms.CharField(
        label=gettext_lazy("Telephone number"),
        help_text=gettext_lazy("A number of your own, for example 06 12345678."),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Fill in a telephone number, for example 06 12345678.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "piket-input"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Type the six digits that you got.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "piket-input"}),
    )


@require_GET
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@login_required
def add_number(request: HttpRequest) -> HttpResponse:
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            directory_services.add_number(
                number=form.cleaned_data["nummer"], person_id=person_id(request), primary=False
            )
        except DirectoryError as refused:
            form.add_error("nummer", refused.message)
        else:
            messages.success(request, _("Added. Now prove that it is yours: ask for a code."))
            return redirect("settings")
    return _page(request, add=form, status=400)


@require_POST
@login_required
def check_code(request: HttpRequest, number: int) -> HttpResponse:
    form = CodeForm(request.POST, auto_id=f"%s_{number}")
    if form.is_valid():
        try:
            directory_services.check_code(
                number_id=number, person_id=person_id(request), digits=form.cleaned_data["code"]
            )
        except DirectoryError as refused:
            form.add_error("code", refused.message)
        else:
            messages.success(request, _("Right. This number is yours and can be rung."))
            return redirect("settings")
    return _page(request, code=form, code_of=number, status=400)


def _code_by_sms(person: int, number: int) -> str:
    proving.send_code(person_id=person, number_id=number, via=proving.BY_SMS)
    return _("A text message with a code is on its way. Type the code below, within 10 minutes.")


def _code_by_voice(person: int, number: int) -> str:
    proving.send_code(person_id=person, number_id=number, via=proving.BY_VOICE)
    return _("We call this number now. Press 1 and you hear the code. Type it below, within 10 minutes.")


def _test(person: int, number: int) -> str:
    proving.test_me(person_id=person, number_id=number)
    return _("We call you now. Press 1 when you hear the test. Then load this page again.")


def _first(person: int, number: int) -> str:
    directory_services.make_primary(number_id=number, person_id=person)
    return _("Saved. We ring and text this number from now on.")


def _away(person: int, number: int) -> str:
    directory_services.take_away(number_id=number, person_id=person)
    return _("Removed. We do not ring or text this number any more.")


DEEDS: dict[str, Callable[[int, int], str]] = {
    "code-sms": _code_by_sms,
    "code-spraak": _code_by_voice,
    "test": _test,
    "eerste-keus": _first,
    "weg": _away,
}


@require_POST
@login_required
def number_deed(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """One button of one number."""
    if deed not in DEEDS:
        raise Http404
    try:
        said = DEEDS[deed](person_id(request), number)
    except (DirectoryError, HotlineError) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("settings")


def _page(
    request: HttpRequest,
    *,
    add: NumberForm | None = None,
    code: CodeForm | None = None,
    code_of: int = 0,
    status: int = 200,
) -> HttpResponse:
    mine = person_id(request)
    numbers: list[tuple[Any, CodeForm | None]] = []
    for number in directory.numbers_of(mine):
        blank = None if number.verified else CodeForm(auto_id=f"%s_{number.id}")
        numbers.append((number, code if number.id == code_of else blank))
    context = {
        "ready": proving.readiness_of(mine),
        "numbers": numbers,
        "add": add or NumberForm(),
        "form": add or code,
        "now": clock.now(),
    }
    return render(request, "hotline/settings/settings.html", context, status=status)
