"""Taking a duty over, whole or in part, asked or at once: the first valid one wins, under lock.

Desks and people are locked before anything is judged, so of two who press at one moment the second finds it taken.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from rosters import cover_telling
from rosters.core import cover
from rosters.core.intervals import Interval
from rosters.errors import CoverRefused, FormRefused
from rosters.models import CoverRequest, Duty
from rosters.services.covering import (
    duty_gone,
    open_request,
    plan_anew,
    request_gone,
    require_open,
    stretch_of,
    write_request,
)
from rosters.services.duties import hold, polite_overlap
from rosters.services.handing_over import end_taken, held, judge, move, require_self, shield
from rosters.services.left import HELD

Kind, State = CoverRequest.Kind, CoverRequest.State
LATE = cover.UNDO_UNTIL  # a duty in force may be taken without a request when it runs or starts so soon


@polite_overlap()
@transaction.atomic
def take(
    *,
    request_id: int,
    person_id: int,
    by: int,
    breaking: Collection[str] = (),
    part: Interval | None = None,
    how: str = "page",
) -> Duty:
    """The person takes the duty of an open request, or `part` of it from its start or up to its end.

    `breaking`: codes of the rules that he breaks knowingly. `how` he confirmed it: page, link, sms or coordinator.
    Raises NotKnown, NotYours, RulesBroken, FormRefused (part), CoverRefused: taken, ended, duty_gone, swap_only.
    """
    request = held(request_id, person_id)
    require_self(person_id, by)
    require_open(request)
    if request.kind == Kind.SWAP:
        raise CoverRefused("swap_only", _("This one is for swapping. Offer one of your own duties in return."))
    when = stretch_of(request)
    if part is not None:
        when = _part_within(when, part)
    rest = cover.left_over(stretch_of(request), when)
    broke = judge(request.duty, when, person_id, by, breaking)
    taken = _split_off(request, when) if rest else request
    shield(request)
    made = move(request.duty, request.kind, when, person_id, by=by, how=how)
    end_taken(taken, made, broke, person_id)
    if rest:
        _go_on_with_rest(request, rest[0], person_id)
    cover_telling.taken(taken, made, by=by)
    return made


@polite_overlap()
@transaction.atomic
def take_now(*, duty_id: int, person_id: int, by: int, breaking: Collection[str] = (), how: str = "page") -> Duty:
    """'Ik neem het nu over': a duty that runs, starts within two hours, or stands empty, from now to its end.

    A coordinator may do it at any time for somebody of his region. Raises as `take`; CoverRefused: ask_first.
    """
    duty = Duty.objects.filter(pk=duty_id).first()
    if duty is None:
        raise request_gone()
    hold([duty.desk_id], [duty.person_id, person_id])
    request = CoverRequest.objects.filter(duty=duty, state=State.OPEN).first()
    if request is None:
        duty.refresh_from_db()
        keeps = directory.may_act_for(by, duty.person_id)
        if duty.cancelled_at is not None:
            raise duty_gone()
        if not keeps and duty.starts_at - clock.now() > LATE:
            raise CoverRefused("ask_first", _("This duty is far off. Ask its holder, or a coordinator."))
        request = open_request(duty_id=duty_id, kind=Kind.GIVE, by=by if keeps else None, ask=())
    elif request.kind == Kind.SWAP and duty.starts_at - clock.now() <= LATE:
        request.kind = Kind.GIVE  # nobody waits for an exchange any more
        request.save(update_fields=["kind"])
    return take(request_id=request.pk, person_id=person_id, by=by, breaking=breaking, how=how)


def _part_within(whole: Interval, part: Interval) -> Interval:
    start, end = max(part.start, whole.start), part.end
    touches = start == whole.start or end == whole.end
    if not (start < end <= whole.end and touches):
        raise FormRefused("part", _("Take a part from the start, or up to the end."), field="deel")
    return Interval(start, end)


def _split_off(request: CoverRequest, when: Interval) -> CoverRequest:
    """A request of its own for the part that is taken; the one that was sent out goes on about the rest."""
    return write_request(request.duty, request.kind, request.made_by_id, when, state=State.TAKEN)


def _go_on_with_rest(request: CoverRequest, rest: Interval, taker: int) -> None:
    request.starts_at, request.ends_at = rest
    if request.kind in HELD:
        request.duty = Duty.objects.get(
            came_from_id=request.duty_id,
            person_id=request.duty.person_id,
            cancelled_at__isnull=True,
            starts_at__lte=rest.start,
            ends_at__gte=rest.end,
        )
    plan_anew(request)
    request.save()
    request.asks.filter(person_id=taker).delete()  # what he said stands with the part that he took
