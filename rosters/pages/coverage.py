"""Dekking: where people are lacking, as sentences and as a table; and putting somebody on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import queries as directory
from directory.access import COORDINATOR, for_roles, person_id
from directory.queries import RegionAt
from integrations import clock
from rosters import coverage_page as shown
from rosters import eligibility, queries, telling
from rosters.core import wall
from rosters.core.coverage import STATES
from rosters.core.eligible import Verdict
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.coverage import desk_of
from rosters.errors import NotKnown, RosterError
from rosters.models import CoverRequest, Gap
from rosters.services import filling_gaps, gaps
from rosters.snapshot import DeskRow, LineAt

WEEKS = {"1": 1, "2": 2, "13": 13}
FURTHEST = timedelta(days=400)
LISTED = 12  # sentences before 'and so many more'
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; what makes no sense is taken as not asked."""

    line: LineAt
    region: RegionAt | None  # None: all of the coordinator's
    monday: date
    weeks: int
    problems_only: bool
    opened: tuple[str, ...]

    def address(self, **changed: Any) -> str:
        """The query of the same page with something else."""
        values = {
            "lijn": self.line.id,
            "regio": self.region.code if self.region else EVERYWHERE,
            "week": self.monday,
            "weken": self.weeks,
            "problemen": "1" if self.problems_only else "",
            "open": ",".join(self.opened),
        } | changed
        return "?" + urlencode({name: value for name, value in values.items() if value != ""})


class FilterForm(forms.Form):
    """Where to look. Everything else stays in the address."""

    lijn = forms.ChoiceField(label=gettext_lazy("Line"))
    regio = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    problemen = forms.BooleanField(label=gettext_lazy("Only problems"), required=False)

    def __init__(self, lines: tuple[LineAt, ...], regions: list[RegionAt], chosen: Chosen) -> None:
        super().__init__(
            initial={
                "lijn": str(chosen.line.id),
                "regio": chosen.region.code if chosen.region else EVERYWHERE,
                "problemen": chosen.problems_only,
            }
        )
        self.fields["lijn"].choices = [(str(line.id), line.name) for line in lines]  # type: ignore[attr-defined]
        self.fields["regio"].choices = [  # type: ignore[attr-defined]
            (EVERYWHERE, _("All my regions")),
            *((region.code, region.name) for region in regions),
        ]
        if len(lines) == 1:
            del self.fields["lijn"]


@require_GET
@for_roles(COORDINATOR)
def coverage(request: HttpRequest) -> HttpResponse:
    scope = directory.regions_in_scope(person_id(request), COORDINATOR)
    lines, regions = shown.lines(), _regions(scope)
    if not lines:
        return render(request, "rosters/coverage/no_line.html", {})
    chosen = _chosen(request, lines, scope)
    here = directory.set_up().within(chosen.region.id) & scope if chosen.region else scope
    window = shown.week_of(chosen.monday, chosen.weeks)
    table = shown.table(
        chosen.line,
        [region.id for region in regions if region.id in here],
        window,
        opened=chosen.opened,
        by_week=chosen.weeks > 2,
        problems_only=chosen.problems_only,
    )
    context = {
        "outlook": shown.outlook(chosen.line, here),
        "table": table,
        "chosen": chosen,
        "form": FilterForm(lines, regions, chosen),
        "holes": shown.holes(chosen.line, here, window),
        "before": chosen.address(week=chosen.monday - timedelta(weeks=chosen.weeks)),
        "after": chosen.address(week=chosen.monday + timedelta(weeks=chosen.weeks)),
        "this_week": chosen.address(week=""),
        "views": [(weeks, chosen.address(weken=weeks), int(weeks) == chosen.weeks) for weeks in WEEKS],
        "areas": [(area, _toggled(chosen, area.total.slug)) for area in table.areas],
        "states": STATES,
        "until": window.end - wall.A_DAY,
        "listed": LISTED,
    }
    return render(request, "rosters/coverage/coverage.html", context)


@require_GET
@for_roles(COORDINATOR)
def gap(request: HttpRequest, number: int) -> HttpResponse:
    """One gap; closed it says so, open it is where it is solved."""
    found = Gap.objects.select_related("desk", "owner").filter(pk=number).first()
    if found is None:
        raise Http404
    desk = _desk_for(request, found.desk_id)
    when = Interval(max(found.starts_at, _this_minute()), found.ends_at)
    if found.closed_at is not None or when.start >= when.end:
        return render(request, "rosters/coverage/closed.html", {"gap": found, "desk": desk})
    return _stretch(request, desk, when, found)


