"""The effect letters of table.TABLE: what each writes and changes, one small function per letter. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.call import effects as do
from hotline.call.state import (
    CALLBACK,
    CONNECTED,
    GREET,
    URGENT,
    WITHDRAWN,
    Caller,
    CallState,
    Signal,
)
from hotline.call.steps import menu, outcome, region

WAIT_BEFORE_CALLBACK = timedelta(seconds=10)
"""A caller who waited this long with an area chosen is called back when he hangs up."""
CLOCK_STANDS_AT_MOST = timedelta(seconds=20)
BRIDGE_PROOF = timedelta(seconds=5)
"""A lawyer's leg that lasted this long after key 1 is taken for a conversation when no better evidence comes."""
GRACE = timedelta(seconds=20)


@dataclass(slots=True)
class Work:
    """The letters' workbench: the state as it becomes, and the effects in order."""

    state: CallState
    heard: Signal
    now: datetime
    came_from: str
    effects: list[do.Effect]

    def change(self, **fields: object) -> None:
        self.state = replace(self.state, **fields)  # type: ignore[arg-type]

    def ended(self, end: str, reason: str) -> None:
        self.change(end=end, end_reason=reason)

    def do(self, effect: do.Effect) -> None:
        self.effects.append(effect)


def close_what_is_open(work: Work) -> None:
    """No call ends, or leaves for the fallback number, with a lawyer who still counts as rung or talking."""
    offer = work.heard.offer
    if offer is None or offer.ended_at is not None:
        return
    if not any(isinstance(effect, do.CloseOffer | do.TalkEnded) for effect in work.effects):
        state = "stopped" if offer.accepted_at is None else "talked" if offer.bridged else "unbridged"
        work.do(do.CloseOffer(state))


def known(state: CallState, caller: Caller) -> CallState:
    region = caller.remembered_region or (caller.regions[0] if len(caller.regions) == 1 else None)
    return replace(
        state,
        worker_id=caller.worker_id,
        organisation_id=caller.organisation_id,
        usual_area=caller.usual_area if caller.usual_area in state.menu else None,
        regions=caller.regions,
        region_id=region,
        callback_number=caller.number or state.callback_number,
    )


def _area(work: Work) -> None:
    """a: the area is chosen; the clock starts, or runs on after it stood for key 5."""
    state = work.state
    chosen = state.usual_area if work.came_from == GREET else menu.chosen(state, work.heard)
    cap_at = state.cap_at or work.now + timedelta(seconds=state.cap_seconds)
    if state.cap_at and state.clock_stopped_at:
        stood = min(work.now - state.clock_stopped_at, CLOCK_STANDS_AT_MOST)
        cap_at = state.cap_at if state.clock_has_stood else state.cap_at + stood
        work.change(clock_has_stood=True)
    work.change(area_id=chosen, cap_at=cap_at, asked_at=state.asked_at or work.now, clock_stopped_at=None)
    work.do(do.ChooseArea())


def _next_lawyer(work: Work) -> None:
    """b: close the open offer by what is known."""
    offer = work.heard.offer
    if offer is None or offer.ended_at is not None:
        return
    if offer.accepted_at is not None:
        work.do(do.CloseOffer("unbridged", tell_lawyer=True))
    else:
        work.do(do.CloseOffer(ended_as(offer.state, work.heard.word)))


def ended_as(offer_state: str, word: str) -> str:
    """How an unaccepted leg ended, from its state and the vendor's word for it."""
    if offer_state == "whisper":
        return "silent"
    return {
        "no-answer": "missed",
        "busy": "busy",
        "failed": "bad_number",
        "canceled": "stopped",
        "completed": "silent",
        "answered": "silent",
    }.get(word, "missed")


def _agreed(work: Work) -> None:
    """c: the callback stands."""
    if work.state.promise_at is None:
        _missed(work)
        return
    work.do(do.ConfirmPromise())
    reason = "promised" if work.state.promise_lawyer else "nobody_free"
    work.ended(CALLBACK, "fault" if work.came_from == "help" else reason)


def _other_slot(work: Work) -> None:
    """d: the callback moves to the other slot."""
    if work.state.other_slot is None:
        _agreed(work)
        return
    work.do(do.MovePromise(work.state.other_slot))
    work.change(promise_at=work.state.other_slot)
    _agreed(work)


