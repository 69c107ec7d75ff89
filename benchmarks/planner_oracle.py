"""The proven optimum of a problem, all at once: HiGHS over one plain program that shares nothing with the planner.

Only for problems like ours: one duty a day, free days within the week, no minimums, nothing current. Coverage first and
then, at that coverage, the cost. Minutes and gigabytes where the planner takes seconds: it is here to judge.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import highspy
import numpy

from benchmarks.planner_check import Facts, stretches

Json = dict[str, Any]


class Program:
    def __init__(self) -> None:
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[float, float, list[int], list[float]]] = []

    def column(self, cost: float, upper: float = 1.0, whole: bool = False) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, high: float, plus: list[int], minus: list[int] | None = None) -> None:
        minus = minus or []
        self.rows.append((low, high, plus + minus, [1.0] * len(plus) + [-1.0] * len(minus)))

    def minimum(self, cost: list[float], extra: list[tuple[float, float, list[int], list[float]]]) -> float:
        rows = self.rows + extra
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", 0.01)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(cost), len(rows)
        model.col_cost_, model.col_upper_ = numpy.array(cost), numpy.array(self.upper)
        model.col_lower_ = numpy.zeros(len(cost))
        model.row_lower_ = numpy.array([row[0] for row in rows])
        model.row_upper_ = numpy.array([row[1] for row in rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = numpy.cumsum([0] + [len(row[2]) for row in rows]).astype(numpy.int32)
        model.a_matrix_.index_ = numpy.array([at for row in rows for at in row[2]], dtype=numpy.int32)
        model.a_matrix_.value_ = numpy.array([value for row in rows for value in row[3]])
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in self.whole]
        solver.passModel(model)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError("the oracle found no optimum")
        return float(solver.getInfo().objective_function_value)


def optimum(problem: Json) -> tuple[int, float]:
    """The least number of empty places, and the least cost at that number."""
    facts, program = Facts(problem), Program()
    locked = {(lock["slot"], lock["person"]) for lock in problem["locked"]}
    by_slot: dict[str, list[int]] = defaultdict(list)
    by_person: dict[str, list[tuple[str, int]]] = defaultdict(list)
    able: dict[str, list[str]] = {}
    for slot in problem["slots"]:
        name = slot["id"]
        if slot["desk"] not in able:
            able[slot["desk"]] = [person for person in facts.people if facts.is_qualified(person, name)]
        for person in able[slot["desk"]]:
            fixed = (name, person) in locked
            if not fixed and facts.is_away(person, name):
                continue
            start, end = facts.when[name]
            unwilling = any(
                start < until and since < end for since, until in stretches(facts.people[person], "rather_not")
            )
            column = program.column(20.0 if unwilling else 0.0, whole=True)
            by_slot[name].append(column)
            by_person[person].append((name, column))
            if fixed:
                program.row(1, 1, [column])
    empty = []
    for slot in problem["slots"]:
        empty.append(program.column(0.0, slot["need"]))
        program.row(slot["need"], slot["need"], [*by_slot[slot["id"]], empty[-1]])
    constant = sum(_person(facts, program, person, by_person[person]) for person in facts.people)
    is_empty = set(empty)
    missing = program.minimum([float(column in is_empty) for column in range(len(program.cost))], [])
    least = round(missing)
    quota = (0.0, float(least), empty, [1.0] * len(empty))
    return least, constant + program.minimum(program.cost, [quota])


def _person(facts: Facts, program: Program, person: str, mine: list[tuple[str, int]]) -> float:
    """Rules and steps of one person; what he costs whatever is decided."""
    one = facts.people[person]
    weeks: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    for slot, column in mine:
        weeks[facts.week(slot)].append((slot, column))
    for held in weeks.values():
        program.row(0, one["max_per_week"], [column for _slot, column in held])
        for day in {facts.days[slot][0] for slot, _column in held}:
            near = [c for slot, c in held if 0 <= (facts.days[slot][0] - day).days <= facts.free_days]
            program.row(0, 1, near)
    for columns, past in (
        ([column for _slot, column in mine], one.get("past_load", 0)),
        ([column for slot, column in mine if facts.slots[slot]["unpopular"] >= 1], one.get("past_unpopular", 0)),
    ):
        base = math.floor(past)
        steps = [program.column(5 * (2 * k - 1) / one["weight"]) for k in range(base + 1, base + len(columns) + 1)]
        program.row(0, 0, columns, steps)
    wished = stretches(one, "wish")
    for since, until in wished:
        touching = [c for slot, c in mine if facts.when[slot][0] < until and since < facts.when[slot][1]]
        program.row(0, math.inf, touching, [program.column(-2.0)])
    return 2.0 * len(wished)
