"""Taking a duty over, swapping two, and taking that back: the first valid one wins, under lock.

Desks and people are locked before anything is judged, so of two who press at one moment the second finds it taken.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from integrations import clock
from rosters import cover_telling, eligibility
from rosters.core import cover, eligible
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.cover_words import rules_words
from rosters.errors import CoverRefused, FormRefused, NotYours, RulesBroken
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services.covering import (
    duty_gone,
    hold_request,
    locked,
    open_request,
    own_ask,
    plan_anew,
    request_gone,
    require_open,
    stretch_of,
    write_request,
)
from rosters.services.duties import hold, polite_overlap, position_taken
from rosters.services.in_force import put_in_force, take_out
from rosters.services.left import HELD

Answer, Ended, Kind, Origin, State = CoverAsk.Answer, Duty.Ended, CoverRequest.Kind, Duty.Origin, CoverRequest.State
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
    request = _held(request_id, person_id)
    _require_self(person_id, by)
    require_open(request)
    if request.kind == Kind.SWAP:
        raise CoverRefused("swap_only", _("This one is for swapping. Offer one of your own duties in return."))
    when = stretch_of(request)
    if part is not None:
        when = _part_within(when, part)
    rest = cover.left_over(stretch_of(request), when)
    broke = _judge(request.duty, when, person_id, by, breaking)
    taken = _split_off(request, when) if rest else request
    _shield(request)
    made = _move(request.duty, request.kind, when, person_id, by=by, how=how)
    _end_taken(taken, made, broke, person_id)
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


@transaction.atomic
def offer_swap(*, request_id: int, person_id: int, in_return: int, by: int, breaking: Collection[str] = ()) -> CoverAsk:
    """Offer a duty of one's own for the duty of a request; its holder may accept (`accept_swap`).

    Raises NotKnown, NotYours, RulesBroken, CoverRefused: taken, ended, duty_gone, not_for_swap, not_free_in_return.
    """
    request = _held(request_id, person_id)
    _require_self(person_id, by)
    require_open(request)
    if request.kind not in HELD:
        raise CoverRefused("not_for_swap", _("Nobody holds this duty now, so it cannot be swapped. Take it over."))
    other = _own_free_duty(in_return, person_id)
    broke = _judge(request.duty, stretch_of(request), person_id, by, breaking, ignore=[other.pk])
    owner = request.duty.person_id
    verdict = eligibility.verdict(
        other.desk_id, Interval(other.starts_at, other.ends_at), owner, ignore_duties=[request.duty_id]
    )
    if verdict is None or not verdict.may_take:
        raise CoverRefused(
            "not_free_in_return",
            _("%(name)s cannot do that duty: %(rules)s. Offer another one.")
            % {
                "name": cover.short_name(request.duty.person.name),
                "rules": rules_words(verdict.broken if verdict else [eligible.NOT_QUALIFIED]),
            },
        )
    ask = own_ask(request, person_id)
    ask.answer, ask.answered_at, ask.in_return, ask.reasons = Answer.YES, clock.now(), other, list(broke)
    ask.save()
    cover_telling.swap_offered(ask, other)
    return ask


@polite_overlap()
@transaction.atomic
def accept_swap(*, ask_id: int, by: int, breaking: Collection[str] = (), how: str = "page") -> tuple[Duty, Duty]:
    """The holder accepts: both duties change hands at once, or neither. Returns the taker's, then the holder's.

    Both must fit, each without the duty that he gives up. Raises NotKnown, NotYours, RulesBroken, CoverRefused.
    """
    found = CoverAsk.objects.filter(pk=ask_id).select_related("request__duty", "in_return").first()
    if found is None:
        raise request_gone()
    mine, theirs = found.request.duty, found.in_return
    _require_self(mine.person_id, by)
    hold([mine.desk_id, *([theirs.desk_id] if theirs else [])], [mine.person_id, found.person_id])
    request, ask = locked(found.request_id), CoverAsk.objects.get(pk=ask_id)
    require_open(request)
    if theirs is None or ask.in_return_id != theirs.pk or ask.answer != Answer.YES:
        raise CoverRefused("offer_gone", _("This offer was taken back. Choose another one."))
    other = _own_free_duty(theirs.pk, ask.person_id)
    when, whole = stretch_of(request), Interval(other.starts_at, other.ends_at)
    taker_broke = _judge(request.duty, when, ask.person_id, ask.person_id, ask.reasons, ignore=[other.pk])
    _judge(other, whole, mine.person_id, by, breaking, ignore=[request.duty_id])
    _shield(request)
    duty = Duty.objects.select_for_update().get(pk=request.duty_id)
    _leave(duty, when, Ended.SWAPPED, by)
    take_out([other], why=Ended.SWAPPED, by=by)
    first = _piece(duty, when, ask.person_id, Origin.SWAP)
    second = _piece(other, whole, duty.person_id, Origin.SWAP)
    put_in_force([first, second], confirmed=how)
    _end_taken(request, first, taker_broke, ask.person_id)
    cover_telling.swapped(request, first, second)
    return first, second


@transaction.atomic
def decline_swap(*, ask_id: int, by: int) -> None:
    """The holder does not want this swap; the request stays open. Raises NotKnown, NotYours, CoverRefused."""
    found = CoverAsk.objects.filter(pk=ask_id).select_related("request__duty").first()
    if found is None:
        raise request_gone()
    _require_self(found.request.duty.person_id, by)
    request = hold_request(found.request_id)
    require_open(request)
    CoverAsk.objects.filter(pk=ask_id).update(answer=Answer.NO, answered_at=clock.now(), in_return=None)
    cover_telling.swap_declined(request, found.person_id, ask_id)


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
        _require_self(taker, by)
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


# --- Judging ----------------------------------------------------------------------------------------------------------
def _judge(
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


def _require_self(person_id: int, by: int) -> None:
    if not directory.may_act_for(by, person_id):
        raise NotYours("not_yours", _("You do not keep this person's roster. Ask him, or a coordinator."))


def _held(request_id: int, person_id: int) -> CoverRequest:
    """The request, with its desk, its holder and the taker locked, in the order of `duties.hold`."""
    found = CoverRequest.objects.filter(pk=request_id).values_list("duty__desk_id", "duty__person_id").first()
    if found is None:
        raise request_gone()
    hold([found[0]], [found[1], person_id])
    return locked(request_id)


def _own_free_duty(duty_id: int, person_id: int) -> Duty:
    """A duty of his that is in force, to come, and not on offer itself."""
    duty = Duty.objects.select_for_update(of=("self",)).select_related("desk").filter(pk=duty_id).first()
    if duty is None or duty.person_id != person_id:
        raise CoverRefused("return_unknown", _("Choose one of your own duties."))
    if duty.cancelled_at is not None or duty.starts_at <= clock.now():
        raise CoverRefused("return_gone", _("That duty can no longer be swapped. Choose another one."))
    if CoverRequest.objects.filter(duty=duty, state=State.OPEN).exists():
        raise CoverRefused("return_on_offer", _("Somebody is looked for for that duty. Withdraw that request first."))
    return duty


def _part_within(whole: Interval, part: Interval) -> Interval:
    start, end = max(part.start, whole.start), part.end
    touches = start == whole.start or end == whole.end
    if not (start < end <= whole.end and touches):
        raise FormRefused("part", _("Take a part from the start, or up to the end."), field="deel")
    return Interval(start, end)


# --- Writing ----------------------------------------------------------------------------------------------------------
def _move(duty: Duty, kind: str, when: Interval, person_id: int, *, by: int, how: str) -> Duty:
    """`when` of the duty becomes the person's; the rest of a duty in force stays its holder's."""
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    if kind in HELD:
        whole = when == Interval(duty.starts_at, duty.ends_at)
        _leave(duty, when, Ended.GIVEN if whole else Ended.SPLIT, by)
    elif _is_position_taken(duty, when):
        raise position_taken()
    origin = Origin.COVER if kind in HELD else Origin.REPAIR
    return put_in_force([_piece(duty, when, person_id, origin)], confirmed=how)[0]


def _shield(request: CoverRequest) -> None:
    """The duty that leaves now is not to withdraw the request by which it leaves."""
    CoverRequest.objects.filter(pk=request.pk).update(state=State.TAKEN)


def _leave(duty: Duty, when: Interval, why: str, by: int) -> None:
    """Take the duty out; what lies outside `when` stays its holder's, confirmed as it was."""
    if duty.cancelled_at is not None:
        raise duty_gone()
    rest = cover.left_over(Interval(duty.starts_at, duty.ends_at), when)
    take_out([duty], why=why, by=by)
    pieces = [_piece(duty, one, duty.person_id, duty.origin) for one in rest]
    for piece in pieces:
        piece.number_id = duty.number_id
    put_in_force(pieces, confirmed=duty.confirmed_how)


