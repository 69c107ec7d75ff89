"""What people type, and what the line will and will not ring."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from directory import numbers
from directory.errors import NumberRefused


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("06 12345678", "+31612345678"),
        ("06-1234 56 78", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("612345678", "+31612345678"),
        ("020 1234567", "+31201234567"),
        ("0118-412345", "+31118412345"),
        ("085 1234567", "+31851234567"),
        ("+31600000000", "+31600000000"),
        ("06 00009999", "+31600009999"),
    ],
)
def test_a_persons_number_becomes_e164(typed: str, e164: str) -> None:
    assert numbers.target(typed) == e164


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("bel mij", "unreadable"),
        ("06 12345678 tst 3", "unreadable"),
        ("06 1234567", "invalid"),
        ("0612", "invalid"),
        ("06 123456789", "invalid"),
        ("06 00010000", "invalid"),
        ("+", "unreadable"),
        ("112", "emergency"),
        ("+31112", "emergency"),
        ("0112", "emergency"),
        ("113", "emergency"),
        ("116123", "emergency"),
        ("14 020", "municipal"),
        ("14 0118", "municipal"),
        ("+3114020", "municipal"),
        ("0900-8020", "paid"),
        ("+319008020", "paid"),
        ("0906 123456", "paid"),
        ("0909 1234", "paid"),
        ("1888", "paid"),
        ("1850", "paid"),
        ("084 1234567", "paid"),
        ("087 1234567", "paid"),
        ("+32 470 12 34 56", "foreign"),
        ("00 32 2 555 1212", "foreign"),
        ("+1 202 555 0100", "foreign"),
        ("088 7871000", "not_personal"),
        ("0800 8020", "not_personal"),
        ("097 010123456", "not_personal"),
        ("066 1234567", "kind"),
    ],
)
def test_a_number_that_the_line_will_not_ring_is_refused(typed: str, code: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        numbers.target(typed)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("typed", "e164"), [("088 7871000", "+31887871000"), ("0800 8020", "+318008020"), ("085 0000000", "+31850000000")]
)
def test_an_organisation_may_have_a_company_number(typed: str, e164: str) -> None:
    assert numbers.main_number(typed) == e164


@pytest.mark.parametrize("typed", ["112", "0900 8020", "1888", "14 020", "+32470123456", "066 1234567"])
def test_an_organisation_gets_no_special_number_either(typed: str) -> None:
    with pytest.raises(NumberRefused):
        numbers.main_number(typed)


def test_demo_numbers_are_refused_with_a_real_vendor(settings: Settings) -> None:
    settings.REAL_VENDOR = True
    with pytest.raises(NumberRefused) as refused:
        numbers.target("+31600000001")
    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("said", "e164"),
    [
        ("+31612345678", "+31612345678"),
        ("0612345678", "+31612345678"),
        ("+31600000001", "+31600000001"),
        ("+32470123456", "+32470123456"),
        ("", ""),
        ("anonymous", ""),
        ("Anonymous", ""),
        ("Restricted", ""),
        ("+266696687", ""),
        ("client:piet", ""),
        ("sip:piet@example.nl", ""),
        ("112", ""),
    ],
)
def test_what_a_vendor_says_of_a_caller(said: str, e164: str) -> None:
    assert numbers.dialled_from(said) == e164


@pytest.mark.parametrize(
    ("e164", "shown"),
    [("+31612345678", "06 12345678"), ("+31600000012", "06 00000012"), ("+32470123456", "+32 470 12 34 56")],
)
def test_numbers_are_shown_as_people_write_them(e164: str, shown: str) -> None:
    assert numbers.shown(e164) == shown
