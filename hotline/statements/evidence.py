"""The lines of a month from what really was: duties as far as they were done, and the calls that were taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from hotline import figures
from hotline.core.statement import Line
from hotline.figures import Talk
from rosters import ledger
from rosters.core import wall
from rosters.core.weekly import MAX_DUTY
from rosters.ledger import Done, Period


def lines_of(person_ids: Iterable[int], month: Period) -> dict[int, tuple[Line, ...]]:
    """Per person, also who did nothing, the lines in order; for any number of people in four statements.

    A call belongs to the duty in which it was taken, also after midnight of the last day.
    """
    ids = set(person_ids)
    window = month.window
    done = ledger.done_by(ids, window.start - MAX_DUTY, window.end)
    talks = figures.talks_of(ids, window.start, window.end + MAX_DUTY)
    names = ledger.desk_names({one.desk_id for rows in done.values() for one in rows})
    return {one: _lines(done.get(one, []), talks.get(one, []), names, month) for one in ids}


def _lines(done: list[Done], talks: list[Talk], names: dict[int, str], month: Period) -> tuple[Line, ...]:
    known = {one.duty_id for one in done}
    of_duty: dict[int, list[Talk]] = defaultdict(list)
    of_day: dict[date, list[Talk]] = defaultdict(list)
    for talk in talks:
        if talk.duty_id in known:
            of_duty[talk.duty_id].append(talk)
        elif talk.at < month.window.end:
            of_day[wall.day_of(talk.at)].append(talk)
    lines = [
        Line(
            key=f"duty:{one.duty_id}",
            day=one.day,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            desk=names.get(one.desk_id, ""),
            position=one.position,
            minutes=one.minutes,
            calls=len(of_duty[one.duty_id]),
            call_minutes=_minutes(of_duty[one.duty_id]),
            is_running=one.is_running,
        )
        for one in done
        if one.day >= month.starts_on
    ]
    lines += [
        Line(key=f"calls:{day}", day=day, calls=len(some), call_minutes=_minutes(some)) for day, some in of_day.items()
    ]
    return tuple(sorted(lines, key=_place))


def _place(line: Line) -> tuple[date, bool, float, str]:
    return line.day, not line.is_duty, line.starts_at.timestamp() if line.starts_at else 0.0, line.key


def _minutes(talks: Iterable[Talk]) -> int:
    """Every minute that was begun, over all of them together."""
    return -(-sum(talk.seconds for talk in talks) // 60)
