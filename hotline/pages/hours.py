"""Uren: how somebody stands beside the others, his month of hours, why a duty is his; and the list of coordinators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from directory.access import COORDINATOR, for_roles, person_id
from hotline import figures
from hotline.core.statement import EXTRA, MOST_MINUTES, Line
from hotline.errors import FormRefused, HotlineError
from hotline.statements import files, queries, services
from hotline.statements.queries import Sheet
from integrations import clock
from rosters import ledger, why
from rosters.core import wall
from rosters.errors import NotKnown
from rosters.ledger import Measure
from rosters.pages.access import ON_BEHALF, for_duty_holders, is_on_behalf, kept, whose

EARLIEST = 2000  # no hours before, and before the first day there is no day


class CorrectionForm(forms.Form):
    """What a line should be, and why; `weg` takes the correction away."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes, according to you"),
        min_value=0,
        max_value=MOST_MINUTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the minutes as a whole number, for example 240.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=services.MOST_LETTERS,
        help_text=gettext_lazy("No names of clients."),
        error_messages={"required": gettext_lazy("Say in a few words why.")},
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of three. The parts are hundredths of the widest of them, to draw."""

    words: str
    measure: Measure
    sentence: str

    @property
    def own_part(self) -> int:
        return self._part(self.measure.own)

    @property
    def average_part(self) -> int:
        return self._part(self.measure.average)

    @property
    def low_part(self) -> int:
        return self._part(self.measure.low)

    @property
    def band_part(self) -> int:
        """The width of the band; it starts at `low_part`, and is always to be seen."""
        return max(1, self._part(self.measure.high) - self.low_part)

    def _part(self, value: float) -> int:
        widest = max(self.measure.own, self.measure.high, self.measure.average, 1.0)
        return round(99 * value / widest)


@require_GET
@for_duty_holders
def hours(request: HttpRequest) -> HttpResponse:
    return _page(request, queries.sheet(whose(request).id, _month(request)))


@require_POST
@for_duty_holders
def correct(request: HttpRequest) -> HttpResponse:
    """One line put right, or its correction taken away. What was typed wrongly comes back with the page."""
    person, month = whose(request), _month(request)
    form = CorrectionForm(request.POST, auto_id="regel-%s")
    takes_away = "weg" in request.POST
    key = request.POST.get("key", "")
    if takes_away or form.is_valid():
        said: dict[str, Any] = {"minutes": None, "text": ""} if takes_away else form.cleaned_data
        try:
            services.correct(
                actor_id=person_id(request),
                person_id=person.id,
                month=month,
                key=key,
                minutes=said["minutes"],
                text=said["text"],
            )
        except FormRefused as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, _("Correction taken away.") if takes_away else _("Corrected. It is kept."))
            return redirect(_address(request, month))
    return _page(request, queries.sheet(person.id, month), form, status=400)


@require_POST
@for_duty_holders
def submit(request: HttpRequest) -> HttpResponse:
    """'Klopt': the month goes to a coordinator as it is shown."""
    month = _month(request)
    try:
        services.submit(
            actor_id=person_id(request), person_id=whose(request).id, month=month, seen=request.POST.get("seen", "")
        )
    except HotlineError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Handed in. A coordinator looks at it."))
    return redirect(_address(request, month))


@require_GET
@for_duty_holders
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The month as it stands, as a download."""
    person = whose(request)
    sheet = queries.sheet(person.id, _month(request))
    body, kind = (
        (files.as_csv(sheet, person.name), "text/csv; charset=utf-8")
        if ending == "csv"
        else (files.as_pdf(sheet, person.name), "application/pdf")
    )
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{files.file_name(sheet, ending)}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
@login_required
def why_me(request: HttpRequest, number: int) -> HttpResponse:
    """The facts of one duty, for its holder and who keeps his roster."""
    try:
        why.whose_duty(person_id(request), number)
        told = why.why_me(number, clock.now())
    except NotKnown as gone:
        raise Http404 from gone
    context = {
        "why": told,
        "bars": [_bar(_("Duties"), told.duties), _bar(_("Unpopular duties"), told.unpopular)],
        "is_own": told.person_id == person_id(request),
        "now": clock.now(),
    }
    return render(request, "hotline/hours/why_me.html", context)


