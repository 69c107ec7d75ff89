"""Who may take a duty, rule by rule, and in which order people are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rosters.core import eligible
from rosters.core.eligible import Candidate, Held, Wanted
from rosters.core.intervals import Interval

HUUR, ARBEID = 1, 2
WALCHEREN, ZEELAND, ZWOLLE = 10, 11, 12


def on(day: int, start: int = 8, end: int = 12, month: int = 11) -> Interval:
    """A stretch of a day of November 2026, in hours UTC; 24 and later is the next day."""
    midnight = datetime(2026, month, day, tzinfo=UTC)
    return Interval(midnight + timedelta(hours=start), midnight + timedelta(hours=end))


WANTED = Wanted(on(18), desk_id=5, areas=frozenset({HUUR}), regions=frozenset({WALCHEREN, ZEELAND}))
ADA = Candidate(1, "Ada", areas={HUUR: None}, regions=frozenset({WALCHEREN}))


def held(*stretches: Interval, desk_id: int = 9) -> tuple[Held, ...]:
    return tuple(Held(stretch, desk_id) for stretch in stretches)


RULES: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("fits", {}, ()),
    ("another area", {"areas": {ARBEID: None}}, ("not_qualified",)),
    ("a generalist", {"areas": {}, "generalist": True}, ()),
    ("registered until the day itself", {"areas": {HUUR: date(2026, 11, 18)}}, ()),
    ("registered until the day before", {"areas": {HUUR: date(2026, 11, 17)}}, ("expired",)),
    ("of a region elsewhere", {"regions": frozenset({ZWOLLE})}, ("other_region",)),
    ("of every region", {"regions": None}, ()),
    ("on duty then", {"held": held(on(18, 11, 15))}, ("on_duty",)),
    ("a duty that touches before", {"held": held(on(18, 4, 8))}, ()),
    ("a duty that touches after", {"held": held(on(18, 12, 16))}, ()),
    ("later the same day", {"held": held(on(18, 14, 16))}, ()),
    ("last evening until 23:00", {"held": held(on(17, 18, 22))}, ("rest",)),
    ("last evening until 22:00: eleven hours", {"held": held(on(17, 17, 21))}, ()),
    ("early the next morning", {"held": held(on(18, 20, 22), on(19, 3, 6))}, ()),
    ("absent in the last minute", {"cannot": (on(18, 11, 30),)}, ("absent",)),
    ("absent until the first minute", {"cannot": (on(17, 0, 32),)}, ()),
    ("the week is full", {"held": held(on(16), on(20)), "max_per_week": 2}, ("week_full",)),
    ("last week was full", {"held": held(on(12), on(13)), "max_per_week": 2}, ()),
    ("the month is full", {"held": held(on(4), on(5)), "max_per_month": 2}, ("month_full",)),
    ("another month was full", {"held": held(on(4, month=10), on(5, month=10)), "max_per_month": 2}, ()),
    (
        "everything at once",
        {"areas": {}, "regions": frozenset(), "cannot": (on(18),), "held": held(on(18)), "max_per_week": 1},
        ("not_qualified", "other_region", "on_duty", "absent", "week_full"),
    ),
]


@pytest.mark.parametrize(("_story", "changes", "broken"), RULES, ids=[story for story, *_ in RULES])
def test_each_rule(_story: str, changes: dict[str, Any], broken: tuple[str, ...]) -> None:
    assert eligible.broken_rules(WANTED, replace(ADA, **changes)) == broken


def test_a_contact_point_asks_no_registration() -> None:
    assert eligible.broken_rules(replace(WANTED, areas=frozenset()), replace(ADA, areas={})) == ()


def test_who_breaks_only_his_own_protection_may_take_it_himself() -> None:
    tired = replace(ADA, held=held(on(17, 18, 22)), max_per_week=1)
    unregistered = replace(tired, id=2, areas={})
    verdicts = {verdict.id: verdict for verdict in eligible.ranked(WANTED, [tired, unregistered])}
    assert not verdicts[1].fits
    assert verdicts[1].may_take
    assert not verdicts[2].may_take


def test_the_order_is_willing_then_ready_then_least_load_then_name() -> None:
    people = [
        replace(ADA, id=1, name="Zoe", load=3),
        replace(ADA, id=2, name="Bos", load=3),
        replace(ADA, id=3, name="Chen", load=1, rather_not=(on(18),)),
        replace(ADA, id=4, name="Ali", load=0, ready=False),
        replace(ADA, id=5, name="Dirk", load=1, held=held(on(4), desk_id=5)),
        replace(ADA, id=6, name="Eva", load=0, cannot=(on(18),)),
    ]
    verdicts = eligible.ranked(WANTED, people)
    assert [verdict.name for verdict in verdicts] == ["Dirk", "Bos", "Zoe", "Ali", "Chen", "Eva"]
    assert verdicts[0].reasons == ("free", "knows_desk", "below_average")
    assert verdicts[0].difference == -1
    assert verdicts[3].reasons == ("free", "below_average", "not_ready")
    assert verdicts[4].reasons[-1] == "rather_not"
    assert verdicts[5].reasons == ("absent",)


def test_nobody_is_nobody() -> None:
    assert eligible.ranked(WANTED, []) == ()
