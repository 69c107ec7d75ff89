"""Problems to try the planner with: one by one, and any at random, the impossible included."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from rosters.core.planner import read
from rosters.core.planner.values import Problem

MONDAY = datetime(2027, 3, 22, tzinfo=UTC)  # the clocks change on the Sunday after it
AREAS, REGIONS = ("huur", "arbeid", "vreemd"), ("noord", "zuid")
Json = dict[str, Any]


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def at(day: int, hour: int = 8) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


def a_slot(name: str = "s1", day: int = 0, hour: int = 8, hours: int = 3, **other: Any) -> Json:
    start = at(day, hour)
    found = {"id": name, "desk": "huur", "areas": ["huur"], "regions": ["noord"], "need": 2, "unpopular": 0}
    return found | {"start": text(start), "end": text(start + timedelta(hours=hours))} | other


def a_person(name: str = "p1", **other: Any) -> Json:
    return {"id": name, "areas": ["huur"], "regions": ["noord"], "weight": 1.0, "max_per_week": 5} | other


def stretch(day: int, hour: int = 0, hours: int = 24) -> list[str]:
    return [text(at(day, hour)), text(at(day, hour) + timedelta(hours=hours))]


def a_problem(slots: list[Json], people: list[Json], **other: Any) -> Json:
    return {"version": 1, "timezone": "Europe/Amsterdam", "slots": slots, "people": people} | other


def values(problem: Json) -> Problem:
    return read.problem(problem)


def any_problem(draw: random.Random) -> Json:
    """Small, and of every kind: nights over midnight, overlaps, other weeks, locks that contradict, nobody at all."""
    days = draw.choice((1, 3, 7, 16))
    slots = [_any_slot(f"s{number}", days, draw) for number in range(draw.choice((0, 1, 3, 6, 10, 16)))]
    people = [_any_person(f"p{number}", days, draw) for number in range(draw.choice((0, 1, 2, 3, 5, 8)))]
    found = a_problem(slots, people)
    if draw.random() < 0.9:
        found["rules"] = {"one_per_day": draw.random() < 0.6, "free_days_between": draw.choice((0, 1, 1, 2, 9))}
        if draw.random() < 0.25:
            found["rules"]["across_weeks"] = True
    if slots and people:
        for name, share in (("locked", 0.4), ("current", 0.35)):
            if draw.random() < share:
                found[name] = [
                    {"slot": draw.choice(slots)["id"], "person": draw.choice(people)["id"]}
                    for _ in range(draw.randint(1, 8))
                ]
    return found


def _any_slot(name: str, days: int, draw: random.Random) -> Json:
    slot = a_slot(name, draw.randrange(days), draw.choice((6, 8, 12, 20, 23)), draw.choice((3, 4, 4, 8, 30)))
    slot["need"] = draw.choice((1, 2, 2, 2, 3))
    slot["unpopular"] = draw.choice((0, 0, 1, 2))
    slot["areas"] = draw.sample(AREAS, draw.choice((0, 1, 1, 1, 2)))
    slot["regions"] = draw.sample(REGIONS, draw.choice((0, 1, 1, 1, 1, 1, 2)))
    return slot


def _any_person(name: str, days: int, draw: random.Random) -> Json:
    person: Json = {"id": name, "areas": draw.sample(AREAS, draw.randint(0, 3))}
    person["regions"] = draw.sample(REGIONS, draw.choice((0, 1, 1, 2, 2)))
    person["generalist"] = draw.random() < 0.2
    person["weight"] = draw.choice((0.25, 0.5, 0.75, 1, 1.0, 1.3))
    for field, choices in (
        ("past_load", (0, 0, 3.0, 7.9)),
        ("past_unpopular", (0, 1.5)),
        ("max_per_week", (None, 0, 1, 2, 2, 5)),
        ("max_total", (None, None, 0, 1, 3, 40)),
        ("min_total", (0, 0, 2)),
    ):
        if draw.random() < 0.8:
            person[field] = draw.choice(choices)
    for field in ("unavailable", "rather_not", "wish"):
        if draw.random() < 0.6:
            person[field] = [
                stretch(draw.randrange(days), draw.choice((0, 8, 12)), draw.choice((2, 4, 24, 72)))
                for _ in range(draw.randint(0, 3))
            ]
    return person