def _piece(duty: Duty, when: Interval, person_id: int, origin: str) -> Duty:
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


def _is_position_taken(duty: Duty, when: Interval) -> bool:
    return Duty.objects.filter(
        desk_id=duty.desk_id,
        position=duty.position,
        cancelled_at__isnull=True,
        starts_at__gt=when.start - MAX_DUTY,
        starts_at__lt=when.end,
        ends_at__gt=when.start,
    ).exists()


def _end_taken(request: CoverRequest, made: Duty, broke: tuple[str, ...], person_id: int) -> None:
    now = clock.now()
    request.state, request.taken_by_id, request.taken_duty = State.TAKEN, person_id, made
    request.taken_at = request.ended_at = now
    request.undo_until, request.next_step_at = cover.undo_until(made.starts_at, now), None
    request.broke_rules = ",".join(broke)
    request.save()
    ask = own_ask(request, person_id)
    ask.answer, ask.answered_at = Answer.YES, now
    ask.save()


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


def _give_back(request: CoverRequest, gone: list[Duty], taker: int) -> list[Duty]:
    """Each duty goes to whom it came from; nothing does when one of them has another duty by now."""
    take_out(gone, why=Ended.UNDONE)
    if request.kind not in HELD:
        return []
    returned = []
    for duty in gone:
        to = request.duty.person_id if duty.person_id == taker else taker
        if _is_busy(to, duty.starts_at, duty.ends_at):
            raise CoverRefused("holder_busy", _("The one who had it has another duty by now. Give it away instead."))
        returned.append(_piece(duty, Interval(duty.starts_at, duty.ends_at), to, Origin.COVER))
    return put_in_force(returned)


def _is_busy(person_id: int, start: datetime, end: datetime) -> bool:
    return Duty.objects.filter(
        person_id=person_id,
        cancelled_at__isnull=True,
        starts_at__gt=start - MAX_DUTY,
        starts_at__lt=end,
        ends_at__gt=start,
    ).exists()


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
