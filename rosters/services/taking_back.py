"""'Toch niet': a take-over or a swap is taken back while nobody counts on it yet."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from rosters import cover_telling
from rosters.core.intervals import Interval
from rosters.errors import CoverRefused
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services.covering import locked, plan_anew, request_gone
from rosters.services.duties import hold, polite_overlap
from rosters.services.handing_over import is_busy, piece, require_self
from rosters.services.in_force import put_in_force, take_out
from rosters.services.left import HELD

Answer, Ended, Origin, State = CoverAsk.Answer, Duty.Ended, Duty.Origin, CoverRequest.State


@polite_overlap()
@transaction.atomic
def take_back(*, request_id: int, by: int) -> CoverRequest:
    """'Toch niet': within 15 minutes, and not within two hours of the start, everything is as it was before.

    The request is open again. Raises NotKnown, NotYours, CoverRefused: not_taken, too_late, changed, holder_busy.
    """
    found = CoverRequest.objects.filter(pk=request_id).select_related("duty", "taken_duty").first()
    if found is None:
        raise request_gone()
    made, taker = found.taken_duty, found.taken_by_id
    if found.state != State.TAKEN or made is None or taker is None:
        raise CoverRefused("not_taken", _("Nobody has taken this over. Load the page again."))
    back = _given_in_return(found, taker)
    hold([made.desk_id, found.duty.desk_id, *([back.desk_id] if back else [])], [taker, found.duty.person_id])
    request = locked(request_id)
    is_holders_swap = back is not None and directory.may_act_for(by, request.duty.person_id)
    if not is_holders_swap:
        require_self(taker, by)
    if request.undo_until is None or clock.now() >= request.undo_until:
        raise CoverRefused(
            "too_late", _("Taking it back is no longer possible. The duty is yours: give it away instead.")
        )
    gone = list(Duty.objects.select_for_update().filter(pk__in=[one.pk for one in (made, back) if one]))
    if any(one.cancelled_at is not None for one in gone):
        raise CoverRefused("changed", _("The duty was changed since. Give it away instead."))
    returned = _give_back(request, gone, taker)
    request.asks.filter(person_id=taker).update(answer=Answer.NO, answered_at=clock.now(), in_return=None)
    _open_again(request, returned)
    people = {request.duty.person_id, taker} - {by}
    if request.kind not in HELD:
        people = set(cover_telling.coordinators(request.duty.desk_id)) - {by}
    cover_telling.taken_back(request, made, taker=made.person.name, people=people)
    return request


def _given_in_return(request: CoverRequest, taker: int) -> Duty | None:
    """After a swap: the duty that its holder has instead."""
    asks = request.asks.filter(person_id=taker, in_return__isnull=False)
    given = asks.values_list("in_return_id", flat=True).first()
    return Duty.objects.filter(came_from_id=given, origin=Origin.SWAP).first() if given else None


def _give_back(request: CoverRequest, gone: list[Duty], taker: int) -> list[Duty]:
    """Each duty goes to whom it came from; nothing does when one of them has another duty by now."""
    take_out(gone, why=Ended.UNDONE)
    if request.kind not in HELD:
        return []
    returned = []
    for duty in gone:
        to = request.duty.person_id if duty.person_id == taker else taker
        if is_busy(to, duty.starts_at, duty.ends_at):
            raise CoverRefused("holder_busy", _("The one who had it has another duty by now. Give it away instead."))
        returned.append(piece(duty, Interval(duty.starts_at, duty.ends_at), to, Origin.COVER))
    return put_in_force(returned)


def _open_again(request: CoverRequest, returned: list[Duty]) -> None:
    """As it stood, about the duty that its holder has back; beside a request for the rest it becomes part of that."""
    holder = request.duty.person_id
    for duty in returned:
        if duty.person_id == holder:
            request.duty = duty
    other = CoverRequest.objects.filter(duty_id=request.duty_id, state=State.OPEN).exclude(pk=request.pk).first()
    request.taken_by, request.taken_at, request.taken_duty, request.undo_until = None, None, None, None
    request.broke_rules = ""
    if other is not None:
        if request.ends_at != other.starts_at and other.ends_at != request.starts_at:
            raise CoverRefused("changed", _("The duty was changed since. Give it away instead."))
        other.starts_at, other.ends_at = min(request.starts_at, other.starts_at), max(request.ends_at, other.ends_at)
        plan_anew(other)
        other.save()
        request.state = State.WITHDRAWN
        request.save()
        return
    request.state, request.ended_at = State.OPEN, None
    plan_anew(request)
    request.save()
