"""Dagdelen: named half-open parts of the day on the wall. They touch; duties may have any times."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """[starts, ends) in minutes after midnight on the wall."""

    name: str
    starts: int
    ends: int


MORNING, AFTERNOON, EVENING = Part("ochtend", 540, 780), Part("middag", 780, 1020), Part("avond", 1020, 1260)
DEFAULT = (MORNING, AFTERNOON)  # the evening is off until a line turns it on
NAMES = tuple(part.name for part in (MORNING, AFTERNOON, EVENING))
