"""Gaps as objects: found for two weeks ahead, each with a cause and an owner; who is told, and when.

`gaps_due` is asked every few seconds and looks when a roster changed or five minutes went by. A coordinator is texted
once when a gap starts within four hours; an hour before everybody who coordinates there is texted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import queries as directory
from integrations import clock
from integrations.due import file_due
from rosters import coverage, queries, snapshot, telling
from rosters.core import alarms, wall
from rosters.core.alarms import Known
from rosters.core.coverage import Lack
from rosters.core.intervals import Interval
from rosters.coverage import DeskCover
from rosters.errors import NotKnown, SetUpRefused
from rosters.gap_causes import causes_of
from rosters.models import Desk, Gap, Revision

DAYS_AHEAD = 14  # after today
EVERY = timedelta(minutes=5)
DIGEST = "gap_digest"
COORDINATOR = "coordinator"
LISTED = 40  # gaps in a digest; the page has them all

_looked: tuple[datetime, datetime | None] | None = None  # when this process looked last, and what had changed last then


def gaps_due() -> int:
    """Look for gaps when a roster changed since this process looked, or five minutes ago. Returns how many are open."""
    global _looked
    now = clock.now()
    changed: datetime | None = Revision.objects.aggregate(last=Max("changed_at"))["last"]
    if _looked is not None and _looked[1] == changed and _looked[0] <= now < _looked[0] + EVERY:
        return 0
    _looked = (now, changed)
    return watch_gaps()


@transaction.atomic
def watch_gaps() -> int:
    """Open, change and close gaps as the rosters of the next two weeks have them; tell who must know. Returns how many
    are open. Twice is once."""
    now = clock.now()
    today = wall.day_of(now)
    window = Interval(wall.moment(today, 0), wall.moment(today + timedelta(days=DAYS_AHEAD + 1), 0))
    covers = coverage.desks_cover(coverage.watched_desks(), window)
    known: dict[int, list[Gap]] = defaultdict(list)
    for gap in Gap.objects.select_for_update().filter(closed_at__isnull=True).order_by("starts_at"):
        known[gap.desk_id].append(gap)
    gaps = _kept(covers, known, now)
    _text(gaps, now)
    _call(gaps, now)
    at = alarms.next_digest(now)
    file_due(DIGEST, f"{DIGEST}:{wall.day_of(at)}", at)
    return len(gaps)


@transaction.atomic
def assign_gap(*, gap_id: int, owner_id: int) -> Gap:
    """From now on this coordinator sees to it. Raises NotKnown; SetUpRefused for who coordinates nothing there."""
    gap = Gap.objects.select_for_update().filter(pk=gap_id).first()
    if gap is None:
        raise NotKnown("gap_unknown", _("This gap is gone. Load the page again."))
    if gap.closed_at is not None:
        raise SetUpRefused("gap_closed", _("This gap is closed already. Nothing has to be done."))
    if owner_id not in owners_for(coverage.desk_of(gap.desk_id).regions):
        raise SetUpRefused("owner_wrong", _("Choose a coordinator of this region."))
    gap.owner_id = owner_id
    gap.save(update_fields=["owner"])
    return gap


def owners_for(region_ids: Iterable[int]) -> dict[int, str]:
    """Everybody who coordinates one of these regions: id and name, by name."""
    wanted = set(region_ids)
    return {
        one.id: one.name
        for one in directory.people_with_role(COORDINATOR)
        if wanted & directory.regions_in_scope(one.id, COORDINATOR)
    }


def gap_digest(key: str) -> None:
    """Mail each coordinator the gaps of the next two weeks in his regions; who has none gets no mail."""
    now = clock.now()
    until = now + timedelta(days=alarms.DIGEST_DAYS)
    ahead = Gap.objects.filter(closed_at__isnull=True, starts_at__lt=until, ends_at__gt=now).select_related("desk")
    mine: dict[int, list[Gap]] = defaultdict(list)
    whose = _Whose(now)
    for gap in ahead.order_by("starts_at", "desk__name"):
        for person_id in dict.fromkeys([*([gap.owner_id] if gap.owner_id else []), *whose.region(gap.desk_id)]):
            mine[person_id].append(gap)
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        for person_id, gaps in mine.items():
            count = ngettext("{n} gap", "{n} gaps", len(gaps)).format(n=len(gaps))
            telling.tell(
                "gaps_ahead",
                [person_id],
                key=key,
                count=count,
                until=formats.date_format(wall.day_of(until), "j b"),
                list="\n".join(f"- {_words(gap)}" for gap in gaps[:LISTED]),
                page=settings.PUBLIC_URL + reverse("coverage"),
            )


# --- What is open -----------------------------------------------------------------------------------------------------
def _kept(covers: Sequence[DeskCover], known: dict[int, list[Gap]], now: datetime) -> list[Gap]:
    """The gaps that are open from now on, in order; changes are written."""
    found: list[tuple[DeskCover, Lack, int | None]] = []
    for cover in covers:
        lacking = [lack for lack in cover.lacks if coverage.moment(lack.end) > now]
        before = [Known(gap.pk, Interval(gap.starts_at, gap.ends_at)) for gap in known[cover.desk.id]]
        ids = alarms.matched(before, [_when(lack) for lack in lacking])
        found += zip([cover] * len(lacking), lacking, ids, strict=True)
    by_id = {gap.pk: gap for gaps in known.values() for gap in gaps}
    stay = {gap_id for _cover, _lack, gap_id in found}
    filled = [gap for gap in by_id.values() if gap.pk not in stay]
    Gap.objects.filter(pk__in=[gap.pk for gap in filled]).update(closed_at=now)
    causes = causes_of([(cover.desk, _when(lack)) for cover, lack, _id in found])
    whose = _Whose(now)
    made, changed, gaps = [], [], []
    for (cover, lack, gap_id), cause in zip(found, causes, strict=True):
        fields = {
            **dict(zip(("starts_at", "ends_at"), _when(lack), strict=True)),
            "kind": Gap.Kind.EMPTY if lack.people == 0 else Gap.Kind.THIN,
            "cause": cause,
            "depth": lack.people,
            "norm": lack.norm,
        }
        gap = by_id.get(gap_id or 0)
        if gap is None:
            owner = next(iter(whose.region(cover.desk.id)), None)
            gap = Gap(desk_id=cover.desk.id, owner_id=owner, first_seen_at=now, **fields)
            made.append(gap)
        elif any(getattr(gap, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(gap, name, value)
            changed.append(gap)
        gaps.append(gap)
    for gap in changed:
        gap.save(update_fields=["starts_at", "ends_at", "kind", "cause", "depth", "norm"])
    Gap.objects.bulk_create(made, batch_size=1000)
    return sorted(gaps, key=lambda gap: (gap.starts_at, gap.desk_id))


# --- Who is told ------------------------------------------------------------------------------------------------------
def _text(gaps: Sequence[Gap], now: datetime) -> None:
    """One text for all gaps that came so near that the coordinator on duty must know."""
    soon = [
        gap
        for gap in gaps
        if gap.kind == Gap.Kind.EMPTY and alarms.is_text_due(_times(gap), gap.alarmed_at, now)
        if not _is_borne(gap)
    ]
    whose = _Whose(now)
    _tell("gap_soon", soon, {gap.pk: whose.on_duty(gap.desk_id) for gap in soon}, now)
    Gap.objects.filter(pk__in=[gap.pk for gap in soon]).update(alarmed_at=now)


def _call(gaps: Sequence[Gap], now: datetime) -> None:
    """An hour before: everybody who coordinates there, not only who is on duty."""
    near = [
        gap
        for gap in gaps
        if gap.kind == Gap.Kind.EMPTY and alarms.is_call_due(_times(gap), gap.alarmed_at, gap.called_at, now)
        if not _is_borne(gap)
    ]
    whose = _Whose(now)
    told = {gap.pk: dict.fromkeys([*whose.on_duty(gap.desk_id), *whose.region(gap.desk_id)]) for gap in near}
    _tell("gap_now", near, told, now)
    Gap.objects.filter(pk__in=[gap.pk for gap in near]).update(called_at=now)


def _tell(text: str, gaps: Sequence[Gap], told: Mapping[int, Iterable[int]], now: datetime) -> None:
    mine: dict[int, list[Gap]] = defaultdict(list)
    for gap in gaps:
        for person_id in told[gap.pk]:
            mine[person_id].append(gap)
    for person_id, some in mine.items():
        first, page = some[0], "coverage" if len(some) > 1 else "gap"
        with translation.override(settings.LANGUAGE_CODE):
            telling.tell(
                text if len(some) == 1 else f"{text}_many",
                [person_id],
                key=str(first.pk),
                urgent=True,
                expires=max(gap.ends_at for gap in some),
                when=telling.time_words(_times(first)),
                desk=_desk_name(first),
                count=str(len(some)),
                page=settings.PUBLIC_URL + reverse(page, args=[first.pk] if page == "gap" else []),
            )


def _is_borne(gap: Gap) -> bool:
    """Whether all that the desk serves is served by another desk of the own stage at the worst moment: a hole in the
    roster, but no caller who finds nobody."""
    desk, window = coverage.desk_of(gap.desk_id), _times(gap)
    if desk.kind != Desk.Kind.PIKET:
        return False
    found = coverage.coverage(desk.areas, desk.regions, window, line_id=desk.line_id)
    return all(cell.people or not cell.norm for row in found.rows for cell in row.cells)


class _Whose:
    """Who coordinates the regions of a desk, and who of them is on duty; asked once for each set of regions."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._regions = {desk.id: desk.regions for desk in snapshot.current().desks}
        self._coordinators: dict[frozenset[int], tuple[int, ...]] = {}
        self._holders: dict[frozenset[int], tuple[int, ...]] = {}

    def region(self, desk_id: int) -> tuple[int, ...]:
        """The coordinators of the nearest region upward, else those of everywhere."""
        regions = self._regions.get(desk_id, frozenset())
        if regions not in self._coordinators:
            near = [one.id for region in sorted(regions) for one in directory.coordinators_for(region, self._now)]
            self._coordinators[regions] = tuple(dict.fromkeys(near)) or tuple(owners_for(regions))
        return self._coordinators[regions]

    def on_duty(self, desk_id: int) -> tuple[int, ...]:
        """Who holds a duty on a coordination desk for one of these regions now; else as `region`."""
        regions = self._regions.get(desk_id, frozenset())
        if regions not in self._holders:
            above = {place for region in regions for place in directory.set_up().ancestors(region)}
            desks = [
                desk.id
                for desk in snapshot.current().desks
                if desk.kind == Desk.Kind.COORDINATION and desk.regions & above
            ]
            held = queries.on_duty(desks, self._now)
            self._holders[regions] = tuple(dict.fromkeys(one.person_id for one in held))
        return self._holders[regions] or self.region(desk_id)


def _when(lack: Lack) -> Interval:
    return Interval(coverage.moment(lack.start), coverage.moment(lack.end))


def _times(gap: Gap) -> Interval:
    return Interval(gap.starts_at, gap.ends_at)


def _desk_name(gap: Gap) -> str:
    return coverage.desk_of(gap.desk_id).name


def _words(gap: Gap) -> str:
    """'do 12 nov 9-13 u Huurrecht Walcheren: 0 van 2, niemand ingeroosterd'."""
    return _("{when} {desk}: {people} of {norm}, {cause}").format(
        when=telling.time_words(_times(gap)),
        desk=gap.desk.name,
        people=gap.depth,
        norm=gap.norm,
        cause=gap.get_cause_display(),
    )
