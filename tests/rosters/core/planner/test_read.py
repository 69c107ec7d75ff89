"""The door to the outside: what the code reads and what the JSON Schemas say are one."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rosters.core import planner
from rosters.core.planner import engine, read
from rosters.core.planner.values import ProblemError
from tests.rosters.core.planner.problems import a_person, a_problem, a_slot, any_problem, stretch

FOLDER = Path(planner.__file__).parent
PROBLEM = Draft202012Validator(json.loads((FOLDER / "problem.schema.json").read_text()))
PROPOSAL = Draft202012Validator(json.loads((FOLDER / "proposal.schema.json").read_text()))
WRONG: tuple[Any, ...] = (None, -1, 1.5, "", "x", [], {}, True, [[]], ["2027-01-04T08:00:00Z"], "2027-01-04", 10**12)


def example() -> dict[str, Any]:
    person = a_person(unavailable=[stretch(1)], wish=[stretch(2)], past_load=3.5, max_total=None)
    pairs = [{"slot": "s1", "person": "p1"}]
    rules = {"one_per_day": True, "free_days_between": 1, "across_weeks": True}
    return a_problem([a_slot()], [person], locked=pairs, current=pairs, rules=rules)


def refusal(problem: Any) -> str:
    with pytest.raises(ProblemError) as refused:
        read.problem(problem)
    return str(refused.value)


@pytest.mark.parametrize("schema", [PROBLEM, PROPOSAL])
def test_each_schema_is_a_schema(schema: Draft202012Validator) -> None:
    assert schema.check_schema(schema.schema) is None


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_every_problem_is_read_as_the_schema_says_and_comes_back_the_same(seed: int) -> None:
    problem = any_problem(random.Random(seed))
    assert list(PROBLEM.iter_errors(problem)) == []
    found = read.problem(problem)
    again = read.problem_as_json(found)
    assert list(PROBLEM.iter_errors(again)) == []
    assert read.problem(again) == found


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_every_proposal_is_as_the_schema_says_and_comes_back_the_same(seed: int) -> None:
    found = engine.plan(read.problem(any_problem(random.Random(seed))), workers=0)
    shown = json.loads(json.dumps(read.proposal_as_json(found)))
    assert list(PROPOSAL.iter_errors(shown)) == []
    assert read.proposal(shown) == found


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    inside: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [path, *(place for key, one in inside for place in places(one, (*path, key)))]


def put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(value)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return changed


@pytest.mark.parametrize("place", places(example()), ids=str)
def test_code_and_schema_refuse_the_same_values_in_every_place(place: tuple[str | int, ...]) -> None:
    for wrong in WRONG:
        problem = put(example(), place, wrong)
        by_schema = bool(list(PROBLEM.iter_errors(problem)))
        try:
            read.problem(problem)
            by_code = ""
        except ProblemError as error:
            by_code = str(error)
        only_code = ("there is no", "must be after start", "must end after it starts")
        assert bool(by_code) == by_schema or any(text in by_code for text in only_code), (wrong, by_code)


@pytest.mark.parametrize("place", [place for place in places(example()) if isinstance(place[-1:] and place[-1], str)])
def test_an_unknown_key_is_refused_by_name_and_a_missing_one_where_the_schema_does(
    place: tuple[str | int, ...],
) -> None:
    parent: Any = example()
    for key in place[:-1]:
        parent = parent[key]
    stranger = put(example(), (*place[:-1], "strange"), 1)
    assert "strange: is not known" in refusal(stranger)
    assert list(PROBLEM.iter_errors(stranger))
    without = put(example(), place[:-1], {key: value for key, value in parent.items() if key != place[-1]})
    if list(PROBLEM.iter_errors(without)):
        assert f"{place[-1]}: is missing" in refusal(without)
    else:
        assert read.problem(without).people[0].id == "p1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"people": [a_person(weight=0)]}, "people[0].weight: must be > 0"),
        ({"people": [a_person(weight=float("nan"))]}, "people[0].weight: must be a number"),
        ({"people": [a_person(past_load=float("inf"))]}, "people[0].past_load: must be <= 1e+09"),
        ({"people": [a_person("p1"), a_person("p1")]}, "people[1].id: 'p1' is also that of people[0]"),
        ({"slots": [a_slot(hours=-1)]}, "slots[0].end: must be after start"),
        ({"slots": [a_slot(start="2027-02-30T08:00:00Z")]}, "slots[0].start: must be a moment in UTC"),
        ({"people": [a_person(wish=[stretch(1, 0, 0)])]}, "people[0].wish[0]: must end after it starts"),
        ({"locked": [{"slot": "s2", "person": "p1"}]}, "locked[0].slot: there is no 's2'"),
        ({"current": [{"slot": "s1", "person": "p2"}]}, "current[0].person: there is no 'p2'"),
        ({"rules": {"rest": 1}}, "rules.rest: is not known; there is one_per_day, free_days_between, across_weeks"),
        ({"timezone": "UTC"}, "timezone: must be Europe/Amsterdam"),
        ({"version": 2}, "version: must be 1"),
    ],
)
def test_a_malformed_problem_is_refused_with_its_place(change: dict[str, Any], said: str) -> None:
    problem = a_problem([a_slot()], [a_person()]) | change
    assert refusal(problem).startswith(said)


def test_a_problem_that_is_no_object_is_refused() -> None:
    assert refusal([]) == "must be an object"