@require_GET
@for_roles(COORDINATOR)
def statements(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_POST
@for_roles(COORDINATOR)
def agree(request: HttpRequest, number: int) -> HttpResponse:
    try:
        services.agree(actor_id=person_id(request), statement_id=number, seen=request.POST.get("seen", ""))
    except HotlineError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Agreed."))
    return redirect(f"{reverse('statements')}?maand={_month(request):%Y-%m}")


@require_POST
@for_roles(COORDINATOR)
def send_back(request: HttpRequest, number: int) -> HttpResponse:
    """With the reason; without one the page comes back and says so."""
    try:
        services.send_back(actor_id=person_id(request), statement_id=number, why=request.POST.get("why", ""))
    except FormRefused as refused:
        return _list(request, {"number": number, "words": refused.message, "why": request.POST.get("why", "")}, 400)
    except HotlineError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Sent back. The person can put it right."))
    return redirect(f"{reverse('statements')}?maand={_month(request):%Y-%m}")


def _page(request: HttpRequest, sheet: Sheet, wrong: CorrectionForm | None = None, status: int = 200) -> HttpResponse:
    person, now = whose(request), clock.now()
    stands = ledger.beside(person.id, now)
    calls = figures.calls_of(stands.people, *stands.window)
    may_write = person.id == person_id(request) or person.id in kept(request)
    context = {
        "person": person,
        "sheet": sheet,
        "bars": [
            _bar(_("Duties"), stands.duties),
            _bar(_("Unpopular duties"), stands.unpopular),
            _bar(_("Calls taken"), stands.measure({one: found.taken for one, found in calls.items()})),
        ],
        "is_enough": stands.is_enough,
        "since": stands.window.start,
        "calls": calls.get(person.id, figures.Calls()),
        "may_write": may_write,
        "forms": [(line, _form(line, wrong)) for line in sheet.lines if line.key != EXTRA],
        "extra_form": _form(sheet.extra or Line(EXTRA, sheet.month.starts_on), wrong),
        "form": wrong,
        "before": sheet.month.starts_on - timedelta(days=1),
        "after": sheet.month.ends_on if sheet.month.ends_on <= wall.day_of(now) else None,
        "kept": kept(request),
        "is_on_behalf": is_on_behalf(request),
        "now": now,
    }
    return render(request, "hotline/hours/hours.html", context, status=status)


def _list(request: HttpRequest, wrong: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    month = ledger.month(_month(request))
    context = {
        "entries": queries.overview(person_id(request), month.starts_on),
        "month": month,
        "before": month.starts_on - timedelta(days=1),
        "after": month.ends_on if month.ends_on <= wall.day_of(clock.now()) else None,
        "wrong": wrong,
    }
    return render(request, "hotline/hours/statements.html", context, status=status)


def _form(line: Line, wrong: CorrectionForm | None) -> CorrectionForm:
    """The form of one line; the one that came back keeps what was typed."""
    place = line.key.replace(":", "-")
    if wrong is not None and wrong.data.get("key") == line.key:
        wrong.auto_id = f"{place}-%s"
        return wrong
    known = {"key": line.key, "minutes": line.counted if line.key != EXTRA else line.corrected, "text": line.remark}
    return CorrectionForm(initial=known, auto_id=f"{place}-%s")


def _bar(words: str, measure: Measure) -> Bar:
    return Bar(words, measure, _sentence(measure))


def _sentence(measure: Measure) -> str:
    """'2 boven gemiddelde': a fact, no score."""
    number = abs(measure.difference)
    if not number:
        return _("about average")
    if measure.difference > 0:
        return _("%(number)s above average") % {"number": number}
    return _("%(number)s below average") % {"number": number}


def _month(request: HttpRequest) -> date:
    """The first day of the month that is asked; this month when it is none or lies ahead."""
    today = wall.day_of(clock.now())
    year, _dash, month = (request.POST.get("maand") or request.GET.get("maand") or "").partition("-")
    try:
        asked = date(int(year), int(month), 1)
    except (ValueError, OverflowError):
        return today.replace(day=1)
    if asked.year < EARLIEST:
        return today.replace(day=1)
    return min(asked, today.replace(day=1))


def _address(request: HttpRequest, month: date) -> str:
    whom = f"&{ON_BEHALF}={whose(request).id}" if is_on_behalf(request) else ""
    return f"{reverse('hours')}?maand={month:%Y-%m}{whom}"
