"""The next lawyer for a caller: facts, routing's decision with its row, and the offer. The list is never frozen."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError

from hotline import facts
from hotline.call.machine import Step
from hotline.call.state import RingOrder, Signal
from hotline.phone import legs, rows, texting
from hotline.phone.draft import Draft
from integrations.links import LinkFor
from routing import services as routing
from routing.core.decide import Ring, decide

RING_TEXT_LIVES = timedelta(minutes=10)


class Contested(Exception):
    """Somebody else's offer rang this person a moment ago: roll back, and decide again without him."""

    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


def next_lawyer(draft: Draft) -> Signal:
    """Routing's answer as a signal for the machine: `found` with whom to ring, or `nobody`."""
    state, policy = draft.state, facts.policy_of(draft.line)
    assert state.area_id is not None
    assert state.region_id is not None
    known = facts.gather(
        line=draft.line,
        area_id=state.area_id,
        region_id=state.region_id,
        lane=state.lane,
        at=draft.now,
        consultation_id=state.consultation_id,
        round=draft.call.round,
        cap_at=state.cap_at,
        just_rung=draft.just_rung,
    )
    outcome = decide(known, policy, draft.now)
    draft.decision_id = routing.record(
        about=f"consultation:{state.consultation_id}", at=draft.now, facts=known, outcome=outcome, policy=policy
    )
    draft.note["decision"] = draft.decision_id
    if not isinstance(outcome, Ring):
        return Signal("nobody", slots=draft.moments)
    person = outcome.person
    assert person.number is not None
    draft.ring = outcome
    order = RingOrder(
        person.person_id, person.number, outcome.seconds, outcome.stage, legs.new_token(legs.LAWYER), outcome.again
    )
    return Signal("found", ring=order, slots=draft.moments)


def place(draft: Draft, step: Step, order: RingOrder) -> None:
    """The offer's row and the text with its link, in the transaction of the step. Raises Contested."""
    ring, state = draft.ring, draft.state
    assert ring is not None
    assert state.consultation_id is not None
    assert step.due_at is not None
    try:
        offer_id = rows.insert_offer(
            consultation_id=state.consultation_id,
            round_=draft.call.round,
            call_id=draft.call.id,
            callback_id=None,
            lawyer_id=order.person_id,
            desk_id=ring.person.desk_id,
            duty_id=ring.person.duty_id,
            position=ring.person.position,
            stage=order.stage,
            number=order.number,
            seconds=order.seconds,
            decision_id=draft.decision_id,
            token=order.token,
            at=draft.now,
            due_at=step.due_at,
        )
    except IntegrityError as refused:
        raise Contested(order.person_id) from refused
    draft.give(offer_id=offer_id)
    draft.messages.append(
        texting.message(
            "ringing",
            order.number,
            key=f"ringing:{offer_id}",
            consultation_id=state.consultation_id,
            area_id=state.area_id,
            region_id=state.region_id,
            lane=state.lane,
            link=LinkFor(order.person_id, "accept", f"offer:{offer_id}", "c"),
            expires=draft.now + RING_TEXT_LIVES,
        )
    )
