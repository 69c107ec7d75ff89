"""Readers of parsed JSON: each takes what was found and its path, and gives the value or refuses it with that path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rosters.core.intervals import Interval
from rosters.core.planner.values import ProblemError

LARGEST = 1_000_000_000
MOMENT = re.compile(r"(?:19|20|21)\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ", re.ASCII)
REQUIRED: Any = object()
Reader = Callable[[Any, str], Any]


def an_object(found: Any, path: str, fields: Mapping[str, tuple[Reader, Any]]) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ProblemError(path, "must be an object")
    for name in found:
        if name not in fields:
            raise ProblemError(_at(path, name), f"is not known; there is {', '.join(fields)}")
    read = {}
    for name, (reader, default) in fields.items():
        if name in found:
            read[name] = reader(found[name], _at(path, name))
        elif default is REQUIRED:
            raise ProblemError(_at(path, name), "is missing")
        else:
            read[name] = default
    return read


def a_list(reader: Reader) -> Reader:
    def read(found: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(found, list):
            raise ProblemError(path, "must be a list")
        return tuple([reader(one, f"{path}[{number}]") for number, one in enumerate(found)])

    return read


def a_stretch(found: Any, path: str) -> Interval:
    if not isinstance(found, list) or len(found) != 2:
        raise ProblemError(path, "must be a list of a start and an end")
    start, end = a_moment(found[0], f"{path}[0]"), a_moment(found[1], f"{path}[1]")
    if end <= start:
        raise ProblemError(path, "must end after it starts")
    return Interval(start, end)


def a_moment(found: Any, path: str) -> datetime:
    wrong = ProblemError(path, "must be a moment in UTC, such as 2027-01-04T08:00:00Z")
    if not isinstance(found, str) or not MOMENT.fullmatch(found):
        raise wrong
    try:
        return datetime.fromisoformat(found)
    except ValueError as none_such:  # 31 June
        raise wrong from none_such


def a_name(found: Any, path: str) -> str:
    if not isinstance(found, str) or not found:
        raise ProblemError(path, "must be a text that is not empty")
    return found


def a_word(found: Any, path: str) -> str:
    if not isinstance(found, str):
        raise ProblemError(path, "must be a text")
    return found


def a_flag(found: Any, path: str) -> bool:
    if not isinstance(found, bool):
        raise ProblemError(path, "must be true or false")
    return found


def a_whole(least: int) -> Reader:
    def read(found: Any, path: str) -> int:
        if isinstance(found, float) and found.is_integer():
            found = int(found)
        if isinstance(found, bool) or not isinstance(found, int):
            raise ProblemError(path, "must be a whole number")
        if found < least:
            raise ProblemError(path, f"must be >= {least}")
        if found > LARGEST:
            raise ProblemError(path, f"must be <= {LARGEST}")
        return found

    return read


def a_cap(found: Any, path: str) -> int | None:
    return None if found is None else int(a_whole(0)(found, path))


def a_number(above: float | None = None, at_least: float | None = None, limit: float = LARGEST) -> Reader:
    def read(found: Any, path: str) -> float:
        if isinstance(found, bool) or not isinstance(found, int | float) or found != found:
            raise ProblemError(path, "must be a number")
        if found > limit:
            raise ProblemError(path, f"must be <= {limit:g}")
        if above is not None and not found > above:
            raise ProblemError(path, f"must be > {above:g}")
        if at_least is not None and not found >= at_least:
            raise ProblemError(path, f"must be >= {at_least:g}")
        return float(found)

    return read


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
