"""Which services a person can call on a consultation now: what a page shows as buttons. The services check again."""

from __future__ import annotations

from hotline.consultations.access import Actor, As
from hotline.core.lifecycle import Status, Step
from hotline.models import Callback, Consultation

IN_HAND = frozenset({Status.WITH_LAWYER, Status.MORE_INFO})
SAID = frozenset({Status.ANSWERED, Status.HANDED_OVER})


def may(person: Actor, consultation: Consultation, capacity: As) -> frozenset[str]:
    """Names of services: accept, decline, ask_more, reply, answer, release, log_outcome, take_over, share, ..."""
    status = Status(consultation.status)
    able: set[str] = set()
    if capacity == As.ASKER:
        able |= _asker(consultation, status)
    elif capacity == As.LAWYER:
        able |= _lawyer(consultation, status)
    elif capacity == As.OFFERED:
        able |= {"accept", "decline", "correct_area_region"}
    elif capacity in {As.COLLEAGUE, As.SHARED}:
        able.add("take_over" if consultation.asker_id is not None else "claim_for_organisation")
    elif capacity == As.COORDINATOR:
        able |= _coordinator(consultation, status)
    return frozenset(able)


def _asker(consultation: Consultation, status: Status) -> set[str]:
    able: set[str] = set()
    if consultation.organisation_id is not None:
        able.add("share")
    if status in SAID | {Status.CLOSED}:
        able.add("log_outcome")
    if not consultation.is_open:
        return able
    able |= {"reply", "correct_area_region", "plan_follow_up"}
    if status in IN_HAND | {Status.SUBMITTED}:
        able.add("withdraw")
    if _can_be_called(consultation, status):
        able.add("call_me_about_this")
    return able


def _lawyer(consultation: Consultation, status: Status) -> set[str]:
    able: set[str] = set()
    if status in IN_HAND | {Status.ANSWERED}:
        able.add("answer")
        if consultation.asker_id is not None:
            able.add("ask_more")
    if status in IN_HAND:
        able.add("release")
    if status in SAID | {Status.CLOSED}:
        able.add("log_outcome")
    if consultation.is_open:
        able |= {"correct_area_region", "plan_follow_up"}
        if _can_be_called(consultation, status):
            able.add("call_the_asker")
    return able


def _coordinator(consultation: Consultation, status: Status) -> set[str]:
    able = {"open_text_as_coordinator"}
    if consultation.is_open and status != Status.IN_CONVERSATION and consultation.next_step != Step.CALL_BACK:
        able.add("assign")
    if consultation.next_step == Step.COORDINATE:
        able.add("settle")
    return able


def _can_be_called(consultation: Consultation, status: Status) -> bool:
    if consultation.asker_id is None or status == Status.IN_CONVERSATION or consultation.next_step == Step.CONNECT:
        return False
    return not Callback.objects.filter(consultation=consultation, state__in=Callback.OPEN).exists()
