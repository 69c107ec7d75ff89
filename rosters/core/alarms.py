"""When a coordinator is told of a gap, and how computed gaps and known ones are matched. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from rosters.core import wall
from rosters.core.intervals import Interval

TEXT_BEFORE = timedelta(hours=4)
CALL_BEFORE = timedelta(hours=1)
CALL_AFTER_TEXT = timedelta(minutes=10)  # the text had a chance first
DIGEST_AT = 8 * 60  # minutes after midnight, on Mondays
DIGEST_DAYS = 14


class Known(NamedTuple):
    """A gap that was seen before."""

    id: int
    when: Interval


def is_text_due(gap: Interval, texted_at: datetime | None, now: datetime) -> bool:
    """Somebody is texted once, when nobody has come four hours before."""
    return texted_at is None and gap.start - now < TEXT_BEFORE and now < gap.end


def is_call_due(gap: Interval, texted_at: datetime | None, called_at: datetime | None, now: datetime) -> bool:
    """And once more, louder, when nobody has come an hour before."""
    if texted_at is None or called_at is not None:
        return False
    return gap.start - now <= CALL_BEFORE and now < gap.end and now - texted_at >= CALL_AFTER_TEXT


def next_digest(now: datetime) -> datetime:
    """Monday 8:00, always ahead."""
    monday = _monday(wall.day_of(now))
    at = wall.moment(monday, DIGEST_AT)
    return at if at > now else wall.moment(monday + timedelta(days=7), DIGEST_AT)


def matched(known: Iterable[Known], found: Sequence[Interval]) -> list[int | None]:
    """For each stretch found, in order, the id of the known gap of the same desk that it goes on; None: a new one.

    A gap that was filled in part is the same gap: who it belongs to and who was told stays. Each known gap goes on
    once, at the first stretch that overlaps it; so new stretches never take the place of one that is still there.
    """
    left = sorted(known, key=lambda one: one.when)
    ids: list[int | None] = []
    for stretch in found:
        match = next((one for one in left if one.when.overlaps(stretch)), None)
        if match is not None:
            left.remove(match)
        ids.append(match.id if match else None)
    return ids


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
