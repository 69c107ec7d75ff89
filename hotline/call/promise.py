"""What becomes of a callback when a lawyer or the worker is not there: pure rules of call-back, times and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PROMISED_AGAIN = timedelta(minutes=3)
LIST_AGAIN = (timedelta(minutes=10), timedelta(minutes=30))
WORKER_AGAIN = timedelta(minutes=10)
WORKER_TRIES = 3
IN_TEN_MINUTES = timedelta(minutes=10)
PROMISE_OUTLIVES_DUTY = timedelta(minutes=15)
MOST_POSTPONED = 2


@dataclass(frozen=True, slots=True)
class CallbackFacts:
    """How often what was tried. `lawyer_id`: who promised; None: whoever is on duty."""

    lawyer_id: int | None = None
    promised_tries: int = 0
    postponed: int = 0
    attempt: int = 0
    worker_tries: int = 0


@dataclass(frozen=True, slots=True)
class Next:
    """What to do now: `ring` the list at once, `wait` until `at`, or give it to the `coordinator`."""

    kind: str
    at: datetime | None = None
    lawyer_id: int | None = None
    tell_worker: bool = False
    promised_tries: int = 0
    postponed: int = 0
    attempt: int = 0
    worker_tries: int = 0


def lawyer_not_there(facts: CallbackFacts, now: datetime) -> Next:
    """Busy, no answer, no key, bad number: the promising lawyer is rung once more after 3 minutes, then the list."""
    if facts.lawyer_id is not None and facts.promised_tries == 0:
        return Next(
            "wait",
            now + PROMISED_AGAIN,
            facts.lawyer_id,
            promised_tries=1,
            postponed=facts.postponed,
            attempt=facts.attempt,
            worker_tries=facts.worker_tries,
        )
    return Next("ring", attempt=facts.attempt, worker_tries=facts.worker_tries)


def lawyer_declines(facts: CallbackFacts) -> Next:
    """Keys 3, 4, 5: the list at once, and the worker hears that it will be a little later."""
    return Next("ring", tell_worker=True, attempt=facts.attempt, worker_tries=facts.worker_tries)


def lawyer_postpones(facts: CallbackFacts, person_id: int, now: datetime) -> Next:
    """Key 2: ten minutes later, by the same lawyer; a third time counts as giving it back."""
    count = facts.postponed + 1 if facts.lawyer_id == person_id else 1
    if count > MOST_POSTPONED:
        return Next("ring", tell_worker=True, attempt=facts.attempt, worker_tries=facts.worker_tries)
    at = whole_minute(now + IN_TEN_MINUTES)
    tried, absent = facts.attempt, facts.worker_tries
    return Next("wait", at, person_id, tell_worker=True, postponed=count, attempt=tried, worker_tries=absent)


def list_is_empty(facts: CallbackFacts, now: datetime) -> Next:
    """Nobody on the list: again after 10 minutes, then after 30, then the coordinator has it."""
    if facts.attempt < len(LIST_AGAIN):
        at = now + LIST_AGAIN[facts.attempt]
        return Next("wait", at, None, tell_worker=True, attempt=facts.attempt + 1, worker_tries=facts.worker_tries)
    return Next("coordinator", tell_worker=True, attempt=facts.attempt, worker_tries=facts.worker_tries)


def line_is_closed(facts: CallbackFacts, opening: datetime) -> Next:
    """Nobody is rung outside opening hours but who promised it: the first opening minute, by whoever is there then."""
    return Next("wait", opening, None, tell_worker=True, attempt=facts.attempt, worker_tries=facts.worker_tries)


def worker_not_there(facts: CallbackFacts, person_id: int, gives_back: bool, now: datetime) -> Next:
    """No answer at the worker's: in ten minutes by the same lawyer, or by the list if she gives it back."""
    tries = facts.worker_tries + 1
    if tries >= WORKER_TRIES:
        return Next("coordinator", tell_worker=True, attempt=facts.attempt, worker_tries=tries)
    at = whole_minute(now + WORKER_AGAIN)
    return Next("wait", at, None if gives_back else person_id, True, attempt=facts.attempt, worker_tries=tries)


def whole_minute(moment: datetime) -> datetime:
    """Rounded up to the minute: a time that is spoken must be a time that can be kept."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)
