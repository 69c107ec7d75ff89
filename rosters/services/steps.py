"""Around each duty: reminder, second reminder, alarm, start; who has confirmed it, and which number it rings.

Every step is claimed by a conditional update in the transaction that writes its messages: two sweeps do it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from directory import numbers
from directory import queries as directory
from directory.queries import Contact
from integrations import clock
from integrations.links import LinkFor
from rosters import snapshot, sql, telling
from rosters.core import cover, quiet, steps, wall
from rosters.core.intervals import Interval
from rosters.errors import DutyRefused, NotKnown
from rosters.models import Duty
from rosters.services.duties import hold_duty
from rosters.services.in_force import change, claim_step

OnAlarm = Callable[["Unconfirmed"], object]

MOST_AT_ONCE = 50
MOST_IN_LINK = 8  # duties that one link confirms: what it is about holds 80 letters
LINK = "duty"  # the action of every link to /k/; what it is about says the deed: "confirm:12,13"
CONFIRM, UNDO, WELL = "confirm", "unconfirm", "well"  # the deeds of a link to /k/
START_WITHIN = timedelta(minutes=30)  # told later, that a duty begins is no news
DUTY_GONE = "duty_gone"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A duty whose holder did not answer two reminders."""

    duty_id: int
    person_id: int
    region_ids: tuple[int, ...]
    starts_at: datetime


# --- The sweep --------------------------------------------------------------------------------------------------------
def steps_due(on_alarm: OnAlarm) -> int:
    """Do the steps whose moment has come, each person in a transaction of his own. Returns how many duties were seen.

    `on_alarm` is called in that transaction for each duty that a coordinator must know of.
    """
    now = clock.now()
    due = Duty.objects.filter(cancelled_at__isnull=True, next_step_at__lte=now)
    people = list(due.order_by("next_step_at", "pk").values_list("person_id", flat=True)[:MOST_AT_ONCE])
    contacts = directory.contacts(people)
    for person_id in dict.fromkeys(people):
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            _steps_of(person_id, contacts.get(person_id), now, on_alarm)
    return len(people)


def _steps_of(person_id: int, contact: Contact | None, now: datetime, on_alarm: OnAlarm) -> None:
    """What is due for one person: duties of one day are one message. Who has left gets none."""
    sql.hold_people([person_id])  # before his duties, as everybody does
    due = Duty.objects.filter(person_id=person_id, cancelled_at__isnull=True, next_step_at__lte=now)
    mine: list[Duty] = []
    for duty in due.select_related("desk__line").order_by("starts_at", "pk"):
        after = steps.next_step(duty.next_step, duty.starts_at, duty.confirmed_at is not None, now)
        if claim_step(duty, *(after if contact else ("", None))) and contact:
            mine.append(duty)
    for (step, _day, said_yes), group in groupby(sorted(mine, key=_kind), key=_kind):
        duties = list(group)
        if contact is None or duties[-1].ends_at <= now:
            continue
        if step == steps.REMIND:
            _remind(contact, duties, "remind_confirmed" if said_yes else "remind")
        elif step == steps.NUDGE and not said_yes:
            _nudge(contact, duties)
        elif step == steps.ALARM and not said_yes:
            _alarm(contact, duties, now, on_alarm)
        elif step == steps.START:
            _start(contact, duties)


def _kind(duty: Duty) -> tuple[str, date, bool]:
    return duty.next_step, wall.day_of(duty.starts_at), duty.confirmed_at is not None


def _remind(contact: Contact, duties: Sequence[Duty], text: str) -> None:
    first = duties[0]
    about = about_duties(CONFIRM, [duty.pk for duty in duties])
    telling.tell(
        text,
        [contact.id],
        key=str(first.pk),
        link=LinkFor(contact.id, LINK, about, "k"),
        urgent=True,  # its moment was chosen with care: 16:00 on a working day, or at once for a duty made late
        about=f"duty:{first.pk}",
        expires=first.starts_at,
        when=_when(duties),
        desk=_desks(duties),
    )


def _nudge(contact: Contact, duties: Sequence[Duty]) -> None:
    first = duties[0]
    telling.tell(
        "nudge",
        [contact.id],
        key=str(first.pk),
        urgent=True,
        about=f"duty:{first.pk}",
        expires=first.starts_at,
        when=_when(duties),
        desk=_desks(duties),
        number=_number(first),
    )


def _start(contact: Contact, duties: Sequence[Duty]) -> None:
    for duty in duties:
        telling.tell(
            "start",
            [contact.id],
            key=str(duty.pk),
            urgent=True,
            about=f"duty:{duty.pk}",
            expires=duty.starts_at + START_WITHIN,
            desk=duty.desk.name,
            until=telling.local_hour(duty.ends_at, "24"),
            number=_number(duty),
        )


