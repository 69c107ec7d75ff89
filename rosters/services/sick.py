"""Sick calls and no-shows: the duties stand empty at once, so nobody is rung in vain, and somebody is looked for.

The backup covers meanwhile, because the router goes on to the next position of the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from rosters import cover_telling, eligibility
from rosters.core import cover, wall
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.errors import FormRefused, NotKnown, NotYours
from rosters.models import Absence, CoverRequest, Duty, Level
from rosters.services.covering import CANDIDATES, add_candidates, ask_candidates, plan_anew, write_request
from rosters.services.duties import hold, hold_duty, polite_overlap
from rosters.services.handing_over import is_busy, is_position_taken, piece
from rosters.services.in_force import put_in_force, take_out
from rosters.services.left import HELD, end_unfound

Ended, Kind, State = Duty.Ended, CoverRequest.Kind, CoverRequest.State
NEXT_DUTY = timedelta(hours=36)  # a sick call without an end holds for the day of a duty that starts within this
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SickCall:
    """What came of a sick call: the absence (by which it is undone), until when, and the requests that were opened."""

    absence_id: int
    until: datetime
    duty_ids: tuple[int, ...]
    request_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """Duties that are the person's again, and those that somebody else has taken meanwhile."""

    restored: tuple[int, ...]
    taken_over: tuple[int, ...]


@transaction.atomic
def report_sick(*, person_id: int, by: int, until: datetime | None = None, ask: bool = False) -> SickCall:
    """The person is ill from now to `until`; without it to the end of the day, or of the day of his next duty.

    His duties in that time stand empty at once, for each three candidates are ranked and the coordinators told.
    `ask`: ask the candidates too; else `ask_candidates` does. What he did of a running duty stays his. A second call
    while ill only adds what is new. Raises NotKnown, NotYours, FormRefused (until).
    """
    directory.contact(person_id)
    if not directory.may_act_for(by, person_id):
        raise NotYours("not_yours", _("You do not keep this person's roster. Ask a coordinator."))
    now = clock.now()
    end = until or _usual_end(person_id, now)
    if end.tzinfo is None or not now < end <= now + LONGEST:
        raise FormRefused("until", _("Choose a day from today on, within a year."), field="tot")
    duties = _held(person_id, Interval(now, end))
    absence = Absence.objects.create(
        person_id=person_id,
        starts_at=now,
        ends_at=end,
        level=Level.CANNOT,
        reason=Absence.Reason.ILL,
        made_by_id=by,
        made_at=now,
    )
    requests = [_vacate(duty, Ended.SICK, Kind.SICK, by) for duty in duties]
    for request in requests:
        cover_telling.vacant("sick_told", request.duty, _stretch(request), but=by)
    if by != person_id and requests:
        cover_telling.sick_on_behalf(absence.pk, person_id, by, [request.duty for request in requests])
    if ask:
        for request in requests:
            ask_candidates(request_id=request.pk)
    return SickCall(absence.pk, end, tuple(duty.pk for duty in duties), tuple(one.pk for one in requests))


@polite_overlap()
@transaction.atomic
def undo_sick(*, absence_id: int, by: int) -> Undone:
    """Not ill after all: the absence is withdrawn, and what still stands empty is the person's again. Twice is once.

    Raises NotKnown, NotYours.
    """
    absence = Absence.objects.filter(pk=absence_id, reason=Absence.Reason.ILL).first()
    if absence is None:
        raise NotKnown("absence_unknown", _("This sick call is gone. Load the page again."))
    if not directory.may_act_for(by, absence.person_id):
        raise NotYours("not_yours", _("You do not keep this person's roster. Ask a coordinator."))
    vacated = Duty.objects.filter(
        person_id=absence.person_id,
        cancelled_why=Ended.SICK,
        cancelled_at__gte=absence.made_at,
        starts_at__lt=absence.ends_at,
        ends_at__gt=absence.starts_at,
    ).order_by("starts_at")
    hold(vacated.values_list("desk_id", flat=True), [absence.person_id])
    absence.refresh_from_db()  # of two at one moment the second finds it done
    if absence.withdrawn_at is not None:
        return Undone((), ())
    absence.withdrawn_at = clock.now()
    absence.save(update_fields=["withdrawn_at"])
    restored: list[int] = []
    taken_over: list[int] = []
    still_ill = Absence.objects.filter(
        person_id=absence.person_id, reason=Absence.Reason.ILL, withdrawn_at__isnull=True
    )
    for duty in vacated:
        if still_ill.filter(starts_at__lt=duty.ends_at, ends_at__gt=max(duty.starts_at, clock.now())).exists():
            continue  # another sick call keeps it empty
        back = _restore(duty)
        (restored if back else taken_over).append(back.pk if back else duty.pk)
    if restored:
        cover_telling.well_again(absence.pk, Duty.objects.filter(pk__in=restored).select_related("desk", "person"), by)
    return Undone(tuple(restored), tuple(taken_over))


