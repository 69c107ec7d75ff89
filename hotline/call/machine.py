"""The caller's leg as one pure, total function: state x signal x now -> state, document, effects.

`next_step` classifies what was heard, reads the cell of table.TABLE, applies the effect letters and renders the new
state. A target 'ring' does not ring by itself: it asks for `Seek`, and routing's answer comes back as the signal
`found`, `nobody` or `contested` in the same transaction. Nothing here reads a clock, a database or a setting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.call import effects as do
from hotline.call.letters import GRACE, LETTERS, Work, close_what_is_open, ended_as, known
from hotline.call.state import END, GREET, HELP, MENU, REGION, RING, TALK, Caller, CallState, OfferSeen, Signal
from hotline.call.steps import STEPS, ending, ring
from hotline.call.table import BY_OFFER, TABLE
from integrations.twilio.verbs import Document, Hangup, Redirect, Reject, Say

__all__ = ["GRACE", "Step", "classify", "ended_as", "next_step", "start"]

NOTHING_SPOKEN = frozenset({"none", "-", "stay", "REST", "same"})
SEEKING_KEEPS_STATE = frozenset({GREET, MENU, "later", "check"})


@dataclass(frozen=True, slots=True)
class Step:
    """The new state, what is spoken (None: an empty answer), what is written, and when the watchdog looks."""

    state: CallState
    document: Document | None
    effects: tuple[do.Effect, ...]
    due_at: datetime | None
    answer: str = ""  # "same": the stored answer is given again
    row: str = ""
    cell: str = ""

    @property
    def seeks(self) -> bool:
        return any(isinstance(effect, do.Seek) for effect in self.effects)


def start(caller: Caller | None, is_main: bool, state: CallState, open_now: bool, now: datetime) -> Step:
    """The first document of a call. `state` carries what the line gives: menu, cap, notice, opening."""
    if caller is not None:
        state = known(state, caller)
    if not open_now:
        state = replace(state, state="closed", is_main=is_main)
    elif caller is None:
        state = replace(state, state="ident")
    elif is_main:
        state = replace(state, state="main", is_main=True)
    else:
        state = _enter(state)
    return Step(state, STEPS[state.state].render(state), (), STEPS[state.state].due(state, now), row="start")


def next_step(state: CallState, heard: Signal, now: datetime) -> Step:
    """One step, total over states and signals. `now` is aware UTC."""
    row, alternative = classify(state, heard)
    cell = TABLE[row][state.state]
    if cell == "as_gone":
        cell = TABLE["gone"][state.state]
    if cell == "by_offer":
        cell = BY_OFFER.get(heard.offer.state if heard.offer else "", BY_OFFER[""])
    if cell == "by_evidence":
        cell = _by_evidence(heard.offer)
    return _apply(state, heard, now, row, _pick(cell, alternative, _nth(state, row, heard)))


def classify(state: CallState, heard: Signal) -> tuple[str, str]:
    """The row of the table for what was heard, and the name of the key where it was a valid one."""
    if heard.kind == "dialled":
        known = "left_" if heard.gone else "dialled_"
        accepted = bool(heard.offer and heard.offer.accepted_at)
        if accepted:
            return known + {True: "bridged", False: "unbridged", None: "unknown"}[heard.bridged], ""
        return known + ("keyless" if heard.bridged else "refused"), ""
    if heard.gone and heard.kind != "helped":  # the fallback Dial tells itself how it went
        return "gone", ""
    if heard.kind == "keys":
        name = STEPS[state.state].key(state, heard)
        if name:
            return "key", name
        return ("other" if heard.digits else "none"), ""
    if heard.kind == "due":
        return f"due_{heard.leg}", ""
    return heard.kind, ""


def _nth(state: CallState, row: str, heard: Signal) -> int:
    if row == "contested":
        return heard.nth
    if row == "again":
        return state.faults + 1
    if row.startswith("due_"):
        return state.looks + 1
    return state.tries + 1


def _pick(cell: str, alternative: str, nth: int) -> str:
    """The part of the cell that holds: by key name, or by how many times it happened here."""
    chosen = ""
    for part in cell.split(", "):
        head, _, rest = part.partition(" ")
        if head.endswith(":"):
            if nth >= int(head[:-1]):
                chosen = rest
        elif alternative:
            if head == alternative or not rest:
                chosen = rest or head
        elif not chosen:
            chosen = part
    return chosen


def _apply(state: CallState, heard: Signal, now: datetime, row: str, cell: str) -> Step:
    answers: dict[str, Document | None] = {
        "now": (Redirect("now"),),
        "bye": (Hangup(),),
        "sorry": (Say("sorry"), Hangup()),
        "reject": (Reject(),),
    }
    if cell == "again":  # a handler failed and now works: the present question, and the fault is counted
        counted = replace(state, faults=state.faults + 1)
        return next_step(counted, replace(heard, kind="now"), now)
    if cell in answers:
        return Step(state, answers[cell], (), None, row=row, cell=cell)
    if cell in NOTHING_SPOKEN:
        return _silent(state, row, cell, now)
    if cell.startswith("+"):
        looked = replace(state, looks=state.looks + 1)
        return Step(looked, None, (), now + timedelta(seconds=int(cell[1:])), row=row, cell=cell)
    if cell == "seek":
        return Step(state, None, (do.Seek(),), None, row=row, cell=cell)
    if cell == "placed":
        return _placed(state, heard, now, row)

    target, _, letters = cell.partition(".")
    work = Work(replace(state, prefix=()), heard, now, state.state, [])
    for letter in letters:  # they read the page that the caller chose from
        LETTERS[letter](work)
    if target not in (state.state, "ring", "enter"):
        work.change(tries=0, looks=0, page=1)
    if target == "ring":
        if state.state not in SEEKING_KEEPS_STATE:
            work.change(state=RING)
        work.do(do.Seek())
        return Step(work.state, None, tuple(work.effects), None, row=row, cell=cell)
    if target == "enter":
        work.change(tries=0, looks=0)
        work.state = _enter(work.state)
    else:
        work.change(state=target)
    if target in (END, HELP):
        close_what_is_open(work)
    after = work.state
    if after.state == TALK and letters:  # the caller left a conversation: wait for the evidence
        return Step(after, (Hangup(),), tuple(work.effects), now + GRACE, row=row, cell=cell)
    if after.state == END:
        return Step(after, ending.render(after, heard, work.came_from), tuple(work.effects), None, row=row, cell=cell)
    step = STEPS[after.state]
    return Step(after, step.render(after), tuple(work.effects), step.due(after, now), row=row, cell=cell)


def _silent(state: CallState, row: str, cell: str, now: datetime) -> Step:
    if cell == "REST":
        moved = replace(state, looks=state.looks + 1)
        due = now + timedelta(seconds=30)
        return Step(moved, None, (do.RedirectToNow(),), due, row=row, cell=cell)
    return Step(state, None, (), None, answer="same" if cell == "same" else "", row=row, cell=cell)


def _placed(state: CallState, heard: Signal, now: datetime, row: str) -> Step:
    order = heard.ring
    if order is None:
        raise ValueError("a `found` signal carries the ring order")
    wider = order.stage == "country" and state.stage != "country" and state.rings > 0
    prefix = () if state.rings == 0 else ("wider",) if wider else ("next",)
    after = replace(
        state, state=RING, stage=order.stage, rings=state.rings + 1, tries=0, looks=0, prefix=prefix + state.prefix
    )
    return Step(after, ring.render(after, order), (), ring.due(after, order, now), row=row, cell="placed")


def _enter(state: CallState) -> CallState:
    """The first question of a caller we know: the region when there is a choice, else the area."""
    if state.region_id is None and len(state.regions) > 1:
        return replace(state, state=REGION)
    known = replace(state, region_id=state.region_id or (state.regions[0] if state.regions else state.country))
    if known.usual_area and known.usual_area not in known.signposts:
        return replace(known, state=GREET)
    return replace(known, state=MENU)


def _by_evidence(offer: OfferSeen | None) -> str:
    """C10 in a conversation: what is stored about the bridge decides; without evidence the caller is asked."""
    if offer is None or offer.accepted_at is None or offer.bridged is None:
        return TABLE["dialled_unknown"][TALK]
    return TABLE["dialled_bridged" if offer.bridged else "dialled_unbridged"][TALK]
