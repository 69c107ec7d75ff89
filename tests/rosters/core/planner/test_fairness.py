"""What is carried over evens out, half-year after half-year."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.planner_fairness import half_years, plot


@pytest.mark.slow
def test_over_four_half_years_the_spread_narrows_and_faster_than_without_a_ledger() -> None:
    carried, forgotten = half_years(carry=True), half_years(carry=False)
    assert all(later < before for before, later in pairwise(carried))
    assert carried[-1] < 0.75 * forgotten[-1]


def test_the_plot_shows_both() -> None:
    drawn = plot([0.8, 0.4, 0.2, 0.1, 0.05], [0.8, 0.6, 0.5, 0.4, 0.3])
    assert drawn.count("<polyline") == 2
    assert "carried over: 5%" in drawn
