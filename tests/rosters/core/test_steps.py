"""When a duty is reminded of, asked about again, alarmed and announced: also Fridays, holidays and both nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from rosters.core import quiet, steps
from rosters.core.wall import AMSTERDAM


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM).astimezone(UTC)  # type: ignore[arg-type, misc]


REMINDED = [
    ("Wednesday for Thursday", (2026, 11, 19, 9), (2026, 11, 18, 16)),
    ("Friday for Monday", (2026, 11, 23, 9), (2026, 11, 20, 16)),
    ("Friday for Sunday", (2026, 11, 22, 9), (2026, 11, 20, 16)),
    ("before Easter, Thursday: Good Friday is a holiday", (2026, 4, 6, 9), (2026, 4, 2, 16)),
    ("over the spring night", (2026, 3, 30, 9), (2026, 3, 27, 16)),
    ("over the autumn night", (2026, 10, 26, 9), (2026, 10, 23, 16)),
    ("over the year's end", (2027, 1, 2, 9), (2026, 12, 31, 16)),
    ("a night duty of the same evening's day", (2026, 11, 19, 22), (2026, 11, 18, 16)),
]


@pytest.mark.parametrize(("_story", "starts", "reminded"), REMINDED, ids=[story for story, *_ in REMINDED])
def test_the_reminder_comes_at_four_on_the_last_working_day(
    _story: str, starts: tuple[int, ...], reminded: tuple[int, ...]
) -> None:
    made = local(2026, 1, 5, 9)
    assert steps.first_step(local(*starts), made) == ("remind", local(*reminded))


def test_a_duty_made_after_its_reminder_was_due_is_reminded_at_once() -> None:
    now = local(2026, 11, 18, 20)
    assert steps.first_step(local(2026, 11, 19, 9), now) == ("remind", now)


def test_a_duty_made_just_before_it_starts_is_only_announced() -> None:
    now = local(2026, 11, 18, 8)
    assert steps.first_step(local(2026, 11, 18, 9), now) == ("start", local(2026, 11, 18, 8, 55))
    assert steps.first_step(local(2026, 11, 18, 8, 2), now) == ("start", now)


def test_a_duty_that_runs_has_no_steps() -> None:
    assert steps.first_step(local(2026, 11, 18, 9), local(2026, 11, 18, 9)) == ("", None)


def test_who_confirmed_is_not_asked_again() -> None:
    starts, now = local(2026, 11, 19, 9), local(2026, 11, 18, 16)
    assert steps.next_step("remind", starts, False, now) == ("nudge", local(2026, 11, 18, 18))
    assert steps.next_step("nudge", starts, False, now) == ("alarm", local(2026, 11, 18, 20))
    assert steps.next_step("remind", starts, True, now) == ("start", local(2026, 11, 19, 8, 55))
    assert steps.next_step("start", starts, True, now) == ("", None)


def test_the_working_day_before() -> None:
    assert steps.last_working_day_before(date(2026, 12, 28)) == date(2026, 12, 24)


QUIET = [
    ("in the day", (2026, 11, 18, 12), (2026, 11, 18, 12)),
    ("in the evening", (2026, 11, 18, 20), (2026, 11, 19, 7, 30)),
    ("at night", (2026, 11, 19, 3), (2026, 11, 19, 7, 30)),
    ("on Friday evening", (2026, 11, 20, 21), (2026, 11, 23, 7, 30)),
    ("on Saturday at noon", (2026, 11, 21, 12), (2026, 11, 23, 7, 30)),
    ("in the spring night", (2026, 3, 29, 4), (2026, 3, 30, 7, 30)),
]


@pytest.mark.parametrize(("_story", "now", "then"), QUIET, ids=[story for story, *_ in QUIET])
def test_quiet_hours(_story: str, now: tuple[int, ...], then: tuple[int, ...]) -> None:
    assert quiet.in_day_time(local(*now)) == local(*then)


def test_every_minute_of_a_fortnight_leads_to_a_working_day() -> None:
    moment = local(2026, 10, 19)
    for _ in range(14 * 24 * 6):
        allowed = quiet.in_day_time(moment).astimezone(AMSTERDAM)
        assert allowed.weekday() < 5
        assert (7, 30) <= (allowed.hour, allowed.minute) < (20, 0)
        moment += timedelta(minutes=10)
