"""Publishing a roster, and taking it back within ten minutes.

What `publication` shows is what `publish` does: both ask `core.diff.merge`. Whole or nothing, under the locks of the
desks and of everybody concerned. The news is held until taking back is no longer possible, except for whom it matters
within a day; who was told already gets a correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from integrations import clock
from rosters import eligibility, snapshot
from rosters.core import coverage, wall
from rosters.core.coverage import Lack
from rosters.core.diff import Change, InForce, Merge, Stint, changes, merge
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.errors import PlanRefused
from rosters.models import Desk, Duty, Hole, RosterVersion
from rosters.services import roster_news
from rosters.services.duties import polite_overlap
from rosters.services.filling import (
    BY_A_ROSTER,
    HORIZON,
    Wanted,
    fill_duties,
    hold_plans,
    placed,
    stint_of,
    taken_between,
)
from rosters.services.in_force import ROWS_AT_ONCE, adopt, put_in_force, take_out
from rosters.services.patterns import Warned, warnings
from rosters.services.versions import hold_version
from rosters.sources import VERSION_ORIGINS, Source, Sources, sources_for, window_of

Ended, Origin, Kind, State = Duty.Ended, Duty.Origin, RosterVersion.Kind, RosterVersion.State
UNDO_FOR = timedelta(minutes=10)
BY_SOURCES = frozenset({Origin.PATTERN.value, *VERSION_ORIGINS.values()})


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing a version does now; nothing when it was published before."""

    version: RosterVersion
    merge: Merge = field(default_factory=Merge)
    duties: tuple[Duty, ...] = ()  # unsaved: what comes in force
    holes: tuple[Hole, ...] = ()  # unsaved: what cannot
    lacks: tuple[tuple[int, Lack], ...] = ()  # desk, and when it has too few people afterwards
    unready: frozenset[int] = frozenset()  # people who cannot be rung yet
    warnings: tuple[Warned, ...] = ()
    news: tuple[roster_news.News, ...] = ()  # who is told what

    @property
    def rows(self) -> tuple[Change, ...]:
        return changes((one.stint for one in self.merge.out), (stint_of(duty) for duty in self.duties))


@dataclass(frozen=True, slots=True)
class Undone:
    """`restored` duties are back; `left_out` could not be, for people changed something meanwhile."""

    version: RosterVersion
    restored: int = 0
    left_out: tuple[Stint, ...] = ()


def publication(version: RosterVersion) -> Publication:
    """What publishing this draft would do at this moment."""
    now = clock.now()
    window = window_of(version)
    since = max(window.start, now)
    if since >= window.end:
        return Publication(version)
    desks = set(version.desks.values_list("pk", flat=True))
    holds = _Holds(version, sources_for(desks, version.starts_on, version.ends_on))
    wanted = [stint for stint in map(stint_of, version.planned.all()) if stint.when.start >= since and holds.on(stint)]
    merged = merge(_standing(version, desks, since, holds), wanted, _taken_out(version, desks, since))
    source = Source(VERSION_ORIGINS[version.kind], version.pk)
    first, last = wall.day_of(since), version.ends_on
    going = [one.id for one in merged.out]
    duties, holes = placed([Wanted(stint, source) for stint in merged.into], desks, first, last, going)
    coming: dict[int, list[Stint]] = defaultdict(list)
    for duty in duties:
        coming[duty.person_id].append(stint_of(duty))
    after = [stint_of(duty) for duty in duties] + [one.stint for one in (*merged.same, *merged.stays)]
    return Publication(
        version,
        merged,
        tuple(duties),
        tuple(holes),
        _lacks(desks, Interval(since, window.end), set(going), duties),
        frozenset(eligibility.not_ready({stint.person_id for stint in wanted})),
        warnings(coming, without=going),
        roster_news.of_publication((one.stint for one in merged.out), map(stint_of, duties), after, now),
    )


