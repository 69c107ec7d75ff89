"""Finds a feed by its token and says whether its holder may still read it, and which revision of duties it shows.

Constant SQL, because calendar programs ask all day: one statement for somebody's own feed, two for the others. The same
questions through the ORM stand beside it in tests/rosters/feeds/test_reading.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from directory import queries as directory
from directory.access import COORDINATOR, LAWYER, WORKER
from integrations import clock, plain_sql
from rosters import snapshot
from rosters.core import wall
from rosters.feeds import tokens
from rosters.models import Feed

BACK = timedelta(weeks=13)
DUTY_ROLES = (LAWYER, WORKER, COORDINATOR)
LAYOUT = 1  # raise it when the text of an unchanged duty changes: programs then fetch it anew

_FEED = """
SELECT f.kind, f.object_id, f.holder_id, f.revoked, f.alarm_minutes, f.fetched_at, h.is_active, o.is_active, r.number,
  a.role, a.region_id
FROM rosters_feed f JOIN directory_person h ON h.id = f.holder_id
LEFT JOIN directory_person o ON o.id = f.object_id AND f.kind = 'person'
LEFT JOIN rosters_revision r ON r.kind = 'person' AND f.kind = 'person' AND r.object_id = f.object_id
LEFT JOIN directory_roleassignment a ON a.person_id = f.holder_id
  AND (a.starts_on IS NULL OR a.starts_on <= %s) AND (a.ends_on IS NULL OR a.ends_on > %s)
WHERE f.id = %s"""

# How often the duties of these desks changed, and who still holds a duty although he left (nobody rings him).
_DESKS = """
SELECT object_id, number FROM rosters_revision WHERE kind = 'desk' AND object_id IN ({places})
UNION ALL
SELECT -p.id, 0 FROM directory_person p WHERE NOT p.is_active AND EXISTS
  (SELECT 1 FROM rosters_duty d WHERE d.person_id = p.id AND d.cancelled_at IS NULL AND d.starts_at > %s)"""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that may be read now. `revision` names its text: the same revision, the same bytes."""

    id: int
    kind: str
    object_id: int
    holder_id: int
    alarm_minutes: int | None
    fetched_at: datetime | None
    desk_ids: tuple[int, ...]  # of a desk's or a region's feed
    since: datetime  # duties that ended before are left out
    revision: str


class Gone(Exception):
    """No feed for this token. `guessed`: it never was one."""

    def __init__(self, *, guessed: bool) -> None:
        super().__init__()
        self.guessed = guessed


def find(token: str) -> Found:
    """Raises Gone: unknown, revoked, or of somebody who left, lost his role or his region."""
    now = clock.now()
    feed_id, today = tokens.feed_in(token), wall.day_of(now)
    rows = plain_sql.rows(_FEED, [today, today, feed_id]) if feed_id is not None else []
    if feed_id is None or not rows:
        raise Gone(guessed=True)
    kind, object_id, holder_id, revoked, alarm, fetched_at, holder_stays, object_stays, number = rows[0][:9]
    if not tokens.fits(token, kind, object_id, holder_id, revoked):
        raise Gone(guessed=not tokens.was_valid(token, kind, object_id, holder_id, revoked))
    roles = [(role, region_id) for role, region_id in (row[9:] for row in rows) if role]
    left = not holder_stays or (kind == Feed.Kind.PERSON and not object_stays)
    if left or not _may_read(kind, object_id, holder_id, roles):
        raise Gone(guessed=False)
    desk_ids = desks_of(kind, object_id)
    since = _monday(now) - BACK
    told = _told_of_desks(desk_ids, since) if kind != Feed.Kind.PERSON else [(object_id, number)]
    named = (LAYOUT, settings.PUBLIC_URL, feed_id, revoked, alarm, since, kind, told)
    revision = hashlib.sha256(repr(named).encode()).hexdigest()[:32]
    return Found(
        feed_id, kind, object_id, holder_id, alarm, plain_sql.moment(fetched_at), desk_ids, since, revision
    )  # fmt: skip


def desks_of(kind: str, object_id: int) -> tuple[int, ...]:
    """The active desks of a desk's or a region's feed: those that serve the region or a part of it."""
    if kind == Feed.Kind.DESK:
        return tuple(desk.id for desk in snapshot.current().desks if desk.id == object_id)
    if kind == Feed.Kind.REGION:
        rosters = snapshot.current()
        if object_id not in rosters.directory.region_by_id:
            return ()
        places = rosters.directory.within(object_id)
        return tuple(desk.id for desk in rosters.desks if desk.regions & places)
    return ()


def in_scope(kind: str, object_id: int, regions: Iterable[int | None]) -> bool:
    """Whether a coordinator of these regions (None: the country) may read the feed of this desk or region."""
    held = set(regions)
    known = snapshot.current()
    if kind == Feed.Kind.REGION:
        asked = {object_id} & known.directory.region_by_id.keys()
    else:
        asked = {region_id for desk in known.desks if desk.id == object_id for region_id in desk.regions}
    above = {place for region_id in asked for place in known.directory.ancestors(region_id)}
    return bool(asked) and (None in held or bool(held & above))


def _may_read(kind: str, object_id: int, holder_id: int, roles: Sequence[tuple[str, int | None]]) -> bool:
    if kind == Feed.Kind.PERSON and object_id == holder_id:
        return any(role in DUTY_ROLES for role, _region in roles)
    if kind == Feed.Kind.PERSON:
        return directory.may_act_for(holder_id, object_id)
    return in_scope(kind, object_id, [region_id for role, region_id in roles if role == COORDINATOR])


def _told_of_desks(desk_ids: tuple[int, ...], since: datetime) -> list[tuple[object, ...]]:
    names = {desk.id: desk.name for desk in snapshot.current().desks}
    places = ", ".join(["%s"] * len(desk_ids)) or "NULL"
    rows = plain_sql.rows(_DESKS.format(places=places), [*desk_ids, plain_sql.stamp(since)])
    return sorted((one, number, names.get(one, "")) for one, number in rows)


def _monday(now: datetime) -> datetime:
    """The start of this week. The window moves once a week, so that an unchanged feed stays unchanged for a week."""
    day = wall.day_of(now)
    return wall.moment(day - timedelta(days=day.weekday()), 0)
