"""Telephone numbers of people and organisations."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from directory import numbers
from directory.errors import DirectoryError, NotKnown
from directory.models import PhoneNumber
from integrations import clock


@transaction.atomic
def add_number(
    *,
    number: str,
    person_id: int | None = None,
    organisation_id: int | None = None,
    verified: bool = False,
    primary: bool = True,
) -> PhoneNumber:
    """Give a person or an organisation (exactly one of both) a number, as typed. A new primary replaces the old one.

    Raises NumberRefused for a number that the line will not ring, DirectoryError when somebody has it already.
    """
    if (person_id is None) == (organisation_id is None):
        raise ValueError("a number belongs to one person or to one organisation")
    e164 = numbers.target(number) if person_id is not None else numbers.main_number(number)
    if PhoneNumber.objects.filter(e164=e164).exists():
        raise DirectoryError("number_taken", _("This number is in use already. Remove it there first."))
    if primary:
        _step_down(person_id, organisation_id)
    return PhoneNumber.objects.create(
        e164=e164,
        person_id=person_id,
        organisation_id=organisation_id,
        is_primary=primary,
        verified_at=clock.now() if verified else None,
    )


def _step_down(person_id: int | None, organisation_id: int | None) -> None:
    holder = Q(person_id=person_id) if person_id is not None else Q(organisation_id=organisation_id)
    PhoneNumber.objects.filter(holder, is_primary=True).update(is_primary=False)


@transaction.atomic
def verify_number(*, number_id: int) -> None:
    """The holder answered a test call or text on this number: it may ring, and is no longer suspect."""
    changed = PhoneNumber.objects.filter(pk=number_id).update(verified_at=clock.now(), suspect_at=None)
    if not changed:
        raise NotKnown("number_unknown", _("This number is gone. Load the page again."))


@transaction.atomic(savepoint=False)
def mark_suspect(*, e164: str) -> bool:
    """The vendor could not reach this number; True the first time, False when that was known or nobody has it."""
    return bool(PhoneNumber.objects.filter(e164=e164, suspect_at__isnull=True).update(suspect_at=clock.now()))


@transaction.atomic
def remove_number(*, number_id: int) -> None:
    """Take a number away; when it was the primary one, the oldest verified one that is left takes its place."""
    number = PhoneNumber.objects.select_for_update().filter(pk=number_id).first()
    if number is None:
        return
    number.delete()
    if not number.is_primary or number.person_id is None:
        return
    left = PhoneNumber.objects.filter(person_id=number.person_id, verified_at__isnull=False).order_by("pk").first()
    if left is not None:
        PhoneNumber.objects.filter(pk=left.pk).update(is_primary=True)
