from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters.core.week_text import NotUnderstood, read, write


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ma 09:00-17:00", ((0, 540, 1020),)),
        ("za-zo 10.00 - 12.30", ((5, 600, 750), (6, 600, 750))),
        ("Zo 0:00-24:00", ((6, 0, 1440),)),
        ("di 9:00-13:00, 14:00-17:00", ((1, 540, 780), (1, 840, 1020))),
        ("\n vr 09:00-17:00 \n\nma 09:00-12:00\n", ((0, 540, 720), (4, 540, 1020))),
        ("", ()),
    ],
)
def test_hours_are_read_as_people_type_them(text: str, parts: tuple[tuple[int, int, int], ...]) -> None:
    assert read(text) == parts


@pytest.mark.parametrize(
    "text",
    ["maandag 9-17", "xx 09:00-17:00", "vr-ma 09:00-17:00", "ma", "ma 09:00", "ma 09:60-10:00", "ma 9:00-10:00,"],
)
def test_what_is_not_understood_is_named(text: str) -> None:
    with pytest.raises(NotUnderstood) as error:
        read("wo 09:00-17:00\n" + text)

    assert str(error.value) == text


def test_days_with_the_same_hours_become_one_line() -> None:
    week = [(day, 540, 1020) for day in range(5)] + [(5, 600, 720), (5, 780, 840)]

    assert write(week) == "ma-vr 09:00-17:00\nza 10:00-12:00, 13:00-14:00"


parts = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440)).filter(lambda part: part[1] < part[2]),
    unique=True,
)


@given(parts)
def test_what_is_written_is_read_again(week: list[tuple[int, int, int]]) -> None:
    assert list(read(write(week))) == sorted(week)
