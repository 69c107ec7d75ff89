"""Assistants: who keeps whose roster, and from when until when."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from directory.errors import DirectoryError, NotKnown
from directory.models import Assistance, Person, RoleAssignment


@transaction.atomic
def assist(
    *, assistant_id: int, person_id: int, starts_on: date | None = None, ends_on: date | None = None
) -> Assistance:
    """Let somebody keep the roster of this person; it makes him an assistant. Again only moves the dates.

    `ends_on` is the first day without it. Raises NotKnown, DirectoryError: assist_self, assist_dates.
    """
    if assistant_id == person_id:
        raise DirectoryError("assist_self", _("Everybody keeps his own roster already. Choose two people."))
    if starts_on and ends_on and ends_on <= starts_on:
        raise DirectoryError("assist_dates", _("The last day lies before the first. Change one of the dates."))
    if Person.objects.filter(pk__in=[assistant_id, person_id], is_active=True).count() < 2:
        raise NotKnown("person_unknown", _("One of these people takes part no longer. Choose somebody else."))
    found, _made = Assistance.objects.update_or_create(
        assistant_id=assistant_id,
        person_id=person_id,
        defaults={"starts_on": starts_on, "ends_on": ends_on},
    )
    role = RoleAssignment.Role.ASSISTANT
    if not RoleAssignment.objects.filter(person_id=assistant_id, role=role).exists():
        RoleAssignment.objects.create(person_id=assistant_id, role=role)
    return found


@transaction.atomic
def end_assistance(*, assistance_id: int) -> None:
    """It holds no longer, at once; with the last one goes the role. Twice is once."""
    found = Assistance.objects.filter(pk=assistance_id).first()
    if found is None:
        return
    found.delete()
    if not Assistance.objects.filter(assistant_id=found.assistant_id).exists():
        RoleAssignment.objects.filter(person_id=found.assistant_id, role=RoleAssignment.Role.ASSISTANT).delete()
