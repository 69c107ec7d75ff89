"""What people type about when they can, as a table. Said on Wednesday 18 November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters.core import quick_text
from rosters.core.availability import CAN, CANNOT, RATHER_NOT
from rosters.core.dagdelen import Part
from rosters.core.intervals import Interval
from rosters.core.quick_text import Days, EveryWeek, NotUnderstood, understand

TODAY = date(2026, 11, 18)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def days(
    first: date, last: date | None = None, part: str = "", times: tuple[int, int] | None = None, **more: str
) -> Days:
    return Days(first, last or first, part, times, more.get("level", CANNOT), more.get("reason", ""))


TABLE: dict[str, object] = {
    "elke woensdag": EveryWeek((2,), "", CANNOT),
    "Elke woensdag.": EveryWeek((2,), "", CANNOT),
    "elke wo middag": EveryWeek((2,), "middag", CANNOT),
    "elke woensdagmiddag": EveryWeek((2,), "middag", CANNOT),
    "elke vrijdag liever niet": EveryWeek((4,), "", RATHER_NOT),
    "liever niet elke vrijdag": EveryWeek((4,), "", RATHER_NOT),
    "iedere ma en wo ochtend": EveryWeek((0, 2), "ochtend", CANNOT),
    "alle maandagen, dinsdagen": EveryWeek((0, 1), "", CANNOT),
    "elke werkdag avond kan": EveryWeek((0, 1, 2, 3, 4), "avond", CAN),
    "elke dag kan wel": EveryWeek(tuple(range(7)), "", CAN),
    "elke do cursus": EveryWeek((3,), "", CANNOT, "course"),
    "12-19 aug": days(day(8, 12, 2027), day(8, 19, 2027)),
    "12 – 19 augustus": days(day(8, 12, 2027), day(8, 19, 2027)),
    "12 t/m 19 aug vakantie": days(day(8, 12, 2027), day(8, 19, 2027), reason="holiday"),
    "vakantie van 12 tot en met 19 aug 2027": days(day(8, 12, 2027), day(8, 19, 2027), reason="holiday"),
    "12-19 nov": days(day(11, 12), day(11, 19)),
    "12-17 nov": days(day(11, 12, 2027), day(11, 17, 2027)),
    "12 aug": days(day(8, 12, 2027)),
    "18 nov": days(day(11, 18)),
    "17 nov": days(day(11, 17, 2027)),
    "12-8": days(day(8, 12, 2027)),
    "12-8-2027": days(day(8, 12, 2027)),
    "12 aug 2028": days(day(8, 12, 2028)),
    "29 feb": days(day(2, 29, 2028)),
    "12 aug - 3 sep": days(day(8, 12, 2027), day(9, 3, 2027)),
    "28 dec - 3 jan": days(day(12, 28), day(1, 3, 2027)),
    "28 dec 2026 - 3 jan": days(day(12, 28), day(1, 3, 2027)),
    "1 nov - 1 dec": days(day(11, 1), day(12, 1)),
    "12 augustus ochtend": days(day(8, 12, 2027), part="ochtend"),
    "12-14 aug middag": days(day(8, 12, 2027), day(8, 14, 2027), "middag"),
    "volgende week": days(day(11, 23), day(11, 29)),
    "volgende week liever niet": days(day(11, 23), day(11, 29), level=RATHER_NOT),
    "deze week": days(TODAY, day(11, 22)),
    "week 53": days(day(12, 28), day(1, 3, 2027)),
    "week 9": days(day(3, 1, 2027), day(3, 7, 2027)),
    "morgen": days(day(11, 19)),
    "morgenochtend zitting": days(day(11, 19), part="ochtend", reason="court"),
    "overmorgen kan niet": days(day(11, 20)),
    "vandaag 13-17": days(TODAY, times=(780, 1020)),
    "vrijdag": days(day(11, 20)),
    "woensdag": days(day(11, 25)),
    "komende ma middag": days(day(11, 23), part="middag"),
    "di 24 nov 13-17": days(day(11, 24), times=(780, 1020)),
    "di 24 nov 13:30 - 17.15 uur": days(day(11, 24), times=(810, 1035)),
    "24 nov van 9 tot 13 uur zitting": days(day(11, 24), times=(540, 780), reason="court"),
    "ik kan wel op 24 nov": days(day(11, 24), level=CAN),
    "ziek vandaag": days(TODAY, reason="ill"),
}
REFUSED = {
    "": quick_text.NOT_UNDERSTOOD,
    "blabla": quick_text.NOT_UNDERSTOOD,
    "kan niet": quick_text.NOT_UNDERSTOOD,
    "elke": quick_text.NOT_UNDERSTOOD,
    "elke woensdag blabla": quick_text.NOT_UNDERSTOOD,
    "elke woensdag 13-17": quick_text.HABIT_TIMES,
    "31 nov": quick_text.WRONG_DAY,
    "30 feb": quick_text.WRONG_DAY,
    "12-15": quick_text.WRONG_DAY,
    "week 54": quick_text.WRONG_DAY,
    "24 nov 13-25": quick_text.WRONG_DAY,
    "19-12 aug": quick_text.BACKWARDS,
    "24 nov 17-13": quick_text.BACKWARDS,
    "12 aug 2027 - 3 jan 2027": quick_text.BACKWARDS,
    "12 aug 2025": quick_text.PAST,
    "1 jan 2027 - 1 mrt 2029": quick_text.TOO_LONG,
    "1 jan - 1 juli ochtend": quick_text.TOO_LONG,
    "ma 24 nov": quick_text.WRONG_WEEKDAY,
}


@pytest.mark.parametrize(("text", "meaning"), TABLE.items())
def test_understands(text: str, meaning: object) -> None:
    assert understand(text, TODAY) == meaning


@pytest.mark.parametrize(("text", "code"), REFUSED.items())
def test_says_what_it_does_not_understand(text: str, code: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        understand(text, TODAY)
    assert refused.value.code == code


@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*" ".join(TABLE).split(), "-", "99"]), max_size=7).map(" ".join)
)
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        meaning = understand(text, TODAY)
    except NotUnderstood:
        return
    if isinstance(meaning, Days):
        assert meaning.last >= TODAY
        assert meaning.first <= meaning.last
        assert all(one.start < one.end for one in quick_text.stretches(meaning))
    else:
        assert meaning.weekdays


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(1, 28), st.integers(1, 12))
def test_a_day_without_a_year_is_the_first_one_that_has_not_passed(today: date, number: int, month: int) -> None:
    found = understand(f"{number}-{month}", today)
    assert isinstance(found, Days)
    assert today <= found.first <= date(today.year + 1, month, number)
    assert (found.first.day, found.first.month) == (number, month)
    assert date(found.first.year - 1, month, number) < today


def test_whole_days_are_one_stretch_on_the_wall_over_the_night_that_changes() -> None:
    (week,) = quick_text.stretches(understand("22-28 maart 2027", TODAY))
    assert week == Interval(datetime(2027, 3, 21, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC))


def test_a_part_of_several_days_is_a_stretch_for_each_day_by_the_hours_of_the_line() -> None:
    meaning = understand("24-25 nov ochtend", TODAY)
    usual = quick_text.stretches(meaning)
    own = quick_text.stretches(meaning, [Part("ochtend", 480, 720)])
    assert [one.start.hour for one in usual] == [8, 8]
    assert [(one.start.hour, one.end.hour) for one in own] == [(7, 11), (7, 11)]
