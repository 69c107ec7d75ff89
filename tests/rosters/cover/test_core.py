"""When people are asked, reminded and told; and how a duty is cut. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rosters.core import cover
from rosters.core.intervals import Interval

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """A moment in November 2026 on the wall (an hour ahead of UTC): '18 10:30' is a Wednesday."""
    day, hour = text.split()
    return datetime.strptime(f"2026-11-{day} {hour}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) - HOUR


@pytest.mark.parametrize(
    ("now", "starts", "asked"),
    [
        ("18 10:30", "26 09:00", "18 10:30"),  # by day: at once
        ("18 21:00", "26 09:00", "19 07:30"),  # in the evening: next morning
        ("20 21:00", "26 09:00", "23 07:30"),  # Friday evening: Monday
        ("18 21:00", "18 23:00", "18 21:00"),  # starts within four hours: at once, at night too
        ("18 21:00", "19 09:00", "19 07:30"),  # an hour and a half is left
        ("20 21:00", "23 09:00", "21 07:30"),  # Monday would be late: by day in the weekend
        ("18 23:00", "19 06:00", "19 02:00"),  # a night duty: four hours before
    ],
)
def test_nobody_is_asked_at_night_about_what_can_wait(now: str, starts: str, asked: str) -> None:
    assert cover.ask_at(at(starts), at(now)) == at(asked)


def test_the_steps_of_a_request_of_two_weeks_ahead() -> None:
    made, starts = at("12 10:30"), at("26 09:00")
    planned = cover.plan(starts, made, cover.closes_at(starts, starts + 4 * HOUR, made, vacant=False))
    assert [(step.name, step.at) for step in planned] == [
        ("remind", at("19 09:00")),
        ("remind", at("23 09:00")),
        ("not_found", at("25 09:00")),
        ("remind", at("25 09:00")),
        ("not_found", at("25 18:00")),  # four hours before is five in the morning: told the evening before
        ("close", at("26 07:00")),
    ]


def test_who_was_asked_an_hour_ago_is_not_reminded() -> None:
    made, starts = at("25 08:00"), at("26 09:00")
    planned = cover.plan(starts, made, starts - 2 * HOUR)
    assert [step.name for step in planned] == ["not_found", "close"]


def test_not_found_before_a_monday_is_told_on_friday_evening() -> None:
    planned = cover.plan(at("23 09:00"), at("18 10:30"), at("23 07:00"))
    assert [step.at for step in planned if step.name == "not_found"] == [at("20 18:00")]


@pytest.mark.parametrize(
    ("starts", "now", "until"),
    [("26 09:00", "18 10:30", "18 10:45"), ("18 12:40", "18 10:30", "18 10:40"), ("18 12:00", "18 10:30", None)],
)
def test_taking_back_is_for_15_minutes_and_not_within_two_hours(starts: str, now: str, until: str | None) -> None:
    assert cover.undo_until(at(starts), at(now)) == (at(until) if until else None)


def test_a_request_closes_two_hours_before_and_a_vacant_one_at_its_end() -> None:
    starts, ends = at("26 09:00"), at("26 13:00")
    assert cover.closes_at(starts, ends, at("18 10:30"), vacant=False) == at("26 07:00")
    assert cover.closes_at(starts, ends, at("26 06:00"), vacant=False) == starts
    assert cover.closes_at(starts, ends, at("26 10:00"), vacant=False) == ends
    assert cover.closes_at(starts, ends, at("18 10:30"), vacant=True) == ends


def test_halves_are_cut_at_a_whole_hour() -> None:
    assert cover.halves(Interval(at("26 09:00"), at("26 14:00"))) == (
        Interval(at("26 09:00"), at("26 11:00")),
        Interval(at("26 11:00"), at("26 14:00")),
    )
    assert cover.halves(Interval(at("26 09:00"), at("26 10:30"))) == ()


@pytest.mark.parametrize(
    ("name", "short"), [("Sanne de Vries", "Sanne de V."), ("mr. Y. Kaya", "mr. Y. K."), ("Ada", "Ada"), ("", "")]
)
def test_colleagues_are_named_shortly(name: str, short: str) -> None:
    assert cover.short_name(name) == short