def _wait_for_evidence(work: Work) -> None:
    """e: the caller left a conversation; how it ended is told by the Dial or by the watchdog."""
    work.change(caller_left_at=work.state.caller_left_at or work.now)


def _talked(work: Work) -> None:
    """f: the conversation was had."""
    work.do(do.TalkEnded())


def _clear_area(work: Work) -> None:
    """g: the lawyer says it is another area; the caller chooses, and the clock stands still once."""
    work.change(clock_stopped_at=work.now, prefix=("other_area",))


def _fallback(work: Work) -> None:
    """h: back from the fallback number."""
    if work.heard.bridged or work.heard.word == "completed":
        _withdraw_promise(work, "by_fallback")
        work.do(do.Alarm("fallback"))
        work.ended(CONNECTED, "fallback")
        return
    if work.state.promise_at is None:
        _promise(work, why="fault", coordinator=True)
    work.ended(CALLBACK, "fallback")


def _identified(work: Work) -> None:
    """i: the code names a worker."""
    if work.heard.caller:
        work.state = known(work.state, work.heard.caller)


def _region(work: Work) -> None:
    """j: the region is chosen and remembered."""
    chosen = region.chosen(work.state, work.heard)
    work.change(region_id=chosen)
    if work.state.worker_id:
        work.do(do.RememberRegion(chosen))


def _first_region(work: Work) -> None:
    """1: no choice was heard three times."""
    work.change(region_id=work.state.regions[0])


def _close(work: Work) -> None:
    """k: the call ends as connected; the worker's outcome by this key, or by link."""
    if work.came_from != "outcome":
        _talked(work)
    work.do(do.WorkerOutcome(outcome.value(work.heard)))
    work.ended(CONNECTED, "talked")


def _came_from_closed(work: Work) -> None:
    """l: the caller wants to be called back; first we ask who it is."""
    work.change(came_from_closed=True)


def _missed(work: Work) -> None:
    """m: no conversation. A promise that stands stays; who waited long enough is called back; others withdrew."""
    state, offer = work.state, work.heard.offer
    if offer is not None and offer.ended_at is None:
        work.do(do.CloseOffer("unbridged" if offer.accepted_at else "stopped", tell_lawyer=bool(offer.accepted_at)))
    if state.promise_at is not None:
        work.do(do.ConfirmPromise())
        work.ended(CALLBACK, "missed")
        return
    waited = state.asked_at is not None and work.now - state.asked_at >= WAIT_BEFORE_CALLBACK
    accepted = offer is not None and offer.accepted_at is not None
    if state.asked_at is not None and (waited or accepted):
        first = offer.lawyer_id if offer is not None and offer.accepted_at is not None else None
        _promise(work, why="missed", first=first)
        work.do(do.ConfirmPromise())
        work.ended(CALLBACK, "missed")
        return
    reason = "short" if state.asked_at else "menu"
    work.do(do.WithdrawConsultation(reason))
    work.ended(WITHDRAWN, reason)


def _stranger(work: Work) -> None:
    """n: a professional we do not know; one ticket per number per day."""
    _promise(work, why="stranger", coordinator=True)
    work.ended(CALLBACK, "stranger")


def _next_page(work: Work) -> None:
    """n in the menu: the next page, and after the last one the first again."""
    work.change(page=work.state.page + 1, tries=0)


def _at_opening(work: Work) -> None:
    """o: called back when the line opens."""
    opening = work.state.opening or work.now
    work.do(do.Promise(opening, "closed"))
    work.change(promise_at=opening)
    work.do(do.ConfirmPromise())
    work.ended(CALLBACK, "closed")


def _choice(work: Work) -> None:
    """p: nobody is free. The ticket is written before it is spoken; a promise that stands is that ticket."""
    offer = work.heard.offer
    if offer is not None and offer.ended_at is None:
        _next_lawyer(work)
    if work.state.promise_at is None:
        _promise(work, why="nobody_free", both=True)


def _unknown_area(work: Work) -> None:
    """q: the caller does not know the area: the coordinator does."""
    if work.state.promise_at is None:
        _promise(work, why="area_unknown", coordinator=work.state.consultation_id is None, both=True)


def _signpost(work: Work) -> None:
    """s: this area has its own way."""
    work.change(area_id=menu.chosen(work.state, work.heard))
    work.ended(WITHDRAWN, "signposted")


