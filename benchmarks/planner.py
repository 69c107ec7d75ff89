"""The planner against proven optima, against what others do, and against the clock.

Every proposal goes through the checker, which shares no code with the planner. Each size runs in a process of its own,
so that its memory is its own; the children that solve for it count too. Ratios to a bound say how good; seconds are
those of this machine.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import planner_check, planner_oracle, planner_peers, planner_problems
from benchmarks.planner_fairness import half_years, plot
from rosters.core.planner import engine, gaps, read, what_if, why
from rosters.core.planner.grid import grid
from rosters.core.planner.values import Problem, Proposal

Figure = tuple[str, float, str, str, bool]
Json = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024  # of the kilobytes that the system counts in
SICK_CALLS, QUESTIONS = 20, 20
SUPPLY_ALLOWS = {"national"}  # the others have five to seven people per slot: their load is what supply leaves


def figures() -> list[Figure]:
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        runs = {}
        for name, seconds in (("pilot", 60), ("pilot-heavy", 60), ("nat35", 90), ("national", 240)):
            runs[name] = _run(name, seconds, Path(folder))
            print(f"{name}: {json.dumps(runs[name]['told'])}", file=sys.stderr)
    found += _pilot(runs["pilot"])
    for name in ("pilot-heavy", "national", "nat35"):
        found += _large(name, runs[name])
    found += _peers("pilot", runs["pilot"]) + _peers("nat35", runs["nat35"])
    national = read.problem(runs["national"]["problem"])
    proposal = read.proposal(runs["national"]["proposal"])
    found += _sick_calls(runs["national"]["problem"], national, proposal)
    found += _asking(national, proposal)
    return found + _years()


def _run(name: str, seconds: int, folder: Path) -> Json:
    """One size through the command's own door, checked."""
    problem = planner_problems.problem(name)
    (folder / "problem.json").write_text(json.dumps(problem))
    ask = [sys.executable, "-m", "benchmarks.planner", str(folder / "problem.json"), str(folder / "out.json")]
    done = subprocess.run([*ask, str(seconds)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    proposal = json.loads((folder / "out.json").read_text())
    return {
        "problem": problem,
        "proposal": proposal,
        "told": json.loads(done.stdout),
        "faults": planner_check.faults(problem, proposal),
    }


def _alone(problem: str, out: str, seconds: str) -> None:
    """In a process of its own: plan, and tell time and memory, all children as large as the largest."""
    found = engine.plan(read.problem(json.loads(Path(problem).read_text())), seconds=float(seconds))
    Path(out).write_text(json.dumps(read.proposal_as_json(found)))
    own, child = (resource.getrusage(which).ru_maxrss for which in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    told = {"seconds": found.seconds, "first": found.first_answer_seconds, "megabytes": (own + 2 * child) // MEGABYTE}
    told |= {"uncovered": found.uncovered_total, "bound": found.uncovered_bound}
    print(json.dumps(told | {"cost": found.cost.total, "cost_bound": found.cost_bound}))


def _pilot(run: Json) -> list[Figure]:
    least, optimum = planner_oracle.optimum(run["problem"])
    proposal, told = run["proposal"], run["told"]
    over = proposal["cost"]["total"] / optimum - 1
    return [
        _at_most("pilot: rules broken", len(run["faults"]), "faults", 0),
        _at_most("pilot: first complete roster", told["first"], "s", 1),
        _at_most("pilot: proven and done", told["seconds"], "s", 10),
        _at_most("pilot: empty places above the oracle's least", proposal["uncovered_total"] - least, "places", 0),
        ("pilot: proven minimal", float(proposal["proven_minimal"]), "", "1", proposal["proven_minimal"]),
        _at_most("pilot: cost above the proven optimum", round(100 * over, 4), "%", 0.1),
        _at_most("pilot: memory", told["megabytes"], "MB", 300),
    ]


def _large(name: str, run: Json) -> list[Figure]:
    proposal, told = run["proposal"], run["told"]
    ratio = 100 * (proposal["cost"]["total"] / proposal["cost_bound"] - 1)
    low, high = _band(run["problem"], proposal)
    ample = name in SUPPLY_ALLOWS
    return [
        _at_most(f"{name}: rules broken", len(run["faults"]), "faults", 0),
        _at_most(f"{name}: first complete roster", told["first"], "s", 15),
        _at_most(f"{name}: done", told["seconds"], "s", 300),
        (f"{name}: proven minimal", float(proposal["proven_minimal"]), "", "1", proposal["proven_minimal"]),
        _at_most(f"{name}: cost above its bound", round(ratio, 3), "%", 0.5),
        _at_most(f"{name}: memory", told["megabytes"], "MB", 1024),
        (f"{name}: p5 of load per target", round(low, 3), "", ">= 0.9" if ample else "told", low >= 0.9 or not ample),
        (
            f"{name}: p95 of load per target",
            round(high, 3),
            "",
            "<= 1.1" if ample else "told",
            high <= 1.1 or not ample,
        ),
    ]


def _band(problem: Json, proposal: Json) -> tuple[float, float]:
    """p5 and p95 of load per target, over everybody. The target: the agreed share of what the region does."""
    loads: dict[str, int] = defaultdict(int)
    for place in proposal["assigned"]:
        loads[place["person"]] += 1
    members: dict[str, list[Json]] = defaultdict(list)
    for one in problem["people"]:
        members[one["regions"][0]].append(one)
    ratios = []
    for some in members.values():
        level = sum(loads[one["id"]] for one in some) / sum(one["weight"] for one in some)
        ratios += [loads[one["id"]] / (level * one["weight"]) for one in some]
    cuts = statistics.quantiles(ratios, n=20)
    return cuts[0], cuts[-1]


def _peers(name: str, run: Json) -> list[Figure]:
    duties: dict[str, list[str]] = defaultdict(list)
    for place in run["proposal"]["assigned"]:
        duties[place["person"]].append(place["slot"])
    ours = planner_peers.judged(run["problem"], duties)
    found: list[Figure] = []
    for rule, fill in (("longest ago", planner_peers.longest_ago), ("round robin", planner_peers.round_robin)):
        theirs = planner_peers.judged(run["problem"], fill(run["problem"]))
        for what, mine, other in zip(("empty places", "spread", "wishes missed"), ours, theirs, strict=True):
            goal = f"< {round(other, 3)} of {rule}"
            found.append((f"{name}: {what} against {rule}", round(mine, 3), "", goal, mine < other))
    return found


def _sick_calls(raw: Json, problem: Problem, proposal: Proposal) -> list[Figure]:
    """Somebody is ill for a fortnight, from the Monday of one of his duties."""
    draw, seconds = random.Random(1), []
    on: dict[str, list[str]] = defaultdict(list)
    for place in proposal.assigned:
        on[place.person].append(place.slot)
    slots = {slot.id: slot for slot in problem.slots}
    current = [{"slot": place.slot, "person": place.person} for place in proposal.assigned]
    before = _present(proposal)
    vacated_in_all = new_in_all = moved_in_all = dropped = 0
    for _ in range(SICK_CALLS):
        name = draw.choice(sorted(person for person, held in on.items() if held))
        day = slots[draw.choice(on[name])].start.replace(hour=0, minute=0)
        start = day - timedelta(days=day.weekday())
        end = start + timedelta(days=14)
        ill = [f"{start:%Y-%m-%dT%H:%M:%SZ}", f"{end:%Y-%m-%dT%H:%M:%SZ}"]
        people = [
            one | {"unavailable": [*one["unavailable"], ill]} if one["id"] == name else one for one in raw["people"]
        ]
        locked = [lock for lock in raw["locked"] if lock["person"] != name]
        asked = read.problem(raw | {"people": people, "locked": locked, "current": current})
        began = time.perf_counter()
        found = engine.plan(asked, seconds=2, workers=0)
        seconds.append(time.perf_counter() - began)
        vacated = {slot for slot in on[name] if start <= slots[slot].start < end}
        after = _present(found)
        vacated_in_all += len(vacated)
        moved_in_all += found.cost.changes - len(vacated)
        new_in_all += len({place[:2] for place in found.assigned} - {place[:2] for place in proposal.assigned})
        dropped += sum(after.get(slot, 0) < count for slot, count in before.items() if slot not in vacated)
    words = f"{vacated_in_all} places vacated, {new_in_all} new pairs, {moved_in_all} others moved"
    print(f"sick calls: {words}", file=sys.stderr)
    more = round(100 * (new_in_all / vacated_in_all - 1), 1)
    return [
        _at_most("national: sick call, p95", round(statistics.quantiles(seconds, n=20)[-1], 2), "s", 2),
        _at_most("national: sick calls, new pairs above vacated places", more, "%", 20),
        _at_most("national: sick calls, places dropped elsewhere", dropped, "places", 0),
    ]


def _present(proposal: Proposal) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for place in proposal.assigned:
        found[place.slot] += 1
    return found


def _asking(problem: Problem, proposal: Proposal) -> list[Figure]:
    roster = why.laid(grid(problem), proposal)
    began = time.perf_counter()
    explained = gaps.uncovered(roster, gaps.competitions(roster), {}, False)
    seconds = time.perf_counter() - began
    draw, waited, gained = random.Random(1), [], 0
    regions = sorted({region for slot in problem.slots for region in slot.regions})
    for gap in draw.sample(proposal.uncovered, min(QUESTIONS, len(proposal.uncovered))):
        changes: list[what_if.Change] = [
            what_if.OpenRegion(gap.slot, draw.choice(regions)),
            what_if.AskRatherNot(gap.slot),
        ]
        if gap.bottleneck.people:
            changes.append(what_if.OneMore(gap.slot, draw.choice(gap.bottleneck.people)))
        for change in changes:
            began = time.perf_counter()
            gained += what_if.what_if(problem, proposal, change).gained > 0
            waited.append(time.perf_counter() - began)
    began = time.perf_counter()
    why.why(problem, proposal, problem.people[0].id)
    person = time.perf_counter() - began
    print(f"what if: {gained} of {len(waited)} gain a place", file=sys.stderr)
    return [
        _at_most("national: all empty places explained", round(seconds, 2), "s", 1),
        (
            "national: explained",
            len(explained),
            "slots",
            f"{len(proposal.uncovered)}",
            len(explained) == len(proposal.uncovered),
        ),
        _at_most("national: slowest what-if", round(max(waited, default=0.0), 2), "s", 1),
        _at_most("national: why me", round(person, 2), "s", 2),
    ]


def _years() -> list[Figure]:
    carried, forgotten = half_years(carry=True), half_years(carry=False)
    (ROOT / "docs" / "planner-fairness.svg").write_text(plot(carried, forgotten))
    narrows = all(later < before for before, later in pairwise(carried))
    return [
        ("half-years: spread of cumulative load at the start", round(carried[0], 3), "of the mean", "told", True),
        ("half-years: after four, carried over", round(carried[-1], 3), "of the mean", "narrower each time", narrows),
        (
            "half-years: after four, each by itself",
            round(forgotten[-1], 3),
            "of the mean",
            f"> {carried[-1]:.3f}",
            forgotten[-1] > carried[-1],
        ),
    ]


def _at_most(name: str, value: float, unit: str, goal: float) -> Figure:
    return (name, value, unit, f"<= {goal}", value <= goal)


if __name__ == "__main__":
    _alone(*sys.argv[1:4])
