"""Publishing is three-way: what a draft was made from, what it became, and what is in force now. Pure.

What people changed since the draft was made (a swap, a repair, a sick call, a duty added by hand) stays as it is and is
told; what is the same on both sides is left alone, so that no calendar changes; the rest is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rosters.core.intervals import Interval


class Stint(NamedTuple):
    """A duty apart from where it came from: two of the same are the same duty."""

    when: Interval
    desk_id: int
    position: int
    person_id: int


@dataclass(frozen=True, slots=True)
class InForce:
    """A duty that is in force now. `stays`: the code of why it may not be replaced, '' when it may."""

    id: int
    stint: Stint
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """What publishing does, each in order of time."""

    same: tuple[InForce, ...] = ()  # left alone
    out: tuple[InForce, ...] = ()
    into: tuple[Stint, ...] = ()
    stays: tuple[InForce, ...] = ()  # changed since by people
    gone: tuple[Stint, ...] = ()  # of the draft, taken out since by people: not put back

    @property
    def is_empty(self) -> bool:
        return not self.out and not self.into


class Change(NamedTuple):
    """One row for people: who had this duty and who gets it; None on one side is a duty that ends or begins."""

    when: Interval
    desk_id: int
    position: int
    was: int | None
    becomes: int | None


def merge(now: Iterable[InForce], wanted: Iterable[Stint], taken_out: Iterable[Stint]) -> Merge:
    """`now` holds the same desks and days as `wanted`; `taken_out`: what people took out since the draft was made."""
    asked, refused = set(wanted), set(taken_out)
    present = sorted(now, key=lambda one: (one.stint, one.id))
    there = {one.stint for one in present}
    return Merge(
        same=tuple(one for one in present if one.stint in asked),
        out=tuple(one for one in present if one.stint not in asked and not one.stays),
        into=tuple(sorted(asked - there - refused)),
        stays=tuple(one for one in present if one.stint not in asked and one.stays),
        gone=tuple(sorted((asked & refused) - there)),
    )


def changes(out: Iterable[Stint], into: Iterable[Stint]) -> tuple[Change, ...]:
    """The difference as rows: a duty that goes from one person to another is one row."""
    left = {(stint.when, stint.desk_id, stint.position): stint.person_id for stint in out}
    came = {(stint.when, stint.desk_id, stint.position): stint.person_id for stint in into}
    return tuple(Change(*place, left.get(place), came.get(place)) for place in sorted({*left, *came}))
