"""Rosters by the rules of others, on our problems: whose last duty ended longest ago, and the next in the list.

Both fill slot after slot in order of time and never look back. Unlike the originals they skip whoever may not take the
slot, so that every roster is one that could be kept.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from benchmarks.planner_check import Facts

Json = dict[str, Any]


def longest_ago(problem: Json) -> dict[str, list[str]]:
    """As linkedin/oncall's default scheduler: whose last duty ended longest ago, newcomers first."""
    return _fill(problem, lambda able, last, _turn: sorted(able, key=lambda person: (last.get(person, ""), person)))


def round_robin(problem: Json) -> dict[str, list[str]]:
    """The next in the list of the desk, from where it stopped."""
    return _fill(problem, lambda able, _last, turn: able[turn % len(able) :] + able[: turn % len(able)])


def _fill(problem: Json, order: Any) -> dict[str, list[str]]:
    """By person his slots."""
    facts = Facts(problem)
    duties: dict[str, list[str]] = defaultdict(list)
    on: dict[str, list[str]] = defaultdict(list)
    for lock in problem["locked"]:
        duties[lock["person"]].append(lock["slot"])
        on[lock["slot"]].append(lock["person"])
    able: dict[str, list[str]] = {}
    turns: dict[str, int] = defaultdict(int)
    last: dict[str, str] = {}
    for slot in sorted(problem["slots"], key=lambda one: (one["start"], one["id"])):
        name, desk = slot["id"], slot["desk"]
        if desk not in able:
            able[desk] = [person for person in facts.people if facts.is_qualified(person, name)]
        for person in order(able[desk], last, turns[desk]) if able[desk] else ():
            if len(on[name]) >= slot["need"]:
                break
            if _may(facts, person, name, duties[person]):
                duties[person].append(name)
                on[name].append(person)
                last[person] = slot["end"]
                turns[desk] = able[desk].index(person) + 1
    return duties


def _may(facts: Facts, person: str, slot: str, mine: list[str]) -> bool:
    if slot in mine or facts.is_away(person, slot):
        return False
    week = facts.week(slot)
    near = [other for other in mine if abs((facts.week(other) - week).days) <= 7]
    if sum(facts.week(other) == week for other in near) >= facts.people[person]["max_per_week"]:
        return False
    return not any(
        facts.overlap(slot, other) or facts.share_a_day(slot, other) or facts.lack_rest(slot, other) for other in near
    )


def judged(problem: Json, duties: dict[str, list[str]]) -> tuple[int, float, int]:
    """Empty places, spread (standard deviation of load per share, as a part of the mean), wishes missed."""
    need = sum(slot["need"] for slot in problem["slots"])
    loads = [len(duties.get(one["id"], ())) / one["weight"] for one in problem["people"]]
    when = {slot["id"]: (slot["start"], slot["end"]) for slot in problem["slots"]}
    missed = sum(
        not any(when[slot][0] < until and since < when[slot][1] for slot in duties.get(one["id"], ()))
        for one in problem["people"]
        for since, until in one["wish"]
    )
    return need - sum(map(len, duties.values())), statistics.pstdev(loads) / statistics.mean(loads), missed
