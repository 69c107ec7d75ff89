"""Six digits prove that a number is somebody's: ten minutes, five tries, five an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from directory import queries
from directory import services as directory
from directory.errors import DirectoryError, NotKnown, NumberRefused
from directory.models import NumberCode, PhoneNumber
from integrations import clock
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(at_ten_thirty: datetime) -> Any:
    return builders.a_lawyer("Ada", verified=False)


def number_of(person: Any) -> PhoneNumber:
    return person.numbers.get(is_primary=True)  # type: ignore[no-any-return]


def a_code(person: Any, via: str = "sms") -> str:
    return directory.new_code(number_id=number_of(person).pk, person_id=person.pk, via=via).digits


def check(person: Any, digits: str) -> str:
    """'' when the code is right, else why not."""
    try:
        directory.check_code(number_id=number_of(person).pk, person_id=person.pk, digits=digits)
    except NumberRefused as refused:
        return refused.code
    return ""


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def test_the_right_code_proves_the_number(ada: Any) -> None:
    digits = a_code(ada)
    assert len(digits) == 6
    assert check(ada, f" {digits[:3]} {digits[3:]} ") == ""
    number = number_of(ada)
    assert number.verified_at == number.texted_at == clock.now()
    assert check(ada, digits) == "code_none"  # once


def test_a_spoken_code_says_nothing_of_texts(ada: Any) -> None:
    assert check(ada, a_code(ada, "voice")) == ""
    assert number_of(ada).texted_at is None


def test_the_digits_lie_nowhere(ada: Any) -> None:
    digits = a_code(ada)
    assert digits not in str(list(NumberCode.objects.values()))


def test_five_wrong_tries_and_the_code_is_worth_nothing(ada: Any) -> None:
    digits = a_code(ada)
    tries = [check(ada, wrong(digits)) for _ in range(5)]
    assert tries == ["code_wrong"] * 4 + ["code_tries"]
    assert check(ada, digits) == "code_tries"
    assert number_of(ada).verified_at is None


def test_after_ten_minutes_it_is_too_old(ada: Any) -> None:
    digits = a_code(ada)
    clock.forward(timedelta(seconds=600))
    assert check(ada, digits) == "code_none"


def test_a_new_code_ends_the_one_before(ada: Any) -> None:
    first = a_code(ada)
    clock.forward(timedelta(seconds=31))
    second = a_code(ada)
    assert check(ada, first) == ("" if first == second else "code_wrong")
    assert check(ada, second) in {"", "code_none"}


def test_not_twice_in_half_a_minute_and_not_more_than_five_an_hour(ada: Any) -> None:
    a_code(ada)
    with pytest.raises(NumberRefused) as soon:
        a_code(ada)
    assert soon.value.code == "code_soon"
    for _ in range(4):
        clock.forward(timedelta(seconds=31))
        a_code(ada)
    clock.forward(timedelta(seconds=31))
    with pytest.raises(NumberRefused) as many:
        a_code(ada)
    assert many.value.code == "code_many"
    clock.forward(timedelta(seconds=3600))
    assert a_code(ada)


def test_the_number_of_somebody_else_is_not_known(ada: Any) -> None:
    other = builders.a_lawyer()
    for service, more in (
        (directory.new_code, {"via": "sms"}),
        (directory.check_code, {"digits": "123456"}),
        (directory.make_primary, {}),
        (directory.take_away, {}),
    ):
        with pytest.raises(NotKnown):
            service(number_id=number_of(ada).pk, person_id=other.pk, **more)


def test_first_choice_and_taking_away(ada: Any) -> None:
    first = number_of(ada)
    second = directory.add_number(person_id=ada.pk, number="0600000777", primary=False)
    with pytest.raises(NumberRefused):
        directory.make_primary(number_id=second.pk, person_id=ada.pk)
    directory.verify_number(number_id=second.pk)
    directory.make_primary(number_id=second.pk, person_id=ada.pk)
    assert [one.id for one in queries.numbers_of(ada.pk)] == [second.pk, first.pk]
    with pytest.raises(DirectoryError, match="enige nummer") as refused:
        directory.take_away(number_id=second.pk, person_id=ada.pk)
    assert refused.value.code == "last_number"
    directory.take_away(number_id=first.pk, person_id=ada.pk)
    assert [one.id for one in queries.numbers_of(ada.pk)] == [second.pk]


def test_a_test_call_and_a_text_leave_their_moment(ada: Any) -> None:
    directory.mark_suspect(e164=number_of(ada).e164)
    clock.forward(timedelta(seconds=60))
    directory.mark_tested(e164=number_of(ada).e164)
    directory.mark_texted(e164=number_of(ada).e164)
    number = queries.numbers_of(ada.pk)[0]
    assert (number.tested_at, number.texted_at, number.suspect) == (clock.now(), clock.now(), False)
    assert clock.now() - number.tested_at < timedelta(days=90)
