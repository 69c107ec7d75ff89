"""Where a consultation stands: its status, and the one next step with who owes it and by when.

Used by telephone and online alike. The words are those of the tables (`hotline/models.py`); a test keeps them equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    SUBMITTED = "submitted"
    WITH_LAWYER = "with_lawyer"
    IN_CONVERSATION = "in_conversation"
    MORE_INFO = "more_info"
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    NONE = ""
    ACCEPT = "accept"
    CONNECT = "connect"
    CALL_BACK = "call_back"
    ANSWER = "answer"
    INFORM = "inform"
    OUTCOME = "outcome"
    CONFIRM = "confirm"
    FOLLOW_UP = "follow_up"
    COORDINATE = "coordinate"


class Role(StrEnum):
    """Who owes the step when that is not one person."""

    NONE = ""
    LINE = "line"
    DESK = "desk"
    COORDINATOR = "coordinator"
    ORGANISATION = "organisation"


ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN})

# From a status to those that may follow it. To stay (with a new owner or moment) is allowed but at the end.
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.SUBMITTED: frozenset(
        {
            Status.WITH_LAWYER,
            Status.IN_CONVERSATION,
            Status.ANSWERED,  # settled by a coordinator, or a talk that proved itself afterwards
            Status.CLOSED,
            Status.WITHDRAWN,
        }
    ),
    Status.WITH_LAWYER: frozenset(
        {
            Status.SUBMITTED,  # released
            Status.IN_CONVERSATION,
            Status.MORE_INFO,
            Status.ANSWERED,
            Status.CLOSED,
            Status.WITHDRAWN,
        }
    ),
    Status.IN_CONVERSATION: frozenset(
        {Status.SUBMITTED, Status.WITH_LAWYER, Status.ANSWERED, Status.HANDED_OVER, Status.CLOSED, Status.WITHDRAWN}
    ),
    Status.MORE_INFO: frozenset(
        {
            Status.SUBMITTED,
            Status.WITH_LAWYER,
            Status.IN_CONVERSATION,
            Status.ANSWERED,
            Status.CLOSED,
            Status.WITHDRAWN,
        }
    ),
    Status.ANSWERED: frozenset(
        {
            Status.SUBMITTED,  # not helped: the next round
            Status.WITH_LAWYER,  # the asker writes back
            Status.MORE_INFO,
            Status.IN_CONVERSATION,
            Status.HANDED_OVER,
            Status.CLOSED,
        }
    ),
    Status.HANDED_OVER: frozenset({Status.SUBMITTED, Status.IN_CONVERSATION, Status.ANSWERED, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.SUBMITTED}),  # reopened: the next round
    Status.WITHDRAWN: frozenset(),
}

# The next steps that a status can have.
STEPS: Mapping[Status, frozenset[Step]] = {
    Status.SUBMITTED: frozenset({Step.ACCEPT, Step.CONNECT, Step.CALL_BACK, Step.COORDINATE}),
    Status.WITH_LAWYER: frozenset({Step.ANSWER, Step.CALL_BACK, Step.COORDINATE}),
    Status.IN_CONVERSATION: frozenset({Step.CONNECT, Step.OUTCOME}),
    Status.MORE_INFO: frozenset({Step.INFORM, Step.CALL_BACK, Step.COORDINATE}),
    Status.ANSWERED: frozenset({Step.CONFIRM, Step.OUTCOME, Step.FOLLOW_UP, Step.CALL_BACK, Step.COORDINATE}),
    Status.HANDED_OVER: frozenset({Step.CONFIRM, Step.FOLLOW_UP, Step.CALL_BACK, Step.COORDINATE}),
    Status.CLOSED: frozenset({Step.NONE}),
    Status.WITHDRAWN: frozenset({Step.NONE}),
}


class ImpossibleMove(ValueError):
    """A standing that cannot follow the one before it: a fault of ours, never the user's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A status with its next step. Open: one owner (a person or a role) and a moment. Ended: none of these."""

    status: Status
    next_step: Step = Step.NONE
    owner_id: int | None = None
    owner_role: Role = Role.NONE
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.next_step not in STEPS[self.status]:
            raise ImpossibleMove(f"{self.status} cannot wait for {self.next_step or 'nothing'}")
        if self.status in ENDED:
            if self.owner_id is not None or self.owner_role or self.due_at is not None:
                raise ImpossibleMove(f"{self.status} has no owner and no moment")
        elif self.due_at is None or (self.owner_id is None) == (not self.owner_role):
            raise ImpossibleMove(f"{self.status} needs one owner and a moment")


def may_follow(before: str, after: str) -> bool:
    """Whether a consultation that is `before` can become `after`."""
    if before == after:
        return Status(before) not in ENDED
    return Status(after) in TRANSITIONS[Status(before)]


def check(before: str, standing: Standing) -> None:
    """Raise ImpossibleMove when `standing` cannot follow the status `before`."""
    if not may_follow(before, standing.status):
        raise ImpossibleMove(f"{before} cannot become {standing.status}")


def replay(changes: Iterable[tuple[str, Standing]]) -> Standing | None:
    """The standing after these changes, each with the status it started from, checked one by one; None without any.

    A log that skips a change or has one out of order raises ImpossibleMove.
    """
    standing: Standing | None = None
    for before, after in changes:
        if standing is not None and standing.status != before:
            raise ImpossibleMove(f"a change from {before} follows {standing.status}")
        if before:
            check(before, after)
        standing = after
    return standing