def _ask_again(work: Work) -> None:
    """t: the same question, after saying what was wrong."""
    prefix = ("unknown_key",) if work.heard.digits else ("no_choice",)
    work.change(tries=work.state.tries + 1, prefix=prefix)


def _not_joined(work: Work) -> None:
    """u: key 1 was pressed but the two never joined; the caller was gone already, or a leg fell away."""
    if work.heard.offer is not None and work.heard.offer.ended_at is None:
        work.do(do.CloseOffer("unbridged", tell_lawyer=True))


def _urgent(work: Work) -> None:
    """u while asking: `*` makes it urgent, once; the same question goes on."""
    work.change(lane=URGENT, prefix=("urgent",))


def _watch_end(work: Work) -> None:
    """v: a conversation whose end nobody told: the length of the lawyer's leg after key 1 decides."""
    offer = work.heard.offer
    if offer is not None and offer.accepted_at is not None:
        until = offer.ended_at or work.state.caller_left_at or work.now
        if offer.bridged or (offer.bridged is None and until - offer.accepted_at >= BRIDGE_PROOF):
            _close(work)
            return
    _missed(work)


def _withdraw(work: Work) -> None:
    """w: the caller does not want it, or never said what it was about."""
    reason = "not_needed" if work.came_from == "choice" else "no_choice"
    if work.heard.gone or work.heard.leg == "gone":
        reason = "hung_up"
    _withdraw_promise(work, reason)
    work.do(do.WithdrawConsultation(reason))
    work.ended(WITHDRAWN, reason)


def _refused(work: Work) -> None:
    """x: three codes that we do not know; it counts against the number for an hour (calls.REFUSALS_ALLOWED)."""
    work.ended(WITHDRAWN, "refused")


def _alarm(work: Work) -> None:
    """y: the vendor refused what the watchdog asked, or told something that cannot be."""
    work.do(do.Alarm("vendor_refused"))


def _keyless(work: Work) -> None:
    """z: bridged without our key: must not happen, so somebody looks at it."""
    work.do(do.Alarm("no_bridge_key"))
    if work.heard.offer is not None and work.heard.offer.ended_at is None:
        work.do(do.CloseOffer("silent"))


def _our_fault(work: Work) -> None:
    """P: our third fault in this call; the coordinator's ticket comes before the fallback number."""
    work.change(faults=work.state.faults + 1)
    if work.state.promise_at is None:
        _promise(work, why="fault", coordinator=True)


def _repeat(work: Work) -> None:
    """r: the same question under a new turn."""


def _promise(work: Work, why: str, coordinator: bool = False, first: int | None = None, both: bool = False) -> None:
    slots = work.heard.slots
    if slots is None:
        raise ValueError(f"a {work.heard.kind!r} signal in {work.came_from!r} needs slots")
    work.do(do.Promise(slots.soon, why, coordinator, first))
    work.change(promise_at=slots.soon, other_slot=slots.next_day if both else None)


def _withdraw_promise(work: Work, reason: str) -> None:
    if work.state.promise_at is not None:
        work.do(do.WithdrawPromise(reason))
        work.change(promise_at=None)


def _by_place(**places: Callable[[Work], None]) -> Callable[[Work], None]:
    """A letter that means two things: by the state it is read in."""

    def letter(work: Work) -> None:
        places.get(work.came_from, places["otherwise"])(work)

    return letter


LETTERS: dict[str, Callable[[Work], None]] = {
    "a": _area,
    "b": _next_lawyer,
    "c": _agreed,
    "d": _other_slot,
    "e": _wait_for_evidence,
    "f": _talked,
    "g": _clear_area,
    "h": _fallback,
    "i": _identified,
    "j": _region,
    "k": _close,
    "l": _came_from_closed,
    "m": _missed,
    "n": _by_place(menu=_next_page, otherwise=_stranger),
    "o": _at_opening,
    "p": _choice,
    "q": _unknown_area,
    "r": _repeat,
    "s": _signpost,
    "t": _ask_again,
    "u": _by_place(greet=_urgent, region=_urgent, menu=_urgent, otherwise=_not_joined),
    "v": _watch_end,
    "w": _withdraw,
    "x": _refused,
    "y": _alarm,
    "z": _keyless,
    "P": _our_fault,
    "1": _first_region,
}
