"""Proving that a number is somebody's: six digits by text or voice, and what a call or a text shows of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from directory.errors import DirectoryError, NotKnown, NumberRefused
from directory.models import NumberCode, Person, PhoneNumber
from directory.services.phones import remove_number, verify_number
from integrations import clock

DIGITS = 6
HOLDS = timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES, CODES_WITHIN = 5, timedelta(hours=1)
NOT_AGAIN_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class NewCode:
    """Six digits to send now, by whoever can; they lie nowhere in the open."""

    id: int
    digits: str
    e164: str


@transaction.atomic
def new_code(*, number_id: int, person_id: int, via: str) -> NewCode:
    """Make a code for a number of this person; the earlier ones of that number hold no more. `via`: sms or voice.

    Raises NotKnown; NumberRefused: code_soon (30 seconds), code_many (five an hour a person).
    """
    number = _mine(number_id, person_id)
    Person.objects.select_for_update(no_key=True).get(pk=person_id)  # of two at one moment the first counts first
    now = clock.now()
    sent = NumberCode.objects.filter(number__person_id=person_id, sent_at__gt=now - CODES_WITHIN)
    if sent.count() >= MOST_CODES:
        raise NumberRefused("code_many", _("Five codes in an hour is the most. Wait an hour and try again."))
    if sent.filter(number=number, sent_at__gt=now - NOT_AGAIN_WITHIN).exists():
        raise NumberRefused("code_soon", _("A code is on its way. Wait half a minute before you ask for another."))
    NumberCode.objects.filter(number=number, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code = NumberCode.objects.create(
        number=number, via=via, code_hash=_hash(number.pk, digits), sent_at=now, expires_at=now + HOLDS
    )
    return NewCode(code.pk, digits, number.e164)


def check_code(*, number_id: int, person_id: int, digits: str) -> None:
    """The code that was typed: when it is right, the number is proved. A try counts, also when it is refused.

    Raises NotKnown; NumberRefused: code_none (none or too old), code_tries, code_wrong.
    """
    with transaction.atomic():
        number = _mine(number_id, person_id)
        refused = _try(number, person_id, "".join(digits.split()))
    if refused is not None:  # after the transaction, so that the try is counted
        raise refused


def _try(number: PhoneNumber, person_id: int, digits: str) -> NumberRefused | None:
    now = clock.now()
    codes = NumberCode.objects.select_for_update().filter(number=number, used_at__isnull=True, expires_at__gt=now)
    code = codes.order_by("-sent_at", "-pk").first()
    if code is None:
        return NumberRefused("code_none", _("This code is too old, or none was sent. Ask for a new one."))
    if code.tries >= MOST_TRIES:
        return NumberRefused("code_tries", _("Too many wrong codes. Ask for a new one."))
    code.tries += 1
    if not constant_time_compare(code.code_hash, _hash(number.pk, digits)):
        code.save(update_fields=["tries"])
        left = MOST_TRIES - code.tries
        if not left:
            return NumberRefused("code_tries", _("Too many wrong codes. Ask for a new one."))
        return NumberRefused("code_wrong", _("That is not the code. Look again and type the six digits."))
    code.used_at = now
    code.save(update_fields=["tries", "used_at"])
    verify_number(number_id=number.pk)
    rings = PhoneNumber.objects.filter(person_id=person_id, is_primary=True, verified_at__isnull=False)
    if not rings.exists():  # his first number that works is his first choice
        _prefer(number, person_id)
    if code.via == NumberCode.Via.SMS:
        mark_texted(e164=number.e164)
    return None


@transaction.atomic
def make_primary(*, number_id: int, person_id: int) -> None:
    """The number that rings and gets texts from now on. Raises NotKnown, NumberRefused (unverified)."""
    number = _mine(number_id, person_id)
    if number.verified_at is None:
        raise NumberRefused("unverified", _("Prove this number first. Then it can be your first choice."))
    _prefer(number, person_id)


@transaction.atomic
def take_away(*, number_id: int, person_id: int) -> None:
    """Remove a number of one's own. Raises NotKnown, NumberRefused (code_fresh), DirectoryError (last_number)."""
    number = _mine(number_id, person_id)
    if number.codes.filter(sent_at__gt=clock.now() - CODES_WITHIN).exists():  # codes are counted, and go with it
        raise NumberRefused("code_fresh", _("A code was sent to this number. Remove it an hour after that."))
    others = PhoneNumber.objects.filter(person_id=person_id, verified_at__isnull=False).exclude(pk=number.pk)
    if number.verified_at is not None and not others.exists():
        raise DirectoryError("last_number", _("This is your only number that works. Add and prove another one first."))
    remove_number(number_id=number.pk)


@transaction.atomic
def mark_tested(*, e164: str) -> None:
    """Key 1 was pressed in a test call to this number: it rings, and somebody answers."""
    PhoneNumber.objects.filter(e164=e164, person__isnull=False).update(tested_at=clock.now(), suspect_at=None)


def mark_texted(*, e164: str) -> None:
    """A text was answered from this number, so texts arrive there."""
    PhoneNumber.objects.filter(e164=e164, person__isnull=False).update(texted_at=clock.now())


def _prefer(number: PhoneNumber, person_id: int) -> None:
    PhoneNumber.objects.filter(person_id=person_id, is_primary=True).update(is_primary=False)
    PhoneNumber.objects.filter(pk=number.pk).update(is_primary=True)


def _mine(number_id: int, person_id: int) -> PhoneNumber:
    number = PhoneNumber.objects.select_for_update().filter(pk=number_id, person_id=person_id).first()
    if number is None:
        raise NotKnown("number_unknown", _("This number is gone. Load the page again."))
    return number


def _hash(number_id: int, digits: str) -> str:
    return salted_hmac(f"piketlijn.number_code.{number_id}", digits, algorithm="sha256").hexdigest()
