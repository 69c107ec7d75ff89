"""Proposals, judged by the checker that shares no code with the planner."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import planner_check, planner_problems
from rosters.core.planner import engine, grid, read
from rosters.core.planner.values import ProblemError
from tests.rosters.core.planner.problems import a_person, a_problem, a_slot, any_problem, stretch, values

Json = dict[str, Any]


def planned(problem: Json, **how: Any) -> Json:
    """The proposal as JSON, after the checker found nothing wrong with it."""
    found = engine.plan(values(problem), **{"workers": 0, **how})
    shown: Json = json.loads(json.dumps(read.proposal_as_json(found)))
    assert planner_check.faults(problem, shown) == []
    return shown


def who(proposal: Json, slot: str = "s1") -> list[str]:
    return [place["person"] for place in proposal["assigned"] if place["slot"] == slot]


def without_clock(proposal: Json) -> Json:
    return proposal | {"seconds": 0, "first_answer_seconds": 0}


PAIR = {"slot": "s1", "person": "p1"}


@pytest.mark.parametrize(
    ("person", "slot", "rules", "reason"),
    [
        ({}, {}, {}, None),
        ({"areas": []}, {}, {}, "nobody"),
        ({"areas": [], "generalist": True}, {}, {}, None),
        ({}, {"areas": ["huur", "arbeid"]}, {}, "nobody"),
        ({"regions": ["zuid"]}, {}, {}, "nobody"),
        ({}, {"regions": ["zuid", "noord"]}, {}, None),
        ({"unavailable": [stretch(0, 10, 1)]}, {}, {}, "unavailable"),
        ({"unavailable": [stretch(0, 11, 5), stretch(0, 0, 8)]}, {}, {}, None),
        ({"max_per_week": 0}, {}, {}, "week_cap"),
        ({"max_total": 0}, {}, {}, "total_cap"),
        ({"rather_not": [stretch(0)]}, {}, {}, None),
    ],
)
def test_somebody_is_on_duty_unless_a_hard_rule_says_no(
    person: Json, slot: Json, rules: Json, reason: str | None
) -> None:
    found = planned(a_problem([a_slot(need=1, **slot)], [a_person(**person)], rules=rules))
    if reason is None:
        assert who(found) == ["p1"]
    elif reason == "nobody":
        assert found["uncovered"][0]["qualified"] == 0
    else:
        assert found["uncovered"][0]["reasons"][reason] == 1


@pytest.mark.parametrize(
    ("second", "rules", "taken"),
    [
        (a_slot("s2", 0, 10, need=1), {}, 1),  # overlaps
        (a_slot("s2", 0, 11, need=1), {}, 2),  # touches
        (a_slot("s2", 0, 13, need=1), {"one_per_day": True}, 1),
        (a_slot("s2", 0, 22, 4, need=1), {"one_per_day": True}, 1),
        (a_slot("s2", 0, 23, 4, need=1), {"one_per_day": True}, 2),  # midnight has passed in Amsterdam
        (a_slot("s2", 1, 8, need=1), {"one_per_day": True, "free_days_between": 1}, 1),
        (a_slot("s2", 2, 8, need=1), {"one_per_day": True, "free_days_between": 1}, 2),
        (a_slot("s2", 0, 13, need=1), {"free_days_between": 1}, 2),  # two on one day are not two days
        (a_slot("s2", 2, 8, need=1), {"free_days_between": 2}, 1),
    ],
)
def test_two_duties_go_together_or_not(second: Json, rules: Json, taken: int) -> None:
    found = planned(a_problem([a_slot(need=1), second], [a_person()], rules=rules))
    assert len(found["assigned"]) == taken
    assert found["proven_minimal"]


@pytest.mark.parametrize(("across", "taken"), [(False, 2), (True, 1)])
def test_rest_over_the_border_of_a_week_counts_when_asked(across: bool, taken: int) -> None:
    rules = {"one_per_day": True, "free_days_between": 1, "across_weeks": across}
    found = planned(a_problem([a_slot("s1", 6, need=1), a_slot("s2", 7, need=1)], [a_person()], rules=rules))
    assert len(found["assigned"]) == taken
    assert found["proven_minimal"]


def test_a_week_begins_on_monday_in_amsterdam() -> None:
    """Sunday 22:30 UTC in summer is Monday there."""
    slots = [a_slot("s1", 6, 21, 1, need=1), a_slot("s2", 6, 22, 1, need=1), a_slot("s3", 9, need=1)]
    found = planned(a_problem(slots, [a_person(max_per_week=1)]))
    assert len(found["assigned"]) == 2
    assert "s1" in {place["slot"] for place in found["assigned"]}


def test_a_cap_on_the_total_that_binds_over_weeks_is_still_proven() -> None:
    slots = [a_slot(f"s{week}", 7 * week, need=1) for week in range(4)]
    found = planned(a_problem(slots, [a_person(max_total=3)]))
    assert found["uncovered_total"] == found["uncovered_bound"] == 1


def test_load_follows_the_agreed_share_and_not_the_days_somebody_is_there() -> None:
    slots = [a_slot(f"s{day}", day, need=1) for day in range(12)]
    people = [a_person("half", weight=0.5), a_person("full"), a_person("away", unavailable=[stretch(8, 0, 240)])]
    loads = Counter(place["person"] for place in planned(a_problem(slots, people))["assigned"])
    assert (loads["half"], loads["full"], loads["away"]) == (2, 5, 5)


def test_what_was_carried_before_is_made_up_for() -> None:
    slots = [a_slot(f"s{day}", day, need=1) for day in range(6)]
    loads = Counter(
        place["person"]
        for place in planned(a_problem(slots, [a_person("p1", past_load=4.6), a_person("p2")]))["assigned"]
    )
    assert loads == {"p1": 1, "p2": 5}


def test_unpopular_duties_are_shared_apart_and_wishes_and_minimums_count() -> None:
    slots = [a_slot(f"s{day}", day, need=1, unpopular=int(day < 2)) for day in range(4)]
    found = planned(a_problem(slots, [a_person("p1", wish=[stretch(3)]), a_person("p2", min_total=2)]))
    assert found["cost"]["unpopular_fairness"] == 2
    assert found["cost"]["wishes_missed"] == found["cost"]["min_missed"] == 0
    assert who(found, "s3") == ["p1"]


def test_first_and_backup_are_shared_evenly() -> None:
    found = planned(planner_problems.problem("small", 3))
    balance: Counter[str] = Counter()
    there = Counter(place["slot"] for place in found["assigned"])
    for place in found["assigned"]:
        if there[place["slot"]] == 2:
            balance[place["person"]] += 1 if place["position"] == 1 else -1
    assert max(abs(value) for value in balance.values()) <= 2


def test_a_lock_stands_also_when_it_breaks_what_protects_the_person() -> None:
    people = [a_person("p1", unavailable=[stretch(0)], max_per_week=0), a_person("p2")]
    found = planned(a_problem([a_slot()], people, locked=[PAIR]))
    assert sorted(who(found)) == ["p1", "p2"]


@pytest.mark.parametrize(
    ("slots", "people", "locked"),
    [
        ([a_slot()], [a_person(areas=[])], [PAIR]),
        ([a_slot(), a_slot("s2")], [a_person()], [PAIR, {"slot": "s2", "person": "p1"}]),
        ([a_slot(need=1)], [a_person(), a_person("p2")], [PAIR, {"slot": "s1", "person": "p2"}]),
    ],
)
def test_locks_that_contradict_still_give_a_proposal(slots: list[Json], people: list[Json], locked: list[Json]) -> None:
    problem = a_problem(slots, people, locked=locked)
    assert len(grid.grid(values(problem)).refused) == 1
    assert len(planned(problem)["assigned"]) == len(locked) - 1


@pytest.mark.parametrize(("slots", "people"), [([], []), ([], [a_person()]), ([a_slot()], [])])
def test_nothing_to_plan_or_nobody_to_plan_with_is_an_answer(slots: list[Json], people: list[Json]) -> None:
    found = planned(a_problem(slots, people))
    assert found["assigned"] == []
    assert found["uncovered_total"] == found["uncovered_bound"] == 2 * len(slots)


def test_too_many_pairs_are_refused_with_what_to_do() -> None:
    slots = [a_slot(f"s{number}", number % 300, 8 + number // 300 % 10) for number in range(3001)]
    people = [a_person(f"p{number}") for number in range(1000)]
    with pytest.raises(ProblemError, match="plan a shorter period, or fewer regions at a time"):
        engine.plan(values(a_problem(slots, people)))


def test_a_gap_names_the_slots_that_compete_for_too_few_people() -> None:
    slots = [
        a_slot("s1", 0, need=1),
        a_slot("s2", 2, need=1),
        a_slot("s3", 4, need=1),
        a_slot("s4", 4, areas=["arbeid"]),
    ]
    people = [a_person("p1", max_per_week=1), a_person("p2", max_per_week=1), a_person("p3", areas=["arbeid"])]
    found = planned(a_problem(slots, people))
    huur = next(gap for gap in found["uncovered"] if gap["slot"] != "s4")
    assert huur["bottleneck"] == {"slots": ["s1", "s2", "s3"], "people": ["p1", "p2"]}
    assert huur["proven"]


def test_the_same_gives_the_same_with_any_number_of_processes() -> None:
    problem = planner_problems.problem("small", 2)
    assert (
        without_clock(planned(problem)) == without_clock(planned(problem)) == without_clock(planned(problem, workers=2))
    )


def test_a_sick_call_changes_little_and_drops_nobody_elsewhere() -> None:
    problem = planner_problems.problem("small", 4)
    before = planned(problem)
    sick = max(problem["people"], key=lambda one: sum(place["person"] == one["id"] for place in before["assigned"]))
    sick["unavailable"] = [[problem["slots"][0]["start"], problem["slots"][-1]["end"]]]
    problem["locked"] = [pair for pair in problem["locked"] if pair["person"] != sick["id"]]
    problem["current"] = [{"slot": place["slot"], "person": place["person"]} for place in before["assigned"]]
    after = planned(problem)
    vacated = sum(place["person"] == sick["id"] for place in before["assigned"])
    assert vacated > 0
    assert after["cost"]["changes"] <= 1.2 * vacated
    left = {place["slot"] for place in before["assigned"] if place["person"] == sick["id"]}
    present = Counter(place["slot"] for place in after["assigned"])
    had = Counter(place["slot"] for place in before["assigned"])
    assert all(present[slot] >= had[slot] for slot in had if slot not in left)


def test_a_roster_that_stands_keeps_its_first_and_backup() -> None:
    problem = planner_problems.problem("small", 5)
    before = planned(problem)
    problem["current"] = [{"slot": place["slot"], "person": place["person"]} for place in before["assigned"]]
    assert planned(problem)["assigned"] == before["assigned"]


def test_stopped_at_once_the_first_answer_is_kept() -> None:
    found = planned(planner_problems.problem("small", 1), stop=lambda: True)
    assert found["assigned"]
    assert found["uncovered_bound"] <= found["uncovered_total"]


@pytest.mark.slow
def test_stopped_while_others_compute_the_best_answer_is_kept() -> None:
    looks: list[int] = []

    def stop() -> bool:
        looks.append(1)
        return len(looks) > 60

    problem = planner_problems.problem("pilot", 1)
    found = planned(problem, stop=stop, workers=1)
    assert found["uncovered_total"] < 0.2 * sum(slot["need"] for slot in problem["slots"])


def test_out_of_time_the_first_answer_is_kept() -> None:
    found = planned(planner_problems.problem("small", 1), seconds=0.001)
    assert found["assigned"]


def test_progress_is_told_no_more_than_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[engine.Progress] = []
    monkeypatch.setattr(engine, "EVERY", 0.0)
    planned(planner_problems.problem("small", 1), tell=told.append)
    assert {engine.COVERING, engine.SHARING} <= {progress.step for progress in told}
    assert all(progress.uncovered >= 0 for progress in told)
    told.clear()
    monkeypatch.setattr(engine, "EVERY", 3600.0)
    planned(planner_problems.problem("small", 1), tell=told.append)
    assert told == []


@given(st.integers(0, 2**32))
@settings(max_examples=120, deadline=None)
def test_no_problem_breaks_a_rule(seed: int) -> None:
    assert planned(any_problem(random.Random(seed)))["uncovered_bound"] >= 0


def by_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every problem were a large one."""
    monkeypatch.setattr(engine, "WHOLE", 0)
    monkeypatch.setattr(engine, "BLOCK", 40)
    monkeypatch.setattr(engine, "ENOUGH", 0.0)


