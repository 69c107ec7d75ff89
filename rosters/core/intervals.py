"""Half-open stretches of time in UTC, and what can be done with lists of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """[start, end), both aware; never empty once it came through `between`."""

    start: datetime
    end: datetime

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, datetime) and self.start <= moment < self.end

    def overlaps(self, other: Interval) -> bool:
        """Touching is not overlapping."""
        return self.start < other.end and other.start < self.end


def between(start: datetime, end: datetime) -> tuple[Interval, ...]:
    """The stretch as a list: empty when it has no length."""
    return (Interval(start, end),) if start < end else ()


def merged(stretches: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time in order, with touching and overlapping stretches joined."""
    joined: list[Interval] = []
    for stretch in sorted(stretches):
        if joined and stretch.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, stretch.end))
        else:
            joined.append(stretch)
    return tuple(joined)


def without(stretches: Iterable[Interval], holes: Iterable[Interval]) -> tuple[Interval, ...]:
    """The time of `stretches` that lies in none of `holes`, in order."""
    left = list(merged(stretches))
    for hole in merged(holes):
        left = [
            piece
            for stretch in left
            for piece in (
                *between(stretch.start, min(stretch.end, hole.start)),
                *between(max(stretch.start, hole.end), stretch.end),
            )
        ]
    return tuple(left)


def within(stretches: Iterable[Interval], window: Interval) -> tuple[Interval, ...]:
    """The part of each stretch that lies in `window`."""
    return tuple(
        piece
        for stretch in stretches
        for piece in between(max(stretch.start, window.start), min(stretch.end, window.end))
    )
