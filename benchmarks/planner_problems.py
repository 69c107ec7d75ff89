"""Planning problems of known sizes, from a seed: `python -m benchmarks.planner_problems pilot 1 > problem.json`.

People hold one to four of twelve areas and one region (one in five a second), work 50, 75 or 100 %, have one to three
fixed half-days off, a calendar that is busy 18 % of the time, holidays with a peak of two weeks, and half-days they
would rather not. Their absences are drawn apart from each other, which real ones are not.
Nothing of the product is imported.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2027, 1, 4)
HALF_DAYS = ((time(9), time(12, 30)), (time(13), time(17, 30)))
AREAS = 12
Problem = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """`chance`: which part of all half-days of an area in a region is a slot."""

    people: int
    regions: int
    weeks: int
    chance: float
    cap: int = 2


SIZES = {
    "small": Size(people=24, regions=2, weeks=3, chance=0.1),
    "half-year": Size(people=40, regions=1, weeks=26, chance=0.05),
    "pilot": Size(people=175, regions=5, weeks=39, chance=0.0947),
    "pilot-heavy": Size(people=175, regions=5, weeks=39, chance=0.187, cap=3),
    "national": Size(people=2000, regions=11, weeks=13, chance=1.0),
    "nat35": Size(people=2000, regions=35, weeks=13, chance=0.2817),
}


def problem(name: str, seed: int = 1) -> Problem:
    size, draw = SIZES[name], random.Random(f"{name} {seed}")
    slots = _slots(size, draw)
    people = [_person(number, size, draw) for number in range(size.people)]
    asked = {
        "version": 1,
        "timezone": "Europe/Amsterdam",
        "slots": slots,
        "people": people,
        "locked": [],
        "current": [],
    }
    asked["rules"] = {"one_per_day": True, "free_days_between": 1}
    asked["locked"] = _locks(slots, people, draw)
    return asked


def _slots(size: Size, draw: random.Random) -> list[dict[str, Any]]:
    slots = []
    for day in _days(size.weeks):
        for half, (opens, closes) in enumerate(HALF_DAYS):
            for region in range(size.regions):
                for area in range(AREAS):
                    if draw.random() >= size.chance:
                        continue
                    slots.append(
                        {
                            "id": f"{day:%y%m%d}{'ab'[half]}-r{region}-a{area}",
                            "desk": f"r{region}-a{area}",
                            "areas": [f"a{area}"],
                            "regions": [f"r{region}"],
                            "start": _utc(day, opens),
                            "end": _utc(day, closes),
                            "need": 2,
                            "unpopular": int(day.weekday() == 4 and half == 1),
                        }
                    )
    return slots


def _person(number: int, size: Size, draw: random.Random) -> dict[str, Any]:
    """Small areas are held by a third of what the large ones are, as in the registers."""
    shares = [10 + 24 * area / (AREAS - 1) for area in range(AREAS)]
    areas: set[int] = set()
    while len(areas) < 1 or (len(areas) < 4 and draw.random() < 0.62):
        areas.add(draw.choices(range(AREAS), shares)[0])
    regions = {number % size.regions}
    if draw.random() < 0.2:
        regions.add(draw.randrange(size.regions))
    weight = draw.choices((0.5, 0.75, 1.0), (2, 3, 5))[0]
    days = list(_days(size.weeks))
    off = {(draw.randrange(5), draw.randrange(2)) for _ in range(draw.randint(1, 3))}
    away = _holidays(size.weeks, draw)
    unavailable, rather_not = [], []
    for day in days:
        if any(start <= day < end for start, end in away):
            continue
        for half, (opens, closes) in enumerate(HALF_DAYS):
            stretch = [_utc(day, opens), _utc(day, closes)]
            if (day.weekday(), half) in off or draw.random() < 0.18:
                unavailable.append(stretch)
            elif draw.random() < 0.15:
                rather_not.append(stretch)
    unavailable += [[_utc(start, time(0)), _utc(end, time(0))] for start, end in away]
    wished = [day for day in draw.sample(days, min(2, len(days))) if draw.random() < 0.5]
    return {
        "id": f"p{number}",
        "areas": sorted(f"a{area}" for area in areas),
        "generalist": False,
        "regions": sorted(f"r{region}" for region in regions),
        "weight": weight,
        "past_load": 0.0,
        "max_per_week": max(1, size.cap - 1) if weight == 0.5 else size.cap,
        "max_total": 200,
        "min_total": 0,
        "unavailable": unavailable,
        "rather_not": rather_not,
        "wish": [[_utc(day, time(8)), _utc(day, time(18))] for day in wished],
    }


def _holidays(weeks: int, draw: random.Random) -> list[tuple[date, date]]:
    """One week in thirteen away; two in three take theirs in the same fortnight."""
    found = []
    for quarter in range(max(1, weeks // 13)):
        peak = quarter * 13 + min(weeks - 1, 8)
        week = peak + draw.randrange(2) if draw.random() < 0.65 else quarter * 13 + draw.randrange(min(13, weeks))
        start = MONDAY + timedelta(weeks=week)
        found.append((start, start + timedelta(weeks=1)))
    return found


def _locks(slots: list[dict[str, Any]], people: list[dict[str, Any]], draw: random.Random) -> list[dict[str, str]]:
    """3 % of the slots have one person fixed, at most one a week each, so that no two locks can contradict."""
    by_desk: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in people:
        for area in one["areas"]:
            for region in one["regions"]:
                by_desk.setdefault((area, region), []).append(one)
    locked, taken = [], set()
    for slot in draw.sample(slots, round(len(slots) * 0.06)):
        fitting = [
            one
            for one in by_desk.get((slot["areas"][0], slot["regions"][0]), [])
            if not any(start < slot["end"] and slot["start"] < end for start, end in one["unavailable"])
        ]
        monday = _monday(slot["start"])
        fitting = [one for one in fitting if (one["id"], monday) not in taken]
        if fitting:
            one = draw.choice(fitting)
            taken.add((one["id"], monday))
            locked.append({"slot": slot["id"], "person": one["id"]})
    return locked


def _monday(text: str) -> date:
    day = datetime.fromisoformat(text).astimezone(AMSTERDAM).date()
    return day - timedelta(days=day.weekday())


def _days(weeks: int) -> list[date]:
    return [MONDAY + timedelta(days=7 * week + day) for week in range(weeks) for day in range(5)]


def _utc(day: date, at: time) -> str:
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    json.dump(problem(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1), sys.stdout)
