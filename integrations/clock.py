"""The only clock. Edges call now(); cores take `now` as a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; inside `at(...)` the moment that stands still there."""
    return _fixed.get() or datetime.now(UTC)


def is_fixed() -> bool:
    """Whether time is being moved by hand in this context (a test or a simulation)."""
    return _fixed.get() is not None


def move_to(moment: datetime) -> None:
    """Set the clock of this context; only inside `at(...)`."""
    if _fixed.get() is None:
        raise RuntimeError("the clock runs by itself here: open `clock.at(...)` first")
    _fixed.set(moment.astimezone(UTC))


def forward(step: timedelta) -> datetime:
    """Move the standing clock of this context on by `step` and return the new moment."""
    move_to(now() + step)
    return now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware) for this context."""
    if moment.tzinfo is None:
        raise ValueError("clock.at needs an aware datetime")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
