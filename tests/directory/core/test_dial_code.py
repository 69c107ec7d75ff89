"""The check digit of the dial code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.core.dial_code import complete, is_code

numbers = st.integers(0, 9_999_999)


@given(numbers)
def test_every_completed_number_is_a_code(number: int) -> None:
    code = complete(number)
    assert len(code) == 8
    assert int(code[:7]) == number
    assert is_code(code)


@given(numbers, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: int, place: int, other: int) -> None:
    code = complete(number)
    wrong = code[:place] + str((int(code[place]) + other) % 10) + code[place + 1 :]
    assert not is_code(wrong)


@given(numbers, st.integers(0, 6))
def test_two_swapped_digits_are_noticed(number: int, place: int) -> None:
    code = complete(number)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_code(swapped) == (swapped == code)


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234567a", "²2345678", "١٢٣٤٥٦٧٨"])
def test_anything_but_eight_digits_is_no_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize("number", [-1, 10_000_000])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        complete(number)