@transaction.atomic
def no_show(*, duty_id: int) -> CoverRequest | None:
    """Nobody answers: the duty stands empty from now on, somebody is looked for, the coordinators are told.

    None when it is out of force or over already. Raises NotKnown.
    """
    duty = hold_duty(duty_id)
    if duty.cancelled_at is not None or duty.ends_at <= clock.now():
        return None
    request = _vacate(duty, Ended.NO_SHOW, Kind.NO_SHOW, None)
    cover_telling.vacant("no_show_told", request.duty, _stretch(request))
    return request


def _usual_end(person_id: int, now: datetime) -> datetime:
    """The end of today, or of the day of the next duty when that starts soon."""
    end = wall.moment(wall.day_of(now), wall.DAY_MINUTES)
    coming = Duty.objects.filter(
        person_id=person_id, cancelled_at__isnull=True, ends_at__gt=now, starts_at__gt=now - MAX_DUTY
    )
    duty = coming.filter(starts_at__lt=now + NEXT_DUTY).order_by("starts_at").first()
    if duty is None:
        return end
    return max(end, wall.moment(wall.day_of(duty.starts_at), wall.DAY_MINUTES), duty.ends_at)


def _held(person_id: int, window: Interval) -> list[Duty]:
    """His duties in force that touch the window, locked with their desks and himself."""
    found = Duty.objects.filter(
        person_id=person_id,
        cancelled_at__isnull=True,
        starts_at__gt=window.start - MAX_DUTY,
        starts_at__lt=window.end,
        ends_at__gt=window.start + timedelta(minutes=1),
    ).order_by("starts_at")
    hold(found.values_list("desk_id", flat=True), [person_id])
    return list(found.select_for_update(of=("self",)).select_related("desk", "person"))


def _vacate(duty: Duty, why: str, kind: str, by: int | None) -> CoverRequest:
    """Out of force at once, with a request that looks for somebody; a request that was open goes on as this kind."""
    now = cover.minute(clock.now())
    request = CoverRequest.objects.select_for_update().filter(duty=duty, state=State.OPEN, kind__in=HELD).first()
    if request is not None:
        request.kind = kind
        request.starts_at, request.ends_at = max(duty.starts_at, now), duty.ends_at
        plan_anew(request)
        request.save()
    take_out([duty], why=why, by=by)
    if why == Ended.SICK and duty.starts_at < now:  # what he did stays his
        put_in_force([_copy(duty, Interval(duty.starts_at, now))], confirmed=duty.confirmed_how)
    if request is None:
        request = write_request(duty, kind, by, Interval(max(duty.starts_at, now), duty.ends_at))
    request = CoverRequest.objects.select_related("duty__desk", "duty__person").get(pk=request.pk)
    fitting = eligibility.verdicts(duty.desk_id, _stretch(request), exclude=[duty.person_id])
    add_candidates(request, [one for one in fitting if one.fits][:CANDIDATES])
    return request


def _copy(duty: Duty, when: Interval) -> Duty:
    """A part of the duty that stays, or is again, its holder's."""
    made = piece(duty, when, duty.person_id, duty.origin)
    made.number_id = duty.number_id
    return made


def _restore(duty: Duty) -> Duty | None:
    """The part of a vacated duty that is still empty, his again; None when somebody has it or it is over."""
    request = CoverRequest.objects.select_for_update().filter(duty=duty, state=State.OPEN).first()
    if request is None:
        return None
    when = Interval(max(request.starts_at, cover.minute(clock.now())), request.ends_at)
    if when.start >= when.end or _is_taken(duty, when):
        return None
    end_unfound(request, State.WITHDRAWN)
    return put_in_force([_copy(duty, when)], confirmed=duty.confirmed_how)[0]


def _is_taken(duty: Duty, when: Interval) -> bool:
    """Whether he, or the position, has another duty by now."""
    return is_busy(duty.person_id, *when) or is_position_taken(duty, when)


def _stretch(request: CoverRequest) -> Interval:
    return Interval(request.starts_at, request.ends_at)
