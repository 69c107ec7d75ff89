"""Duties in force: one person on one desk, and never two at once on a position.

PostgreSQL refuses an overlap by itself (migration 0002). SQLite has one writer, so the check here is serial there. On
PostgreSQL the desk and the people are locked first, desks before people and each by id: otherwise two inserts that
exclude each other would wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from rosters import sql
from rosters.core.weekly import MAX_DUTY
from rosters.errors import DutyRefused, NotKnown
from rosters.models import Desk, Duty
from rosters.services.in_force import put_in_force, take_out

POSITIONS = range(1, 10)


def person_on_duty() -> DutyRefused:
    return DutyRefused("person_on_duty", _("This person has a duty at that time. Choose another person or time."))


def position_taken() -> DutyRefused:
    return DutyRefused("position_taken", _("Somebody holds this position at that time. Choose another position."))


@contextmanager
def polite_overlap() -> Iterator[None]:
    """What PostgreSQL refuses becomes the refusal that the check would have given."""
    try:
        yield
    except IntegrityError as error:
        if "duty_person_once" in str(error):
            raise person_on_duty() from error
        if "duty_position_once" in str(error):
            raise position_taken() from error
        raise


@polite_overlap()
@transaction.atomic
def add_duty(
    *,
    desk_id: int,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    position: int = 1,
    origin: str = Duty.Origin.COORDINATOR,
    number_id: int | None = None,
) -> Duty:
    """Put a duty in force in [starts_at, ends_at), aware moments.

    Raises DutyRefused: naive_time, no_length, too_long (MAX_DUTY), position_wrong, person_on_duty, position_taken.
    """
    refuse_times(starts_at, ends_at)
    if position not in POSITIONS:
        raise DutyRefused("position_wrong", _("A position is 1 to 9."))
    directory.contact(person_id)
    hold([desk_id], [person_id])
    same_time = Duty.objects.filter(
        cancelled_at__isnull=True, starts_at__gt=starts_at - MAX_DUTY, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    if same_time.filter(person_id=person_id).exists():
        raise person_on_duty()
    if same_time.filter(desk_id=desk_id, position=position).exists():
        raise position_taken()
    duty = Duty(
        desk_id=desk_id,
        person_id=person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        position=position,
        origin=origin,
        number_id=number_id,
    )
    return put_in_force([duty])[0]


@transaction.atomic
def cancel_duty(*, duty_id: int, why: str = Duty.Ended.COORDINATOR, by: int | None = None) -> Duty:
    """Take a duty out of force; the row stays. Twice is once. Raises NotKnown."""
    duty = hold_duty(duty_id)
    take_out([duty], why=why.strip(), by=by)
    return duty


def hold_duty(duty_id: int) -> Duty:
    """The duty, with its desk and person locked: whoever writes about it waits. Raises NotKnown."""
    found = Duty.objects.filter(pk=duty_id).values_list("desk_id", "person_id").first()
    if found is None:
        raise NotKnown("duty_unknown", _("This duty is gone. Load the page again."))
    hold([found[0]], [found[1]])
    return Duty.objects.select_for_update().get(pk=duty_id)


def hold(desk_ids: Iterable[int], person_ids: Iterable[int]) -> None:
    """Nobody else writes duties of these desks and people until the transaction ends. Raises NotKnown for a desk."""
    wanted = sorted(set(desk_ids))
    held = Desk.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    if len(held.values_list("pk")) != len(wanted):
        raise NotKnown("desk_unknown", _("This desk is gone. Load the page again."))
    sql.hold_people(person_ids)


def refuse_times(starts_at: datetime, ends_at: datetime) -> None:
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise DutyRefused("naive_time", _("A time needs its time zone."))
    if starts_at >= ends_at:
        raise DutyRefused("no_length", _("A duty ends after it starts. Correct the times."))
    if ends_at - starts_at > MAX_DUTY:
        raise DutyRefused("too_long", _("A duty lasts at most eight days. Make two of it."))
