"""Problems and proposals from and to JSON. What is malformed is refused with its path; what is impossible is not.

An unknown key is refused by name, so that a misspelt rule is never a rule forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rosters.core.intervals import Interval
from rosters.core.planner.fields import (
    REQUIRED,
    Reader,
    a_cap,
    a_flag,
    a_list,
    a_moment,
    a_name,
    a_number,
    a_stretch,
    a_whole,
    a_word,
    an_object,
)
from rosters.core.planner.values import (
    REASONS,
    Assigned,
    Bottleneck,
    Cost,
    Pair,
    Person,
    Problem,
    ProblemError,
    Proposal,
    Rules,
    Slot,
    Uncovered,
)

VERSION = 1
TIMEZONE = "Europe/Amsterdam"


def problem(found: Any) -> Problem:
    """The problem in parsed JSON; ProblemError names the place of the first fault."""
    read = an_object(
        found,
        "",
        {
            "version": (_version, REQUIRED),
            "timezone": (_timezone, TIMEZONE),
            "slots": (a_list(_slot), REQUIRED),
            "people": (a_list(_person), REQUIRED),
            "locked": (a_list(_pair), ()),
            "current": (a_list(_pair), ()),
            "rules": (_rules, Rules()),
        },
    )
    _unique(read["slots"], "slots")
    _unique(read["people"], "people")
    slots, people = {one.id for one in read["slots"]}, {one.id for one in read["people"]}
    for name in ("locked", "current"):
        for number, pair in enumerate(read[name]):
            _known(pair.slot, slots, f"{name}[{number}].slot")
            _known(pair.person, people, f"{name}[{number}].person")
    return Problem(**{name: read[name] for name in ("slots", "people", "locked", "current", "rules")})


def proposal(found: Any) -> Proposal:
    """The proposal in parsed JSON; whether it fits a problem is not looked at."""
    read = an_object(
        found,
        "",
        {
            "version": (_version, REQUIRED),
            "assigned": (a_list(_assigned), REQUIRED),
            "uncovered": (a_list(_uncovered), REQUIRED),
            "uncovered_total": (a_whole(0), REQUIRED),
            "uncovered_bound": (a_whole(0), REQUIRED),
            "proven_minimal": (a_flag, REQUIRED),
            "cost": (_cost, REQUIRED),
            "cost_bound": (a_number(limit=math.inf), REQUIRED),
            "seconds": (a_number(at_least=0), REQUIRED),
            "first_answer_seconds": (a_number(at_least=0), REQUIRED),
            "seed": (a_whole(0), REQUIRED),
        },
    )
    del read["version"]
    return Proposal(**read)


# --- Values as JSON ---------------------------------------------------------------------------------------------------


def problem_as_json(one: Problem) -> dict[str, Any]:
    rules: dict[str, Any] = {
        "one_per_day": one.rules.one_per_day,
        "free_days_between": one.rules.free_days_between,
    }
    if one.rules.across_weeks:
        rules["across_weeks"] = True
    return {
        "version": VERSION,
        "timezone": TIMEZONE,
        "slots": [
            {
                "id": slot.id,
                "desk": slot.desk,
                "areas": list(slot.areas),
                "regions": list(slot.regions),
                "start": _text(slot.start),
                "end": _text(slot.end),
                "need": slot.need,
                "unpopular": slot.unpopular,
            }
            for slot in one.slots
        ],
        "people": [
            {
                "id": person.id,
                "areas": list(person.areas),
                "generalist": person.generalist,
                "regions": list(person.regions),
                "weight": person.weight,
                "past_load": person.past_load,
                "past_unpopular": person.past_unpopular,
                "max_per_week": person.max_per_week,
                "max_total": person.max_total,
                "min_total": person.min_total,
                "unavailable": _texts(person.unavailable),
                "rather_not": _texts(person.rather_not),
                "wish": _texts(person.wish),
            }
            for person in one.people
        ],
        "locked": [pair._asdict() for pair in one.locked],
        "current": [pair._asdict() for pair in one.current],
        "rules": rules,
    }


def proposal_as_json(one: Proposal) -> dict[str, Any]:
    return {
        "version": VERSION,
        "assigned": [place._asdict() for place in one.assigned],
        "uncovered": [
            {
                "slot": gap.slot,
                "missing": gap.missing,
                "proven": gap.proven,
                "qualified": gap.qualified,
                "reasons": dict(gap.reasons),
                "bottleneck": {"slots": list(gap.bottleneck.slots), "people": list(gap.bottleneck.people)},
            }
            for gap in one.uncovered
        ],
        "uncovered_total": one.uncovered_total,
        "uncovered_bound": one.uncovered_bound,
        "proven_minimal": one.proven_minimal,
        "cost": {name: getattr(one.cost, name) for name in COST_PARTS},
        "cost_bound": one.cost_bound,
        "seconds": one.seconds,
        "first_answer_seconds": one.first_answer_seconds,
        "seed": one.seed,
    }


COST_PARTS = ("total", "fairness", "unpopular_fairness", "rather_not", "wishes_missed", "min_missed", "changes")


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _texts(stretches: Iterable[Interval]) -> list[list[str]]:
    return [[_text(stretch.start), _text(stretch.end)] for stretch in stretches]


# --- Readers of our own values ------------------------------------------------------------------


def _slot(found: Any, path: str) -> Slot:
    read = an_object(
        found,
        path,
        {
            "id": (a_name, REQUIRED),
            "desk": (a_word, ""),
            "areas": (a_list(a_name), REQUIRED),
            "regions": (a_list(a_name), REQUIRED),
            "start": (a_moment, REQUIRED),
            "end": (a_moment, REQUIRED),
            "need": (a_whole(1), REQUIRED),
            "unpopular": (a_whole(0), 0),
        },
    )
    if read["end"] <= read["start"]:
        raise ProblemError(f"{path}.end", "must be after start")
    return Slot(**read)


def _person(found: Any, path: str) -> Person:
    return Person(
        **an_object(
            found,
            path,
            {
                "id": (a_name, REQUIRED),
                "areas": (a_list(a_name), REQUIRED),
                "generalist": (a_flag, False),
                "regions": (a_list(a_name), REQUIRED),
                "weight": (a_number(above=0), 1.0),
                "past_load": (a_number(at_least=0), 0.0),
                "past_unpopular": (a_number(at_least=0), 0.0),
                "max_per_week": (a_cap, None),
                "max_total": (a_cap, None),
                "min_total": (a_whole(0), 0),
                "unavailable": (a_list(a_stretch), ()),
                "rather_not": (a_list(a_stretch), ()),
                "wish": (a_list(a_stretch), ()),
            },
        )
    )


def _rules(found: Any, path: str) -> Rules:
    fields = {
        "one_per_day": (a_flag, False),
        "free_days_between": (a_whole(0), 0),
        "across_weeks": (a_flag, False),
    }
    return Rules(**an_object(found, path, fields))


def _pair(found: Any, path: str) -> Pair:
    return Pair(**an_object(found, path, {"slot": (a_name, REQUIRED), "person": (a_name, REQUIRED)}))


def _assigned(found: Any, path: str) -> Assigned:
    fields = {"slot": (a_name, REQUIRED), "person": (a_name, REQUIRED), "position": (a_whole(1), REQUIRED)}
    return Assigned(**an_object(found, path, fields))


def _uncovered(found: Any, path: str) -> Uncovered:
    return Uncovered(
        **an_object(
            found,
            path,
            {
                "slot": (a_name, REQUIRED),
                "missing": (a_whole(1), REQUIRED),
                "proven": (a_flag, REQUIRED),
                "qualified": (a_whole(0), REQUIRED),
                "reasons": (_reasons, REQUIRED),
                "bottleneck": (_bottleneck, REQUIRED),
            },
        )
    )


def _reasons(found: Any, path: str) -> dict[str, int]:
    return an_object(found, path, dict.fromkeys(REASONS, (a_whole(0), REQUIRED)))


def _bottleneck(found: Any, path: str) -> Bottleneck:
    return Bottleneck(
        **an_object(found, path, {"slots": (a_list(a_name), REQUIRED), "people": (a_list(a_name), REQUIRED)})
    )


def _cost(found: Any, path: str) -> Cost:
    counts = ("rather_not", "wishes_missed", "min_missed", "changes")
    fields: dict[str, tuple[Reader, Any]] = {
        name: (a_number(at_least=0, limit=math.inf), REQUIRED) for name in COST_PARTS
    }
    return Cost(**an_object(found, path, fields | {name: (a_whole(0), REQUIRED) for name in counts}))


def _version(found: Any, path: str) -> int:
    if isinstance(found, bool) or found != VERSION:
        raise ProblemError(path, f"must be {VERSION}")
    return VERSION


def _timezone(found: Any, path: str) -> str:
    if found != TIMEZONE:
        raise ProblemError(path, f"must be {TIMEZONE}")
    return TIMEZONE


def _unique(found: Iterable[Slot | Person], path: str) -> None:
    seen: dict[str, int] = {}
    for number, one in enumerate(found):
        if one.id in seen:
            raise ProblemError(f"{path}[{number}].id", f"{one.id!r} is also that of {path}[{seen[one.id]}]")
        seen[one.id] = number


def _known(name: str, names: set[str], path: str) -> None:
    if name not in names:
        raise ProblemError(path, f"there is no {name!r}")
