"""Four half-years of one region, planned one after another: does what was carried over even out? And a plot of it."""

from __future__ import annotations

import random
import statistics
from typing import Any

from benchmarks import planner_check, planner_problems
from rosters.core.planner import engine, read

HALF_YEARS = 4
WIDE, HIGH, LEFT, BOTTOM = 640, 320, 64, 44


def half_years(carry: bool, size: str = "half-year") -> list[float]:
    """The spread (standard deviation as a part of the mean) of cumulative load per share, before and after each.

    People begin with unequal ledgers. Everybody's absences are drawn anew each half-year.
    """
    draw = random.Random(1)
    first = planner_problems.problem(size, 1)
    had = {one["id"]: float(draw.randrange(0, 25)) for one in first["people"]}
    weight = {one["id"]: one["weight"] for one in first["people"]}
    found = [_spread(had, weight)]
    for number in range(1, HALF_YEARS + 1):
        problem = planner_problems.problem(size, number)
        places: dict[str, dict[str, Any]] = {one["id"]: one for one in problem["people"]}
        for one in first["people"]:  # the same people, other absences
            places[one["id"]] |= {name: one[name] for name in ("areas", "regions", "weight", "max_per_week")}
            places[one["id"]]["past_load"] = had[one["id"]] if carry else 0.0
        problem["locked"] = []
        proposal = read.proposal_as_json(engine.plan(read.problem(problem), seconds=30, workers=0))
        faults = planner_check.faults(problem, proposal)
        if faults:
            raise RuntimeError(faults[0])
        for place in proposal["assigned"]:
            had[place["person"]] += 1
        found.append(_spread(had, weight))
    return found


def _spread(had: dict[str, float], weight: dict[str, float]) -> float:
    loads = [count / weight[name] for name, count in had.items()]
    return statistics.pstdev(loads) / statistics.mean(loads)


def plot(carried: list[float], forgotten: list[float]) -> str:
    """Both as lines over the half-years, in the colours of the page around it."""
    top = max(*carried, *forgotten) * 1.1

    def at(number: int, value: float) -> tuple[float, float]:
        across = LEFT + (WIDE - LEFT - 20) * number / HALF_YEARS
        return round(across, 1), round(HIGH - BOTTOM - (HIGH - BOTTOM - 20) * value / top, 1)

    lines = []
    for name, values, dash in (("carried over", carried, ""), ("each half-year by itself", forgotten, "6 4")):
        points = [at(number, value) for number, value in enumerate(values)]
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        path = " ".join(f"{x},{y}" for x, y in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="2"{dashed}/>')
        lines += [f'<circle cx="{x}" cy="{y}" r="3" fill="currentColor"/>' for x, y in points]
        x, y = points[-1]
        lines.append(f'<text x="{x}" y="{y - 10}" text-anchor="end">{name}: {values[-1]:.0%}</text>')
    for number in range(HALF_YEARS + 1):
        x, y = at(number, 0)
        lines.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{number}</text>')
    for step in range(int(top * 10) + 1):
        x, y = at(0, step / 10)
        lines.append(f'<text x="{x - 8}" y="{y + 4}" text-anchor="end">{step * 10}%</text>')
        lines.append(f'<line x1="{x}" x2="{WIDE - 20}" y1="{y}" y2="{y}" stroke="currentColor" stroke-opacity="0.2"/>')
    title = "Spread of cumulative load per agreed share over four half-years"
    middle = (WIDE + LEFT) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{title}" '
        f'font-family="sans-serif" font-size="13" color="#334">\n<title>{title}</title>\n'
        + "\n".join(lines)
        + f'\n<text x="{middle}" y="{HIGH - 6}" text-anchor="middle">half-years planned</text>\n</svg>\n'
    )