def _alarm(contact: Contact, duties: Sequence[Duty], now: datetime, on_alarm: OnAlarm) -> None:
    """By mail at once, by text in day time: at night it waits, unless the duty would begin before anybody reads it."""
    regions = _regions()
    for duty in duties:
        here = regions.get(duty.desk_id, ())
        on_alarm(Unconfirmed(duty.pk, contact.id, here, duty.starts_at))
        telling.tell(
            "unconfirmed",
            _coordinators(here, now),
            key=str(duty.pk),
            urgent=quiet.in_day_time(now) >= duty.starts_at,
            about=f"duty:{duty.pk}",
            expires=duty.ends_at,
            who=cover.short_name(contact.name),
            when=_when([duty]),
            desk=duty.desk.name,
            phone=numbers.shown(contact.number) if contact.number else contact.email,
            page=settings.PUBLIC_URL,
        )


def _coordinators(region_ids: Iterable[int], now: datetime) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.id for region in region_ids for one in directory.coordinators_for(region, now)))


def _regions() -> dict[int, tuple[int, ...]]:
    return {desk.id: tuple(sorted(desk.regions)) for desk in snapshot.current().desks}


def _when(duties: Sequence[Duty]) -> str:
    return telling.coming(Interval(duty.starts_at, duty.ends_at) for duty in duties)


def _desks(duties: Sequence[Duty]) -> str:
    return ", ".join(dict.fromkeys(duty.desk.name for duty in duties))


def _number(duty: Duty) -> str:
    return numbers.shown(duty.desk.line.number)


# --- Confirming -------------------------------------------------------------------------------------------------------
def about_duties(deed: str, duty_ids: Iterable[int]) -> str:
    """What a link to /k/ is about: 'confirm:12,13'."""
    return f"{deed}:{','.join(str(one) for one in list(duty_ids)[:MOST_IN_LINK])}"


@transaction.atomic
def confirm(*, duty_ids: Iterable[int], how: str, by: int) -> tuple[int, ...]:
    """The holder will be there; `how`: sms, link, page, call or coordinator. Returns the duties that were not yet.

    `by` is the holder, or who keeps his roster. Raises NotKnown, DutyRefused (duty_gone) when none is in force.
    """
    now, changed = clock.now(), []
    for duty in _held(duty_ids, by, now):
        if duty.confirmed_at is None:
            fields: dict[str, object] = {"confirmed_at": now, "confirmed_how": how}
            if duty.next_step in (steps.NUDGE, steps.ALARM):
                fields["next_step"], fields["next_step_at"] = steps.next_step(duty.next_step, duty.starts_at, True, now)
            change(duty, **fields)
            changed.append(duty.pk)
    return tuple(changed)


@transaction.atomic
def unconfirm(*, duty_ids: Iterable[int], by: int) -> tuple[int, ...]:
    """Take a confirmation back; the steps that ask for one go on. Raises as `confirm`."""
    now, changed = clock.now(), []
    for duty in _held(duty_ids, by, now):
        if duty.confirmed_at is not None:
            fields: dict[str, object] = {"confirmed_at": None, "confirmed_how": ""}
            if duty.next_step == steps.START:
                after = steps.next_step(steps.REMIND, duty.starts_at, False, now)
                fields["next_step"], fields["next_step_at"] = after
            change(duty, **fields)
            changed.append(duty.pk)
    return tuple(changed)


@transaction.atomic
def choose_number(*, duty_id: int, number_id: int | None, by: int) -> None:
    """The number that this duty rings: a verified one of its holder; None: his first choice.

    Raises NotKnown, DutyRefused: duty_gone, number_not_yours, number_unverified.
    """
    duty = hold_duty(duty_id)
    _refuse_stranger(duty, by)
    _refuse_over([duty], clock.now())
    if number_id is not None:
        number = next((one for one in directory.numbers_of(duty.person_id) if one.id == number_id), None)
        if number is None:
            raise DutyRefused("number_not_yours", _("Choose a number of the person who holds this duty."))
        if not number.verified:
            raise DutyRefused("number_unverified", _("Prove this number first, under Settings. Then choose it."))
    if duty.number_id != number_id:
        change(duty, number_id=number_id)


def _held(duty_ids: Iterable[int], by: int, now: datetime) -> list[Duty]:
    """These duties, locked. Those that fell away are left out; when all did, that is said."""
    wanted = sorted(set(duty_ids))
    sql.hold_people(Duty.objects.filter(pk__in=wanted).values_list("person_id", flat=True))
    held = list(Duty.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    if not held:
        raise NotKnown("duty_unknown", _("This duty is gone. Load the page again."))
    for duty in held:
        _refuse_stranger(duty, by)
    return _refuse_over(held, now)


def _refuse_stranger(duty: Duty, by: int) -> None:
    if not directory.may_act_for(by, duty.person_id):
        raise NotKnown("duty_unknown", _("This duty is gone. Load the page again."))


def _refuse_over(duties: Sequence[Duty], now: datetime) -> list[Duty]:
    left = [duty for duty in duties if duty.cancelled_at is None and duty.ends_at > now]
    if not left:
        raise DutyRefused(DUTY_GONE, _("This duty is over or is somebody else's now. Look at your roster."))
    return left