@polite_overlap()
@transaction.atomic
def publish(
    *, version_id: int, by: int, gaps_accepted: str = "", unready_accepted: bool = False, revision: int | None = None
) -> Publication:
    """Put a draft in force. Twice is once. `gaps_accepted`: why it may leave gaps; `revision`: of the draft as seen.

    Raises PlanRefused: not_a_draft, over, changed_meanwhile, gaps, not_ready; NotKnown, NotYours.
    """
    version = hold_version(version_id, by)
    if version.state == State.PUBLISHED:
        return Publication(version)
    if version.state != State.DRAFT:
        raise PlanRefused("not_a_draft", _("This roster is no longer a draft. Make a new draft to change it."))
    now = clock.now()
    if window_of(version).end <= now:
        raise PlanRefused("over", _("The days of this roster are over. Make a new draft."))
    if revision is not None and revision != version.revision:
        raise PlanRefused("changed_meanwhile", _("The draft was changed meanwhile. Look at the differences again."))
    desks = set(version.desks.values_list("pk", flat=True))
    hold_plans(desks, set(version.planned.values_list("person_id", flat=True)))
    found = publication(version)
    if found.lacks and not gaps_accepted.strip():
        raise PlanRefused("gaps", _("There are gaps in this roster. Fill them, or say why it is published with gaps."))
    if found.unready and not unready_accepted:
        raise PlanRefused("not_ready", _("Not everybody can be rung yet. Choose others, or tick that you know."))
    going = {one.id for one in found.merge.out}
    take_out(_locked(going), why=Ended.REPLACED, by=by)
    put_in_force(found.duties)
    source = Source(VERSION_ORIGINS[version.kind], version.pk)
    adopted = [duty for duty in _locked({one.id for one in found.merge.same}) if duty.origin in BY_SOURCES]
    before = [(duty.pk, duty.origin, duty.version_id, duty.pattern_id) for duty in adopted]
    adopt(adopted, origin=source.origin, version_id=version.pk, pattern_id=None)
    _rewrite_holes(version, desks, found.holes)
    version.state, version.published_at, version.published_by_id = State.PUBLISHED, now, by
    version.gaps_accepted = gaps_accepted.strip()[:200]
    version.undo = {"out": sorted(going), "adopted": before, "told": roster_news.tell(version, found.news, now)}
    version.save()
    return found


@polite_overlap()
@transaction.atomic
def undo(*, version_id: int, by: int) -> Undone:
    """Take a published roster back within ten minutes: who had a duty has it again, as a new one. Twice is once.

    What people changed since stays. Raises PlanRefused: not_published, undo_too_late, newer_holds; NotKnown, NotYours.
    """
    version = hold_version(version_id, by)
    if version.state == State.UNDONE:
        return Undone(version)
    now = clock.now()
    if version.state != State.PUBLISHED or version.published_at is None:
        raise PlanRefused("not_published", _("This roster is not published, so there is nothing to take back."))
    if now >= version.published_at + UNDO_FOR:
        raise PlanRefused(
            "undo_too_late", _("A roster can be taken back for ten minutes. Make a new draft and publish that.")
        )
    desks = set(version.desks.values_list("pk", flat=True))
    if _newer_on(version, desks):
        raise PlanRefused("newer_holds", _("A newer roster holds on these desks. Take that one back first."))
    out = {duty.pk: duty for duty in Duty.objects.filter(pk__in=version.undo["out"]).order_by("pk")}
    hold_plans(desks, {duty.person_id for duty in out.values()})
    adopted = {row[0]: tuple(row[1:]) for row in version.undo["adopted"]}
    ours = Duty.objects.filter(version=version, cancelled_at__isnull=True, came_from__isnull=True).exclude(
        pk__in=adopted
    )
    take_out(ours.select_for_update(), why=Ended.UNDONE, by=by)
    by_source: dict[tuple[str, int | None, int | None], list[Duty]] = defaultdict(list)
    for duty in _locked(set(adopted)):
        by_source[adopted[duty.pk]].append(duty)
    for (origin, source_id, pattern_id), duties in by_source.items():
        adopt(duties, origin=origin, version_id=source_id, pattern_id=pattern_id)
    restored, left_out = _put_back(list(out.values()))
    version.state, version.undone_at = State.UNDONE, now
    version.save(update_fields=["state", "undone_at"])
    fill_duties(until=min(version.ends_on, wall.day_of(now) + HORIZON), desk_ids=desks)
    roster_news.take_back(version, _held_by_person(desks, window_of(version)))
    return Undone(version, restored, left_out)


