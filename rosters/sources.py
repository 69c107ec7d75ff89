"""Which source fills a desk at a moment: a published temporary roster, else the newest published one, else patterns.

A duty belongs to the source of the moment at which it starts: a night that begins under one roster is not cut in two
where the next begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.models import Duty, RosterVersion

VERSION_ORIGINS = {
    RosterVersion.Kind.PLANNED.value: Duty.Origin.PLANNED.value,
    RosterVersion.Kind.TEMPORARY.value: Duty.Origin.TEMPORARY.value,
}


class Source(NamedTuple):
    origin: str  # of Duty.Origin: pattern, version or temporary
    version_id: int | None = None


PATTERNS = Source(Duty.Origin.PATTERN.value)


@dataclass(frozen=True)
class Sources:
    """The published versions that hold on some desks, first those that go before the others."""

    by_desk: dict[int, list[tuple[Interval, Source]]] = field(default_factory=lambda: defaultdict(list))

    def at(self, desk_id: int, moment: datetime) -> Source:
        for window, source in self.by_desk.get(desk_id, ()):
            if moment in window:
                return source
        return PATTERNS

    @property
    def version_ids(self) -> set[int]:
        return {source.version_id for held in self.by_desk.values() for _, source in held if source.version_id}


def window_of(version: RosterVersion) -> Interval:
    """The local days of a version, in UTC."""
    return Interval(wall.moment(version.starts_on, 0), wall.moment(version.ends_on, 0))


def sources_for(desk_ids: Iterable[int], since: date, until: date) -> Sources:
    """What fills these desks on the days in [since, until), in two statements."""
    published = {
        version.pk: version
        for version in RosterVersion.objects.filter(
            state=RosterVersion.State.PUBLISHED, ends_on__gt=since, starts_on__lt=until
        )
    }
    found = Sources()
    if not published:
        return found
    held = RosterVersion.desks.through.objects.filter(rosterversion_id__in=published, desk_id__in=list(desk_ids))
    pairs = [
        (published[version_id], desk_id) for version_id, desk_id in held.values_list("rosterversion_id", "desk_id")
    ]
    for version, desk_id in sorted(pairs, key=lambda pair: _rank(pair[0]), reverse=True):
        found.by_desk[desk_id].append((window_of(version), Source(VERSION_ORIGINS[version.kind], version.pk)))
    return found


def _rank(version: RosterVersion) -> tuple[bool, datetime | None, int]:
    return version.kind == RosterVersion.Kind.TEMPORARY, version.published_at, version.pk