@require_POST
@for_roles(COORDINATOR)
def gap_owner(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody else sees to it."""
    found = Gap.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    _desk_for(request, found.desk_id)
    owner = request.POST.get("eigenaar", "")
    try:
        gaps.assign_gap(gap_id=number, owner_id=int(owner) if owner.isascii() and owner.isdigit() else 0)
    except RosterError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Saved: it is known who sees to this gap."))
    return redirect("gap", number)


@require_http_methods(["GET", "POST"])
@for_roles(COORDINATOR)
def desk_stretch(request: HttpRequest, desk: int, start: int, end: int) -> HttpResponse:
    """A stretch of a desk: who stands there, and who could."""
    found = _desk_for(request, desk)
    when = _stretch_of(start, end)
    if request.method == "POST":
        return _put(request, found, when)
    return _stretch(request, found, when, _open_gap(desk, when))


def _put(request: HttpRequest, desk: DeskRow, when: Interval) -> HttpResponse:
    chosen = request.POST.get("wie", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
        return _stretch(request, desk, when, _open_gap(desk.id, when), fault=_("Choose who is put on duty."))
    agreed = request.POST.get("afgesproken") == "1"
    try:
        duty = filling_gaps.put_on_duty(desk_id=desk.id, person_id=int(chosen), when=when, agreed=agreed)
    except RosterError as refused:
        return _stretch(request, desk, when, _open_gap(desk.id, when), fault=refused.message)
    name = directory.contact(duty.person_id).name
    messages.success(request, _("{name} has the duty now. Call to say so.").format(name=name))
    gaps.watch_gaps()
    return redirect("coverage")


def _stretch(request: HttpRequest, desk: DeskRow, when: Interval, found: Gap | None, fault: str = "") -> HttpResponse:
    verdicts = eligibility.verdicts(desk.id, when)
    fits = [one for one in verdicts if one.fits]
    context = {
        "desk": desk,
        "when": when,
        "words": telling.time_words(when),
        "gap": found,
        "owners": gaps.owners_for(desk.regions) if found else {},
        "fits": fits,
        "others": [one for one in verdicts if one.broken and one.may_take],
        "unfit": _unfit(verdicts),
        "present": sorted(queries.duties_on(desk.id, *when), key=lambda one: one.position),
        "vacant": _vacant(desk.id, when),
        "fault": fault,
        "chosen": request.POST.get("wie", str(fits[0].id) if fits else ""),
        "agreed": request.POST.get("afgesproken") == "1",
        "put_url": (desk.id, int(when.start.timestamp()), int(when.end.timestamp())),
    }
    return render(request, "rosters/coverage/stretch.html", context, status=422 if fault else 200)


def _vacant(desk_id: int, when: Interval) -> int | None:
    """The duty that fell vacant here and for which somebody is being asked."""
    asked = CoverRequest.objects.filter(
        state=CoverRequest.State.OPEN,
        duty__desk_id=desk_id,
        duty__cancelled_at__isnull=False,
        starts_at__lt=when.end,
        ends_at__gt=when.start,
    )
    return asked.order_by("starts_at").values_list("duty_id", flat=True).first()


def _unfit(verdicts: tuple[Verdict, ...]) -> int:
    return sum(not one.may_take for one in verdicts)


def _open_gap(desk_id: int, when: Interval) -> Gap | None:
    open_gaps = Gap.objects.filter(
        desk_id=desk_id, closed_at__isnull=True, starts_at__lt=when.end, ends_at__gt=when.start
    )
    return open_gaps.select_related("owner").order_by("starts_at").first()


def _desk_for(request: HttpRequest, desk_id: int) -> DeskRow:
    """The desk, for who coordinates one of its regions. Raises Http404, PermissionDenied."""
    try:
        desk = desk_of(desk_id)
    except NotKnown as gone:
        raise Http404 from gone
    if not desk.regions & directory.regions_in_scope(person_id(request), COORDINATOR):
        raise PermissionDenied
    return desk


def _stretch_of(start: int, end: int) -> Interval:
    """What the address says; what is over, too long or too far away is not found."""
    now = clock.now()
    horizon = int((now + FURTHEST).timestamp())
    if not start < end <= horizon or end - start > MAX_DUTY.total_seconds() or end <= now.timestamp():
        raise Http404
    since = max(datetime.fromtimestamp(start, UTC), _this_minute())
    return Interval(since, datetime.fromtimestamp(end, UTC))


def _this_minute() -> datetime:
    return clock.now().replace(second=0, microsecond=0)


def _regions(scope: frozenset[int]) -> list[RegionAt]:
    return [region for region in directory.set_up().regions if region.id in scope]


def _chosen(request: HttpRequest, lines: tuple[LineAt, ...], scope: frozenset[int]) -> Chosen:
    asked = request.GET
    first = next((line for line in lines if line.direction == "up"), lines[0])
    region = directory.set_up().region_by_code.get(asked.get("regio", "").lower())
    known = directory.set_up().area_by_slug
    return Chosen(
        line=next((line for line in lines if str(line.id) == asked.get("lijn")), first),
        region=region if region is not None and region.id in scope else None,
        monday=_monday(asked.get("week", "")),
        weeks=WEEKS.get(asked.get("weken", ""), 1),
        problems_only=asked.get("problemen") in ("1", "on"),
        opened=tuple(slug for slug in asked.get("open", "").split(",") if slug in known),
    )


def _monday(asked: str) -> date:
    today = wall.day_of(clock.now())
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = today
    if abs(day - today) > FURTHEST:
        day = today
    return day - timedelta(days=day.weekday())


def _toggled(chosen: Chosen, slug: str) -> str:
    opened = [one for one in chosen.opened if one != slug] if slug in chosen.opened else [*chosen.opened, slug]
    return chosen.address(open=",".join(opened)) + f"#{slug}"