def test_by_parts_nothing_is_worse_and_the_bound_is_below_the_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [planner_problems.problem("small", seed) for seed in range(3)]
    problems += [any_problem(random.Random(seed)) for seed in range(60)]
    whole = [planned(problem) for problem in problems]
    by_parts(monkeypatch)
    same = 0
    for problem, best in zip(problems, whole, strict=True):
        found = planned(problem)
        assert found["uncovered_bound"] <= best["uncovered_total"] <= found["uncovered_total"]
        if found["uncovered_total"] == best["uncovered_total"]:
            same += 1
            assert found["cost_bound"] <= best["cost"]["total"] + 1e-3
            assert found["cost"]["total"] >= best["cost_bound"] - 1e-3
    assert same > 55


def test_by_parts_too_the_same_gives_the_same_with_any_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    by_parts(monkeypatch)
    monkeypatch.setattr("rosters.core.planner.workers.SMALL", 0)
    problem = planner_problems.problem("small", 2)
    found = [without_clock(planned(problem, workers=count)) for count in (0, 1, 2)]
    assert found[0] == found[1] == found[2]


@pytest.mark.slow
def test_two_million_pairs_are_planned() -> None:
    slots = [a_slot(f"s{number}", number % 70, 8 + number // 70 % 10) for number in range(2000)]
    people = [a_person(f"p{number}", max_per_week=2) for number in range(1000)]
    rules = {"one_per_day": True, "free_days_between": 1}
    found = engine.plan(values(a_problem(slots, people, rules=rules)), seconds=30)
    assert found.uncovered_total == 0
    assert found.cost.total <= 1.01 * found.cost_bound


@pytest.mark.slow
def test_ten_thousand_problems_break_no_rule_also_when_stopped_early_or_out_of_time() -> None:
    proven = 0
    for seed in range(10_000):
        problem = any_problem(random.Random(seed))
        how = ({}, {}, {"stop": lambda: True}, {"seconds": 0.002})[seed % 4]
        proven += planned(problem, seed=seed % 7, **how)["proven_minimal"]
    assert proven > 8_000
