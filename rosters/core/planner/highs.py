"""HiGHS: the only file that knows the solver. One thread, limits in nodes, so that the same gives the same."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import highspy
import numpy
from numpy.typing import NDArray

from rosters.core.planner.programs import Floats, Program


@dataclass(frozen=True, slots=True)
class Effort:
    """When to stop: `gap` is the distance to the optimum that is good enough, in the objective's unit."""

    seconds: float
    gap: float
    nodes: int = 20_000
    seed: int = 1
    whole: bool = True  # False: only the linear relaxation


@dataclass(frozen=True, slots=True)
class Solved:
    """`values` is None without a whole solution, `bound` -inf without one. `duals` are of the relaxation's rows."""

    values: Floats | None
    objective: float
    bound: float
    duals: Floats | None = None


NOTHING = Solved(None, float("inf"), float("-inf"))
NEARLY = 1e-6


def solve(program: Program, effort: Effort) -> Solved:
    """First the linear relaxation. Where it is not whole: a whole answer in the columns that it or the start uses.

    Where that leaves too large a gap: the same over every column that can still matter by its reduced cost.
    """
    if not len(program.cost):
        return Solved(numpy.zeros(0), 0.0, 0.0)
    until = time.monotonic() + effort.seconds
    solver = _run(program, effort, whole=False)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return NOTHING
    found, lowest = solver.getSolution(), solver.getInfo().objective_function_value
    values, duals, reduced = (numpy.array(part) for part in (found.col_value, found.row_dual, found.col_dual))
    del solver, found
    pairs = values[: program.whole]
    if not effort.whole or numpy.all(numpy.abs(pairs - numpy.round(pairs)) < NEARLY):
        return Solved(values, lowest, lowest, duals)
    used = values > NEARLY
    if program.start is not None:
        used[: len(program.start)] |= program.start > NEARLY
    best = _whole(program, used, effort, until)
    if best.values is None:
        best = _whole(program, numpy.ones(len(used), dtype=bool), effort, until)
        return replace(best, bound=max(lowest, best.bound), duals=duals)
    if best.objective - lowest > effort.gap:
        mattering = reduced <= best.objective - lowest + NEARLY
        again = _whole(replace(program, start=best.values), mattering, effort, until)
        lowest = max(lowest, min(best.objective, again.bound))  # a pair left out would cost more than what we have
        best = min(best, again, key=lambda one: one.objective)
    return replace(best, bound=lowest, duals=duals)


def _whole(program: Program, used: NDArray[numpy.bool_], effort: Effort, until: float) -> Solved:
    """With whole numbers, among these columns of pairs and all others."""
    left = until - time.monotonic()
    if left <= 0:
        return NOTHING
    upper = program.upper.copy()
    upper[: program.whole][~used[: program.whole]] = 0.0
    solver = _run(replace(program, upper=upper), replace(effort, seconds=left), whole=True)
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return NOTHING
    return Solved(numpy.array(solver.getSolution().col_value), info.objective_function_value, info.mip_dual_bound)


def _run(program: Program, effort: Effort, whole: bool) -> highspy.Highs:
    columns, rows = len(program.cost), len(program.row_lower)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", effort.seed % 2_000_000_000),
        ("time_limit", max(0.01, effort.seconds)),
        ("mip_max_nodes", effort.nodes),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", effort.gap),
    ):
        solver.setOptionValue(name, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, numpy.zeros(columns), program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = program.starts, program.index
    model.a_matrix_.value_ = program.value
    if whole:
        kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
        model.integrality_ = [kinds[column >= program.whole] for column in range(columns)]
    solver.passModel(model)
    if whole and program.start is not None:
        known = len(program.start)
        solver.setSolution(known, numpy.arange(known, dtype=numpy.int32), program.start)
    solver.run()
    return solver