# --- By telephone ---------------------------------------------------------------------------------------------------


def standing_when_ringing(cap_at: datetime) -> Standing:
    """A caller waits while lawyers are rung."""
    return Standing(Status.SUBMITTED, Step.CONNECT, owner_role=Role.LINE, due_at=cap_at)


def standing_when_talking(lawyer_id: int, due_at: datetime) -> Standing:
    """Accepted by key; `due_at` is when the talk is over at the latest."""
    return Standing(Status.IN_CONVERSATION, Step.OUTCOME, owner_id=lawyer_id, due_at=due_at)


def standing_call_back(due_at: datetime, status: Status = Status.SUBMITTED) -> Standing:
    """The line calls at `due_at`; a consultation that is with a lawyer keeps its status."""
    return Standing(status, Step.CALL_BACK, owner_role=Role.LINE, due_at=due_at)


# --- Either way -----------------------------------------------------------------------------------------------------


def standing_after_talk(lawyer_id: int, due_at: datetime, asker_id: int | None, has_organisation: bool) -> Standing:
    """Talked or answered: the asker says whether it helped, at the latest at `due_at` (lanes.confirm_by).

    An organisation's main number has no asker yet: a colleague claims it. A caller nobody knows: the lawyer says it.
    """
    if asker_id is not None:
        return Standing(Status.ANSWERED, Step.CONFIRM, owner_id=asker_id, due_at=due_at)
    if has_organisation:
        return Standing(Status.ANSWERED, Step.CONFIRM, owner_role=Role.ORGANISATION, due_at=due_at)
    return Standing(Status.ANSWERED, Step.OUTCOME, owner_id=lawyer_id, due_at=due_at)


def standing_with_coordinator(due_at: datetime, status: Status = Status.SUBMITTED) -> Standing:
    """The coordinators of the region arrange it."""
    return Standing(status, Step.COORDINATE, owner_role=Role.COORDINATOR, due_at=due_at)


def standing_follow_up(owner_id: int, due_at: datetime, status: Status = Status.ANSWERED) -> Standing:
    """The asker is content; what was agreed still has to happen."""
    return Standing(status, Step.FOLLOW_UP, owner_id=owner_id, due_at=due_at)


def standing_closed() -> Standing:
    return Standing(Status.CLOSED)


def standing_withdrawn() -> Standing:
    return Standing(Status.WITHDRAWN)


# --- Online ---------------------------------------------------------------------------------------------------------


def standing_when_offered(due_at: datetime) -> Standing:
    """A lawyer on duty was asked and accepts by `due_at`."""
    return Standing(Status.SUBMITTED, Step.ACCEPT, owner_role=Role.DESK, due_at=due_at)


def standing_when_waiting(due_at: datetime) -> Standing:
    """Nobody can be asked now; the line looks again at `due_at`."""
    return Standing(Status.SUBMITTED, Step.ACCEPT, owner_role=Role.LINE, due_at=due_at)


def standing_with_lawyer(lawyer_id: int, due_at: datetime) -> Standing:
    """Accepted online: the answer is due."""
    return Standing(Status.WITH_LAWYER, Step.ANSWER, owner_id=lawyer_id, due_at=due_at)


def standing_more_info(asker_id: int, due_at: datetime) -> Standing:
    """The asker owes an answer; the clock of the lane stands still."""
    return Standing(Status.MORE_INFO, Step.INFORM, owner_id=asker_id, due_at=due_at)


# --- When a next step is not done in time ---------------------------------------------------------------------------


class Cure(StrEnum):
    NEXT_LAWYER = "next_lawyer"
    COORDINATOR = "coordinator"
    REMIND = "remind"
    CLOSE = "close"
    REMIND_COORDINATOR = "remind_coordinator"


# The cure the first time a step is overdue, and once its owner was reminded.
OVERDUE: Mapping[Step, tuple[Cure, Cure]] = {
    Step.ACCEPT: (Cure.NEXT_LAWYER, Cure.NEXT_LAWYER),
    Step.CONNECT: (Cure.COORDINATOR, Cure.COORDINATOR),
    Step.CALL_BACK: (Cure.COORDINATOR, Cure.COORDINATOR),
    Step.ANSWER: (Cure.COORDINATOR, Cure.COORDINATOR),
    Step.INFORM: (Cure.REMIND, Cure.CLOSE),
    Step.OUTCOME: (Cure.REMIND, Cure.CLOSE),
    Step.CONFIRM: (Cure.REMIND, Cure.CLOSE),
    Step.FOLLOW_UP: (Cure.REMIND, Cure.COORDINATOR),
    Step.COORDINATE: (Cure.REMIND_COORDINATOR, Cure.REMIND_COORDINATOR),
}


def cure(step: str, *, reminded: bool, unhelped: bool = False) -> Cure:
    """What to do about an overdue next step. `unhelped`: the asker was not helped and has not chosen what next."""
    if unhelped and step == Step.CONFIRM:
        return Cure.COORDINATOR
    return OVERDUE[Step(step)][reminded]