def minutes_left(version: RosterVersion) -> int:
    """How long a published roster can still be taken back, in whole minutes, the last one as 1; 0 for no longer."""
    if version.state != State.PUBLISHED or version.published_at is None:
        return 0
    left = version.published_at + UNDO_FOR - clock.now()
    return max(0, -(-int(left.total_seconds()) // 60))


@dataclass(frozen=True)
class _Holds:
    """When a version is the source once it is published: a temporary one always, another where no temporary one is."""

    version: RosterVersion
    sources: Sources

    def on(self, stint: Stint) -> bool:
        if self.version.kind == Kind.TEMPORARY:
            return True
        return self.sources.at(stint.desk_id, stint.when.start).origin != Origin.TEMPORARY


def _standing(version: RosterVersion, desks: Collection[int], since: datetime, holds: _Holds) -> list[InForce]:
    """The duties in force that the version is about. What people made of it since the draft stays."""
    standing = Duty.objects.filter(
        desk_id__in=desks, cancelled_at__isnull=True, starts_at__gte=since, starts_at__lt=window_of(version).end
    )
    found = []
    for duty in standing:
        stint = stint_of(duty)
        was_there = duty.created_at <= version.based_on
        by_a_source = duty.origin in BY_SOURCES and duty.came_from_id is None
        if holds.on(stint):
            found.append(InForce(duty.pk, stint, "" if was_there or by_a_source else duty.origin))
    return found


def _taken_out(version: RosterVersion, desks: Collection[int], since: datetime) -> list[Stint]:
    """What the draft was made from and people took out since."""
    gone = Duty.objects.filter(
        desk_id__in=desks,
        created_at__lte=version.based_on,
        cancelled_at__gte=version.based_on,
        starts_at__gte=since,
        starts_at__lt=window_of(version).end,
    ).exclude(cancelled_why__in=BY_A_ROSTER)
    return [stint_of(duty) for duty in gone]


def _lacks(
    desks: Collection[int], window: Interval, going: set[int], coming: Iterable[Duty]
) -> tuple[tuple[int, Lack], ...]:
    """When these desks have fewer people than they need afterwards. Coordination desks count when they have a norm."""
    standing = Duty.objects.filter(
        desk_id__in=desks, cancelled_at__isnull=True, starts_at__gt=window.start - MAX_DUTY, starts_at__lt=window.end
    )
    by_desk = coverage.changes(
        (duty.desk_id, int(duty.starts_at.timestamp()), int(duty.ends_at.timestamp()), 1, 1)
        for duty in (*(duty for duty in standing if duty.pk not in going), *coming)
    )
    found: list[tuple[int, Lack]] = []
    over: dict[int, tuple[coverage.Slot, ...]] = {}
    for desk in snapshot.current().desks:
        if desk.id not in desks or (desk.kind == Desk.Kind.COORDINATION and not desk.norms):
            continue
        line = snapshot.current().lines[desk.line_id]
        if desk.line_id not in over:
            over[desk.line_id] = coverage.slots(line.hours, line.parts, window)
        found += [(desk.id, lack) for lack in coverage.lacks(by_desk.get(desk.id, {}), desk.norms, over[desk.line_id])]
    return tuple(sorted(found, key=lambda pair: (pair[1].start, pair[0])))


def _rewrite_holes(version: RosterVersion, desks: Collection[int], holes: Iterable[Hole]) -> None:
    window = window_of(version)
    holds = _Holds(version, sources_for(desks, version.starts_on, version.ends_on))
    old = Hole.objects.filter(desk_id__in=desks, starts_at__gte=window.start, starts_at__lt=window.end)
    Hole.objects.filter(pk__in=[hole.pk for hole in old if holds.on(stint_of(hole))]).delete()
    Hole.objects.bulk_create(holes, batch_size=ROWS_AT_ONCE)


def _locked(ids: Collection[int]) -> list[Duty]:
    return list(Duty.objects.select_for_update().filter(pk__in=ids, cancelled_at__isnull=True).order_by("pk"))


def _newer_on(version: RosterVersion, desks: Collection[int]) -> bool:
    later = RosterVersion.objects.filter(
        state=State.PUBLISHED, published_at__gte=version.published_at, desks__in=desks,
        starts_on__lt=version.ends_on, ends_on__gt=version.starts_on,
    )  # fmt: skip
    return later.exclude(pk=version.pk).exists()


def _put_back(gone: list[Duty]) -> tuple[int, tuple[Stint, ...]]:
    """New rows as these were, for as far as the people and positions are still free."""
    if not gone:
        return 0, ()
    first = wall.day_of(min(duty.starts_at for duty in gone))
    last = wall.day_of(max(duty.ends_at for duty in gone)) + wall.A_DAY
    people, positions = taken_between(first, last)
    back: dict[str, list[Duty]] = defaultdict(list)
    left_out: list[Stint] = []
    for duty in gone:
        stint = stint_of(duty)
        place = (duty.desk_id, duty.position)
        if people.is_taken(duty.person_id, stint.when) or positions.is_taken(place, stint.when):
            left_out.append(stint)
            continue
        people.take(duty.person_id, stint.when)
        positions.take(place, stint.when)
        back[duty.confirmed_how if duty.confirmed_at else ""].append(
            Duty(
                desk_id=duty.desk_id, person_id=duty.person_id, position=duty.position, starts_at=duty.starts_at,
                ends_at=duty.ends_at, origin=duty.origin, pattern_id=duty.pattern_id, version_id=duty.version_id,
                came_from_id=duty.came_from_id, number_id=duty.number_id,
            )
        )  # fmt: skip
    for confirmed, duties in back.items():
        put_in_force(duties, confirmed=confirmed)
    return len(gone) - len(left_out), tuple(sorted(left_out))


def _held_by_person(desks: Collection[int], window: Interval) -> list[Stint]:
    standing = Duty.objects.filter(
        desk_id__in=desks, cancelled_at__isnull=True, starts_at__gte=window.start, starts_at__lt=window.end
    )
    return [stint_of(duty) for duty in standing]
