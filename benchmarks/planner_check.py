"""An independent judge of planning: `python -m benchmarks.planner_check problem.json proposal.json`.

It shares no code with the planner and needs nothing but Python. It verifies every hard rule, recomputes coverage and
cost, and looks whether what the proposal says of its gaps can be true. Prints what is wrong; exits 1 if anything is.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

REASONS = ("locked", "on_slot", "unavailable", "one_per_day", "rest", "week_cap", "total_cap", "free")
CLOSE = 1e-3
Json = dict[str, Any]


class Facts:
    """The problem, with its texts as moments."""

    def __init__(self, problem: Json) -> None:
        zone = ZoneInfo(problem.get("timezone", "Europe/Amsterdam"))
        self.problem = problem
        self.slots = {slot["id"]: slot for slot in problem["slots"]}
        self.people = {person["id"]: person for person in problem["people"]}
        self.when = {name: (moment(slot["start"]), moment(slot["end"])) for name, slot in self.slots.items()}
        self.days: dict[str, tuple[date, date]] = {}
        for name, (start, end) in self.when.items():
            last = (end - timedelta(seconds=1)).astimezone(zone).date()
            self.days[name] = (start.astimezone(zone).date(), last)
        self.away = {name: stretches(person, "unavailable") for name, person in self.people.items()}
        rules = problem.get("rules", {})
        self.one_per_day: bool = rules.get("one_per_day", False)
        self.free_days: int = rules.get("free_days_between", 0)
        self.across: bool = rules.get("across_weeks", False)
        self.locked = {(lock["slot"], lock["person"]) for lock in problem.get("locked", [])}

    def week(self, slot: str) -> date:
        day = self.days[slot][0]
        return day - timedelta(days=day.weekday())

    def is_qualified(self, person: str, slot: str) -> bool:
        one, asked = self.people[person], self.slots[slot]
        able = one.get("generalist") is True or all(area in one["areas"] for area in asked["areas"])
        return able and any(region in one["regions"] for region in asked["regions"])

    def is_away(self, person: str, slot: str) -> bool:
        start, end = self.when[slot]
        return any(start < until and since < end for since, until in self.away[person])

    def overlap(self, one: str, other: str) -> bool:
        return self.when[one][0] < self.when[other][1] and self.when[other][0] < self.when[one][1]

    def share_a_day(self, one: str, other: str) -> bool:
        return self.days[one][0] <= self.days[other][1] and self.days[other][0] <= self.days[one][1]

    def lack_rest(self, one: str, other: str) -> bool:
        if self.share_a_day(one, other) or not (self.across or self.week(one) == self.week(other)):
            return False
        first, second = sorted((self.days[one], self.days[other]))
        return (second[0] - first[1]).days - 1 < self.free_days


def faults(problem: Json, proposal: Json) -> list[str]:
    """Everything that is wrong, in words; empty when the proposal stands."""
    facts = Facts(problem)
    found: list[str] = []
    on: dict[str, list[str]] = defaultdict(list)
    positions: dict[str, list[int]] = defaultdict(list)
    duties: dict[str, list[str]] = defaultdict(list)
    for place in proposal["assigned"]:
        if place["slot"] not in facts.slots or place["person"] not in facts.people:
            found.append(f"{place}: no such slot or person")
            continue
        on[place["slot"]].append(place["person"])
        positions[place["slot"]].append(place["position"])
        duties[place["person"]].append(place["slot"])
    for slot, present in on.items():
        need = facts.slots[slot]["need"]
        if len(set(present)) < len(present):
            found.append(f"{slot}: somebody has two positions")
        if sorted(positions[slot]) != list(range(1, len(present) + 1)) or len(present) > need:
            found.append(f"{slot}: positions {positions[slot]} for a need of {need}")
    for person, mine in duties.items():
        found += _person_faults(facts, person, mine)
    found += _lock_faults(facts, on, duties)
    found += _coverage_faults(facts, proposal, on, duties)
    return found + _cost_faults(facts, proposal, duties)


def _person_faults(facts: Facts, person: str, mine: list[str]) -> list[str]:
    """A lock may break what protects the person: it is his own deed. It never excuses a duty that is not locked."""
    found = []
    one = facts.people[person]
    free = [slot for slot in mine if (slot, person) not in facts.locked]
    found += [f"{person} is not qualified for {slot}" for slot in mine if not facts.is_qualified(person, slot)]
    found += [f"{person} is unavailable at {slot}" for slot in free if facts.is_away(person, slot)]
    for place, slot in enumerate(mine):
        for other in mine[place + 1 :]:
            if facts.overlap(slot, other):
                found.append(f"{person} is in two places: {slot} and {other}")
            elif (slot, person) in facts.locked and (other, person) in facts.locked:
                continue
            elif facts.one_per_day and facts.share_a_day(slot, other):
                found.append(f"{person} has two duties on one day: {slot} and {other}")
            elif facts.lack_rest(slot, other):
                found.append(f"{person} has too little rest between {slot} and {other}")
    per_week = Counter(facts.week(slot) for slot in mine)
    weekly, total = one.get("max_per_week"), one.get("max_total")
    if weekly is not None:
        for week in {facts.week(slot) for slot in free}:
            if per_week[week] > weekly:
                found.append(f"{person} has {per_week[week]} duties in the week of {week}, at most {weekly}")
    if total is not None and free and len(mine) > total:
        found.append(f"{person} has {len(mine)} duties, at most {total}")
    return found


def _lock_faults(facts: Facts, on: dict[str, list[str]], duties: dict[str, list[str]]) -> list[str]:
    """Only a lock that contradicts what protects the client, or an earlier lock, may be missing."""
    found = []
    for slot, person in facts.locked:
        if person in on[slot]:
            continue
        others = [other for other in on[slot] if (slot, other) in facts.locked]
        full = len(others) >= facts.slots[slot]["need"]
        elsewhere = any((other, person) in facts.locked and facts.overlap(slot, other) for other in duties[person])
        if facts.is_qualified(person, slot) and not full and not elsewhere:
            found.append(f"{person} is locked on {slot}, and is not there")
    return found


def _coverage_faults(facts: Facts, proposal: Json, on: dict[str, list[str]], duties: dict[str, list[str]]) -> list[str]:
    found = []
    missing = {name: slot["need"] - len(on[name]) for name, slot in facts.slots.items()}
    gaps = {gap["slot"]: gap for gap in proposal["uncovered"]}
    if {name: gap["missing"] for name, gap in gaps.items()} != {name: n for name, n in missing.items() if n > 0}:
        found.append("uncovered is not what assigned leaves empty")
    total = sum(missing.values())
    bound = proposal["uncovered_bound"]
    if proposal["uncovered_total"] != total:
        found.append(f"uncovered_total {proposal['uncovered_total']}, counted {total}")
    if bound > total or proposal["proven_minimal"] != (bound == total):
        found.append(f"uncovered_bound {bound} with uncovered_total {total}, proven: {proposal['proven_minimal']}")
    able_at: dict[tuple[Any, ...], list[str]] = {}
    servers: dict[str, set[str]] = {}
    for name, gap in gaps.items():
        key = (*facts.slots[name]["areas"], None, *facts.slots[name]["regions"])
        if key not in able_at:
            able_at[key] = [person for person in facts.people if facts.is_qualified(person, name)]
        counted = Counter(_reason(facts, person, name, on, duties) for person in able_at[key])
        if gap["qualified"] != len(able_at[key]) or gap["reasons"] != {key: counted[key] for key in REASONS}:
            found.append(f"{name}: reasons {gap['reasons']}, counted {dict(counted)}")
        if counted["free"]:
            found.append(f"{name} is empty while {counted['free']} could take it")
        if name not in gap["bottleneck"]["slots"]:
            found.append(f"{name} is not in its own bottleneck")
        found += _bottleneck_faults(facts, name, gap["bottleneck"], servers)
    return found


def _bottleneck_faults(facts: Facts, name: str, bottleneck: Json, servers: dict[str, set[str]]) -> list[str]:
    """Nobody who could serve one of these slots may be forgotten: qualified, there, and not bound by locks or caps."""
    found, people = [], set(bottleneck["people"])
    bound = {person for _slot, person in facts.locked}
    for slot in bottleneck["slots"]:
        if slot not in facts.slots:
            found.append(f"{name}: its bottleneck names {slot}, which is not there")
            continue
        if slot not in servers:
            servers[slot] = {
                person
                for person, one in facts.people.items()
                if person not in bound
                and 0 not in (one.get("max_per_week"), one.get("max_total"))
                and facts.is_qualified(person, slot)
                and not facts.is_away(person, slot)
            }
        # A slot that locks have filled asks for nobody.
        full = sum(lock[0] == slot for lock in facts.locked) >= facts.slots[slot]["need"]
        if not full and not servers[slot] <= people:
            found.append(f"{name}: its bottleneck forgets {min(servers[slot] - people)} for {slot}")
    return found


def _reason(facts: Facts, person: str, slot: str, on: dict[str, list[str]], duties: dict[str, list[str]]) -> str:
    others = [other for other in duties[person] if other != slot]
    same_day = [
        other
        for other in others
        if facts.overlap(slot, other) or (facts.one_per_day and facts.share_a_day(slot, other))
    ]
    resting = [other for other in others if facts.lack_rest(slot, other)]
    one = facts.people[person]
    week = sum(facts.week(other) == facts.week(slot) for other in duties[person])
    weekly, total = one.get("max_per_week"), one.get("max_total")
    if any((other, person) in facts.locked for other in same_day + resting):
        return "locked"
    if person in on[slot]:
        return "on_slot"
    if facts.is_away(person, slot):
        return "unavailable"
    if same_day:
        return "one_per_day"
    if resting:
        return "rest"
    if weekly is not None and week >= weekly:
        return "week_cap"
    return "total_cap" if total is not None and len(duties[person]) >= total else "free"


def cost(facts: Facts, duties: dict[str, list[str]]) -> Json:
    found = dict.fromkeys(("fairness", "unpopular_fairness"), 0.0)
    counts = dict.fromkeys(("rather_not", "wishes_missed", "min_missed"), 0)
    for name, one in facts.people.items():
        mine, weight = duties.get(name, []), one.get("weight", 1.0)
        past, hard = math.floor(one.get("past_load", 0)), math.floor(one.get("past_unpopular", 0))
        unpopular = sum(facts.slots[slot].get("unpopular", 0) >= 1 for slot in mine)
        found["fairness"] += sum((2 * k - 1) / weight for k in range(past + 1, past + len(mine) + 1))
        found["unpopular_fairness"] += sum((2 * k - 1) / weight for k in range(hard + 1, hard + unpopular + 1))
        disliked, wished = stretches(one, "rather_not"), stretches(one, "wish")
        for slot in mine:
            start, end = facts.when[slot]
            counts["rather_not"] += any(start < until and since < end for since, until in disliked)
        for since, until in wished:
            counts["wishes_missed"] += not any(
                facts.when[slot][0] < until and since < facts.when[slot][1] for slot in mine
            )
        counts["min_missed"] += max(0, one.get("min_total", 0) - len(mine))
    wanted = {(pair["slot"], pair["person"]) for pair in facts.problem.get("current", [])}
    changes = len(wanted - {(slot, name) for name, mine in duties.items() for slot in mine})
    total = 5 * found["fairness"] + 5 * found["unpopular_fairness"] + 20 * counts["rather_not"]
    total += 2 * counts["wishes_missed"] + 200 * counts["min_missed"] + 3000 * changes
    return {**found, **counts, "changes": changes, "total": total}


def _cost_faults(facts: Facts, proposal: Json, duties: dict[str, list[str]]) -> list[str]:
    counted = cost(facts, duties)
    found = [
        f"cost.{name} {proposal['cost'][name]}, counted {value}"
        for name, value in counted.items()
        if abs(proposal["cost"][name] - value) > CLOSE + 1e-9 * abs(value)
    ]
    if proposal["cost_bound"] > counted["total"] + CLOSE + 1e-9 * abs(counted["total"]):
        found.append(f"cost_bound {proposal['cost_bound']} above the cost {counted['total']}")
    return found


def stretches(person: Json, kind: str) -> list[tuple[datetime, datetime]]:
    return [(moment(since), moment(until)) for since, until in person.get(kind, [])]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def main(problem_path: str, proposal_path: str) -> int:
    with open(problem_path) as problem, open(proposal_path) as proposal:
        found = faults(json.load(problem), json.load(proposal))
    for fault in found:
        print(fault)
    print(f"{len(found)} faults" if found else "the proposal stands")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
