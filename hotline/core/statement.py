"""An urenstaat: the lines of a month, what its person put right, and what changed since it was handed in. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

EXTRA = "extra"  # key of the line for work that no evidence shows
MOST_MINUTES = 8 * 24 * 60  # of one line: the longest duty
EVIDENCE = ("starts_at", "ends_at", "desk", "position", "minutes", "calls", "call_minutes")


@dataclass(frozen=True, slots=True)
class Line:
    """A duty (`duty:12`), the calls of a day outside duties (`calls:2026-11-03`), or the extra line (`extra`).

    `minutes` and `call_minutes` come from evidence. `corrected` and `remark` are what the person says himself.
    """

    key: str
    day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    desk: str = ""
    position: int = 1
    minutes: int = 0
    calls: int = 0
    call_minutes: int = 0
    is_running: bool = False
    corrected: int | None = None
    remark: str = ""

    @property
    def is_duty(self) -> bool:
        return self.starts_at is not None

    @property
    def duty_id(self) -> int | None:
        kind, _colon, number = self.key.partition(":")
        return int(number) if kind == "duty" else None

    @property
    def is_quiet(self) -> bool:
        """A duty without a single call: it counts like any other."""
        return self.is_duty and self.calls == 0 and not self.is_running

    @property
    def counted(self) -> int:
        """The minutes that count: the correction when there is one."""
        return self.minutes if self.corrected is None else self.corrected


@dataclass(frozen=True, slots=True)
class Totals:
    duties: int
    minutes: int  # that count
    evidence: int  # minutes as the evidence has them
    calls: int
    call_minutes: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What the evidence says now of a line that was handed in otherwise; None: there is no such line."""

    was: Line | None
    now: Line | None

    @property
    def line(self) -> Line:
        found = self.now or self.was
        assert found is not None
        return found


def totals(lines: Iterable[Line]) -> Totals:
    rows = list(lines)
    return Totals(
        duties=sum(line.is_duty for line in rows),
        minutes=sum(line.counted for line in rows),
        evidence=sum(line.minutes for line in rows),
        calls=sum(line.calls for line in rows),
        call_minutes=sum(line.call_minutes for line in rows),
        corrections=sum(line.corrected is not None for line in rows),
    )


def put_right(lines: Sequence[Line], corrections: Mapping[str, Mapping[str, Any]], last_day: date) -> tuple[Line, ...]:
    """The lines with what their person put right: {key: {minutes, text}}. The extra line comes last."""
    found = [
        replace(line, corrected=said["minutes"], remark=said["text"]) if (said := corrections.get(line.key)) else line
        for line in lines
    ]
    if extra := corrections.get(EXTRA):
        found.append(Line(EXTRA, last_day, corrected=extra["minutes"], remark=extra["text"]))
    return tuple(found)


def differences(handed_in: Sequence[Line], evidence: Sequence[Line]) -> tuple[Difference, ...]:
    """Lines of which the evidence says something else now. What the person said of them himself is left out of it."""
    was = {line.key: line for line in handed_in if line.key != EXTRA}
    now = {line.key: line for line in evidence if line.key != EXTRA}
    found = [
        Difference(was.get(key), now.get(key))
        for key in {**was, **now}
        if key not in was or key not in now or _evidence(was[key]) != _evidence(now[key])
    ]
    return tuple(sorted(found, key=lambda one: (one.line.day, one.line.key)))


def as_json(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """As they are frozen. `from_json` gives the same lines back."""
    return [json.loads(json.dumps(asdict(line), default=_text)) for line in lines]


def from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            **{
                **row,
                "day": date.fromisoformat(row["day"]),
                "starts_at": _moment(row["starts_at"]),
                "ends_at": _moment(row["ends_at"]),
            }
        )
        for row in rows
    )


def hash_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of frozen lines, in hexadecimals: who agrees, agrees to exactly these."""
    text = json.dumps(rows, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _evidence(line: Line) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in EVIDENCE)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(value: date | datetime) -> str:
    return value.isoformat()
