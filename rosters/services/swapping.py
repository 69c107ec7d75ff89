"""Swapping two duties: one offers a duty of his own, the holder accepts, and both change hands at once or neither."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from integrations import clock
from rosters import cover_telling, eligibility
from rosters.core import cover, eligible
from rosters.core.intervals import Interval
from rosters.cover_words import rules_words
from rosters.errors import CoverRefused
from rosters.models import CoverAsk, CoverRequest, Duty
from rosters.services.covering import hold_request, locked, own_ask, request_gone, require_open, stretch_of
from rosters.services.duties import hold, polite_overlap
from rosters.services.handing_over import end_taken, held, judge, leave, piece, require_self, shield
from rosters.services.in_force import put_in_force, take_out
from rosters.services.left import HELD

Answer, Ended, Origin, State = CoverAsk.Answer, Duty.Ended, Duty.Origin, CoverRequest.State


@transaction.atomic
def offer_swap(*, request_id: int, person_id: int, in_return: int, by: int, breaking: Collection[str] = ()) -> CoverAsk:
    """Offer a duty of one's own for the duty of a request; its holder may accept (`accept_swap`).

    Raises NotKnown, NotYours, RulesBroken, CoverRefused: taken, ended, duty_gone, not_for_swap, not_free_in_return.
    """
    request = held(request_id, person_id)
    require_self(person_id, by)
    require_open(request)
    if request.kind not in HELD:
        raise CoverRefused("not_for_swap", _("Nobody holds this duty now, so it cannot be swapped. Take it over."))
    other = _own_free_duty(in_return, person_id)
    broke = judge(request.duty, stretch_of(request), person_id, by, breaking, ignore=[other.pk])
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
    require_self(mine.person_id, by)
    hold([mine.desk_id, *([theirs.desk_id] if theirs else [])], [mine.person_id, found.person_id])
    request, ask = locked(found.request_id), CoverAsk.objects.get(pk=ask_id)
    require_open(request)
    if theirs is None or ask.in_return_id != theirs.pk or ask.answer != Answer.YES:
        raise CoverRefused("offer_gone", _("This offer was taken back. Choose another one."))
    other = _own_free_duty(theirs.pk, ask.person_id)
    when, whole = stretch_of(request), Interval(other.starts_at, other.ends_at)
    taker_broke = judge(request.duty, when, ask.person_id, ask.person_id, ask.reasons, ignore=[other.pk])
    judge(other, whole, mine.person_id, by, breaking, ignore=[request.duty_id])
    shield(request)
    duty = Duty.objects.select_for_update().get(pk=request.duty_id)
    leave(duty, when, Ended.SWAPPED, by)
    take_out([other], why=Ended.SWAPPED, by=by)
    first = piece(duty, when, ask.person_id, Origin.SWAP)
    second = piece(other, whole, duty.person_id, Origin.SWAP)
    put_in_force([first, second], confirmed=how)
    end_taken(request, first, taker_broke, ask.person_id)
    cover_telling.swapped(request, first, second)
    return first, second


@transaction.atomic
def decline_swap(*, ask_id: int, by: int) -> None:
    """The holder does not want this swap; the request stays open. Raises NotKnown, NotYours, CoverRefused."""
    found = CoverAsk.objects.filter(pk=ask_id).select_related("request__duty").first()
    if found is None:
        raise request_gone()
    require_self(found.request.duty.person_id, by)
    request = hold_request(found.request_id)
    require_open(request)
    CoverAsk.objects.filter(pk=ask_id).update(answer=Answer.NO, answered_at=clock.now(), in_return=None)
    cover_telling.swap_declined(request, found.person_id, ask_id)


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
