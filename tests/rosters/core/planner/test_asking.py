"""What if, and why."""

from __future__ import annotations

from typing import Any

import pytest

from rosters.core.planner import engine, read, what_if, why
from rosters.core.planner.values import Pair, Problem, Proposal
from tests.rosters.core.planner.problems import a_person, a_problem, a_slot, stretch, values


def asked(problem: dict[str, Any]) -> tuple[Problem, Proposal]:
    found = values(problem)
    return found, engine.plan(found, workers=0)


def test_one_more_duty_fills_a_gap() -> None:
    slots = [a_slot("s1", 0, need=1), a_slot("s2", 2, need=1), a_slot("s9", 30, need=1)]
    problem, proposal = asked(a_problem(slots, [a_person(max_per_week=1, max_total=2)]))
    gap = proposal.uncovered[0].slot
    found = what_if.what_if(problem, proposal, what_if.OneMore(gap, "p1"))
    assert found.gained == 1
    assert found.added == (Pair(gap, "p1"),)
    assert found.dropped == ()
    assert found.cost == 5 * (2 * 3 - 1)


def test_a_neighbouring_region_fills_a_gap_unless_its_people_are_busy() -> None:
    slots = [a_slot("s1", 0), a_slot("s2", 0, regions=["zuid"], need=1)]
    people = [a_person("p1"), a_person("p2", regions=["zuid"]), a_person("p3", regions=["zuid"])]
    problem, proposal = asked(a_problem(slots, people))
    found = what_if.what_if(problem, proposal, what_if.OpenRegion("s1", "zuid"))
    assert found.gained == 1
    busy = next(place.person for place in proposal.assigned if place.slot == "s2")
    assert found.added[0].person not in {busy, "p1"}
    assert found.proven


def test_asking_who_would_rather_not_lowers_the_cost_and_gains_nothing_that_was_not_there() -> None:
    problem, proposal = asked(a_problem([a_slot()], [a_person(rather_not=[stretch(0)]), a_person("p2")]))
    found = what_if.what_if(problem, proposal, what_if.AskRatherNot("s1"))
    assert (found.gained, found.added, found.dropped) == (0, (), ())


def test_what_if_of_a_slot_that_is_not_there_is_refused() -> None:
    problem, proposal = asked(a_problem([a_slot()], [a_person()]))
    with pytest.raises(ValueError, match="unpack"):
        what_if.what_if(problem, proposal, what_if.AskRatherNot("s9"))


def test_why_me_tells_share_limits_and_what_else_would_have_cost() -> None:
    slots = [a_slot(f"s{day}", day, need=1) for day in range(5)]
    people = [a_person("p1"), a_person("p2", weight=0.5, unavailable=[stretch(0)])]
    problem, proposal = asked(a_problem(slots, people, locked=[{"slot": "s1", "person": "p1"}]))
    mine = why.why(problem, proposal, "p1")
    assert mine.load == 3
    assert mine.target == pytest.approx(5 * 1 / 1.5, abs=0.01)
    assert mine.limits["on_slot"] == 3
    assert mine.duties["s0"] == ()  # the other was away
    assert mine.duties["s1"] == ()  # locked
    assert all(option.difference >= 0 for options in mine.duties.values() for option in options)
    few = why.why(problem, proposal, "p2")
    assert few.load == 2
    assert few.limits["unavailable"] == 1
    assert few.more
    assert all(option.person == "p2" and option.difference >= 0 for option in few.more)


def test_a_window_counts_far_duties_as_load_and_near_ones_as_locks() -> None:
    slots = [a_slot("s0", 0, need=1), a_slot("s1", 2, need=1), a_slot("s2", 60, need=1)]
    rules = {"one_per_day": True, "free_days_between": 1}
    problem, proposal = asked(a_problem(slots, [a_person(max_per_week=1, max_total=2)], rules=rules))
    assert proposal.uncovered_total == 1
    gap = proposal.uncovered[0].slot
    assert what_if.what_if(problem, proposal, what_if.OpenRegion(gap, "zuid")).gained == 0
    assert read.problem(read.problem_as_json(problem)) == problem
