"""A duty, or a part of it, becomes somebody else's: who may, and the rows that say so. Shared by taking and swapping.

Callers hold desks and people (`held`) before anything is judged.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from rosters import eligibility
from rosters.core import cover
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.cover_words import rules_words
from rosters.errors import CoverRefused, NotYours, RulesBroken
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services.covering import duty_gone, locked, own_ask, request_gone
from rosters.services.duties import hold, position_taken
from rosters.services.in_force import put_in_force, take_out
from rosters.services.left import HELD

Ended, Origin, State = Duty.Ended, Duty.Origin, CoverRequest.State


def judge(
    duty: Duty, when: Interval, person_id: int, by: int, breaking: Collection[str], ignore: Collection[int] = ()
) -> tuple[str, ...]:
    """The rules that he breaks, all of them knowingly. Raises RulesBroken, CoverRefused (not_eligible)."""
    verdict = eligibility.verdict(duty.desk_id, when, person_id, ignore_duties=ignore)
    if verdict is None:
        raise CoverRefused("not_eligible", _("You do no duties on this desk. Ask a coordinator."))
    knowingly = set(breaking) if by == person_id or person_id in directory.assisted_by(by) else set()
    if not verdict.may_take or not set(verdict.broken) <= knowingly:
        raise RulesBroken(verdict.broken, rules_words(verdict.broken), can_tick=verdict.may_take)
    return verdict.broken


def require_self(person_id: int, by: int) -> None:
    if not directory.may_act_for(by, person_id):
        raise NotYours("not_yours", _("You do not keep this person's roster. Ask him, or a coordinator."))


def held(request_id: int, person_id: int) -> CoverRequest:
    """The request, with its desk, its holder and the taker locked, in the order of `duties.hold`."""
    found = CoverRequest.objects.filter(pk=request_id).values_list("duty__desk_id", "duty__person_id").first()
    if found is None:
        raise request_gone()
    hold([found[0]], [found[1], person_id])
    return locked(request_id)


# --- Writing ----------------------------------------------------------------------------------------------------------
def move(duty: Duty, kind: str, when: Interval, person_id: int, *, by: int, how: str) -> Duty:
    """`when` of the duty becomes the person's; the rest of a duty in force stays its holder's."""
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    if kind in HELD:
        whole = when == Interval(duty.starts_at, duty.ends_at)
        leave(duty, when, Ended.GIVEN if whole else Ended.SPLIT, by)
    elif is_position_taken(duty, when):
        raise position_taken()
    origin = Origin.COVER if kind in HELD else Origin.REPAIR
    return put_in_force([piece(duty, when, person_id, origin)], confirmed=how)[0]


def shield(request: CoverRequest) -> None:
    """The duty that leaves now is not to withdraw the request by which it leaves."""
    CoverRequest.objects.filter(pk=request.pk).update(state=State.TAKEN)


def leave(duty: Duty, when: Interval, why: str, by: int) -> None:
    """Take the duty out; what lies outside `when` stays its holder's, confirmed as it was."""
    if duty.cancelled_at is not None:
        raise duty_gone()
    rest = cover.left_over(Interval(duty.starts_at, duty.ends_at), when)
    take_out([duty], why=why, by=by)
    pieces = [piece(duty, one, duty.person_id, duty.origin) for one in rest]
    for kept in pieces:
        kept.number_id = duty.number_id
    put_in_force(pieces, confirmed=duty.confirmed_how)


def piece(duty: Duty, when: Interval, person_id: int, origin: str) -> Duty:
    return Duty(
        desk_id=duty.desk_id,
        person_id=person_id,
        position=duty.position,
        starts_at=when.start,
        ends_at=when.end,
        origin=origin,
        pattern_id=duty.pattern_id,
        version_id=duty.version_id,
        came_from=duty,
    )


def is_position_taken(duty: Duty, when: Interval) -> bool:
    return Duty.objects.filter(
        desk_id=duty.desk_id,
        position=duty.position,
        cancelled_at__isnull=True,
        starts_at__gt=when.start - MAX_DUTY,
        starts_at__lt=when.end,
        ends_at__gt=when.start,
    ).exists()


def end_taken(request: CoverRequest, made: Duty, broke: tuple[str, ...], person_id: int) -> None:
    now = clock.now()
    request.state, request.taken_by_id, request.taken_duty = State.TAKEN, person_id, made
    request.taken_at = request.ended_at = now
    request.undo_until, request.next_step_at = cover.undo_until(made.starts_at, now), None
    request.broke_rules = ",".join(broke)
    request.save()
    ask = own_ask(request, person_id)
    ask.answer, ask.answered_at = CoverAsk.Answer.YES, now
    ask.save()


def is_busy(person_id: int, start: datetime, end: datetime) -> bool:
    return Duty.objects.filter(
        person_id=person_id,
        cancelled_at__isnull=True,
        starts_at__gt=start - MAX_DUTY,
        starts_at__lt=end,
        ends_at__gt=start,
    ).exists()
