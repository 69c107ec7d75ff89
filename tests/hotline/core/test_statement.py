"""An urenstaat without a database: what was put right, what changed, and the mark that is agreed to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.core import statement
from hotline.core.statement import Line

DAY = date(2026, 11, 18)
START = datetime(2026, 11, 18, 8, tzinfo=UTC)


def duty(number: int, minutes: int = 240, **fields: object) -> Line:
    end = START + timedelta(minutes=minutes)
    values = {"desk": "Piket", "minutes": minutes, **fields}
    return Line(f"duty:{number}", DAY, START, end, **values)  # type: ignore[arg-type]


def test_a_correction_counts_and_the_evidence_stays_beside_it() -> None:
    lines = statement.put_right(
        [duty(1), duty(2)],
        {"duty:1": {"minutes": 300, "text": "liep uit"}, "extra": {"minutes": 30, "text": "eigen nummer"}},
        date(2026, 11, 30),
    )
    assert [(line.key, line.minutes, line.counted, line.remark) for line in lines] == [
        ("duty:1", 240, 300, "liep uit"),
        ("duty:2", 240, 240, ""),
        ("extra", 0, 30, "eigen nummer"),
    ]
    assert statement.totals(lines) == statement.Totals(2, 570, 480, 0, 0, 2)


def test_a_correction_to_nothing_counts_nothing() -> None:
    lines = statement.put_right([duty(1)], {"duty:1": {"minutes": 0, "text": "was er niet"}}, DAY)
    assert statement.totals(lines).minutes == 0


def test_a_quiet_duty_is_a_duty() -> None:
    assert duty(1).is_quiet
    assert not duty(1, calls=1).is_quiet
    assert not duty(1, is_running=True).is_quiet
    assert not Line("calls:2026-11-18", DAY, calls=0).is_quiet


def test_what_the_evidence_says_later_is_a_difference_and_what_the_person_said_is_not() -> None:
    handed_in = statement.put_right([duty(1), duty(2), duty(3)], {"duty:1": {"minutes": 9, "text": "x"}}, DAY)
    assert statement.differences(handed_in, [duty(1), duty(2), duty(3)]) == ()
    found = statement.differences(handed_in, [duty(1), duty(2, 200), duty(4)])
    assert [(one.was and one.was.key, one.now and one.now.key) for one in found] == [
        ("duty:2", "duty:2"),
        ("duty:3", None),
        (None, "duty:4"),
    ]
    assert [one.line.key for one in found] == ["duty:2", "duty:3", "duty:4"]


@given(
    st.lists(
        st.builds(
            Line,
            key=st.text(min_size=1, max_size=9),
            day=st.dates(),
            starts_at=st.none() | st.datetimes(timezones=st.just(UTC)),
            ends_at=st.none() | st.datetimes(timezones=st.just(UTC)),
            desk=st.text(max_size=9),
            minutes=st.integers(0, 9999),
            corrected=st.none() | st.integers(0, 9999),
            remark=st.text(max_size=9),
        ),
        max_size=4,
    )
)
def test_frozen_lines_come_back_as_they_were_with_the_same_mark(lines: list[Line]) -> None:
    rows = statement.as_json(lines)
    assert statement.from_json(rows) == tuple(lines)
    mark = statement.hash_of(rows)
    assert len(mark) == 64
    assert statement.hash_of(statement.as_json(statement.from_json(rows))) == mark
    assert statement.hash_of([*rows, {"key": "more"}]) != mark
