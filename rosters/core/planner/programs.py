"""Programs for the solver: columns, rows, and how they are told."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy
from numpy.typing import NDArray

Floats = NDArray[numpy.float64]
Ints = NDArray[numpy.int32]


def floats(values: Sequence[float]) -> Floats:
    return numpy.array(values, dtype=numpy.float64)


@dataclass(slots=True)
class Program:
    """Minimise cost*x with rows in [row_lower, row_upper], 0 <= x <= upper; the first `whole` columns are whole."""

    whole: int
    cost: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    starts: Ints
    index: Ints
    value: Floats
    start: Floats | None = None  # a solution to begin with


@dataclass(slots=True)
class Rows:
    """Rows as they are told, column by column number."""

    lower: array[float] = field(default_factory=lambda: array("d"))
    upper: array[float] = field(default_factory=lambda: array("d"))
    starts: array[int] = field(default_factory=lambda: array("i", [0]))
    index: array[int] = field(default_factory=lambda: array("i"))
    value: array[float] = field(default_factory=lambda: array("d"))
    cost: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def column(self, cost: float, most: float) -> int:
        self.cost.append(cost)
        self.most.append(most)
        return len(self.cost) - 1

    def row(self, lower: float, upper: float, plus: Iterable[int], minus: Iterable[int] = ()) -> None:
        for sign, columns in ((1.0, plus), (-1.0, minus)):
            for column in columns:
                self.index.append(column)
                self.value.append(sign)
        self.starts.append(len(self.index))
        self.lower.append(lower)
        self.upper.append(upper)

    def program(self, whole: int) -> Program:
        return Program(
            whole=whole,
            cost=floats(self.cost),
            upper=floats(self.most),
            row_lower=floats(self.lower),
            row_upper=floats(self.upper),
            starts=numpy.array(self.starts, dtype=numpy.int32),
            index=numpy.array(self.index, dtype=numpy.int32),
            value=floats(self.value),
        )
