"""Telephone numbers: what people type becomes E.164, and what the line must not ring is refused.

A number that is *valid* may still cost money or not be reachable from a telephone exchange, therefore types are on an
allow-list. https://www.acm.nl/nl/telecom/telefoonnummers has the Dutch numbering plan.
"""

from __future__ import annotations

import re

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from directory.errors import NumberRefused

COUNTRY, COUNTRY_CODE = "NL", 31
PERSONAL = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
ORGANISATIONAL = PERSONAL | {PhoneNumberType.UAN, PhoneNumberType.TOLL_FREE}
DEMO = re.compile(r"\+3160000\d{4}")  # never given out; the library calls them invalid
_WRITTEN = re.compile(r"\+?[\d\s()./\u2010-\u2013-]+")
# What follows +31, read before the library gives it a type.
_EMERGENCY = re.compile(r"112|113|144|116\d{3}")
_MUNICIPAL = re.compile(r"140\d{2,3}")
_PAID = re.compile(r"18\d\d|(90[0-9]|84|87)\d+")
_OF_MACHINES = re.compile(r"97\d+")
_WITHHELD = {"anonymous", "restricted", "unavailable", "unknown", "+266696687", "+86282452253", "+7378742833"}


def target(text: str) -> str:
    """A person's number in E.164: mobile, fixed line or VoIP in the Netherlands. Raises NumberRefused."""
    return _checked(text, PERSONAL)


def main_number(text: str) -> str:
    """The number of an organisation or of a line in E.164; 088, 085 and 0800 as well. Raises NumberRefused."""
    return _checked(text, ORGANISATIONAL)


def is_demo(e164: str) -> bool:
    """Whether this is one of the numbers for demo and tests, +31600000000 to +31600009999."""
    return DEMO.fullmatch(e164) is not None


def dialled_from(text: str) -> str:
    """The number a vendor says a caller has, in E.164; '' when it is withheld or not a number. Never raises."""
    text = text.strip()
    if text.lower() in _WITHHELD:
        return ""
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except phonenumbers.NumberParseException:
        return ""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return e164 if len(e164) > len("+31112") else ""


def shown(e164: str) -> str:
    """The number as people write it: 06 12345678; unchanged when it is not a Dutch number."""
    try:
        number = phonenumbers.parse(e164, COUNTRY)
    except phonenumbers.NumberParseException:
        return e164
    if is_demo(e164):
        return f"06 {e164[4:]}"
    wanted = PhoneNumberFormat.NATIONAL if number.country_code == COUNTRY_CODE else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, wanted)


def _checked(text: str, allowed: frozenset[int]) -> str:
    text = text.strip()
    if not text:
        raise NumberRefused("empty", _("Fill in a telephone number, for example 06 12345678."))
    if not _WRITTEN.fullmatch(text):
        raise NumberRefused("unreadable", _("Use digits only, for example 06 12345678, without an extension."))
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise _incomplete() from error
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if is_demo(e164) and not settings.REAL_VENDOR:
        return e164
    if number.country_code != COUNTRY_CODE:
        raise NumberRefused("foreign", _("The line only calls Dutch numbers. Give a number that starts with 0 or +31."))
    after_country = str(number.national_number)
    _refuse_special(after_country)
    if not phonenumbers.is_valid_number(number):
        raise _incomplete()
    _refuse_kind(phonenumbers.number_type(number), after_country, allowed)
    return e164


def _refuse_special(after_country: str) -> None:
    if _EMERGENCY.fullmatch(after_country):
        raise NumberRefused("emergency", _("The line never calls emergency or help lines. Give a direct number."))
    if _MUNICIPAL.fullmatch(after_country):
        raise NumberRefused("municipal", _("The line cannot call a 14 number. Give the direct number."))
    if _PAID.fullmatch(after_country):
        raise NumberRefused("paid", _("The line never calls paid numbers such as 0900 or 18xx. Give a direct number."))


def _refuse_kind(kind: int, after_country: str, allowed: frozenset[int]) -> None:
    of_a_person = allowed == PERSONAL
    if kind in allowed and not (of_a_person and _OF_MACHINES.fullmatch(after_country)):
        return
    if of_a_person and kind in ORGANISATIONAL:
        raise NumberRefused("not_personal", _("This is not the number of one person. Give a mobile or direct number."))
    raise NumberRefused("kind", _("The line cannot call this kind of number. Give a mobile or fixed number."))


def _incomplete() -> NumberRefused:
    return NumberRefused("invalid", _("This is not a complete Dutch number. Check the digits: 06 12345678 has ten."))
