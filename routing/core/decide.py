"""Whom to ring next, and why not the others. Pure: the same facts at the same moment give the same answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from routing.core import rank
from routing.core.facts import Facts, Person, Presence, Tried
from routing.core.policy import Policy

CONTINUITY = "continuity"  # the stage of a ring for the lawyer who already spoke on this consultation
URGENT = "nu"
RING_AGAIN = frozenset({"missed", "busy"})


class Reason(StrEnum):
    """Why somebody on duty is not rung. The codes are stored; the edge has the words."""

    EXCLUDED = "excluded"
    EXCLUDED_OFFICE = "excluded_office"
    NO_NUMBER = "no_number"
    OFF_DUTY = "off_duty"
    IN_CONVERSATION = "in_conversation"
    RINGING = "ringing"
    JUST_RUNG = "just_rung"
    PROMISE = "promise"
    PAUSED = "paused"
    TRIED = "tried"
    WRAPPING_UP = "wrapping_up"  # ignored when nobody else is left
    RING_CAP = "ring_cap"  # lifted for urgent calls and when nobody else is left
    NOT_ANSWERING = "not_answering"  # comes after the others of his desk


class Why(StrEnum):
    """Why the search ends."""

    NO_TIME = "no_time"  # less is left before the cap than the shortest ring takes
    NOBODY_ON_DUTY = "nobody_on_duty"
    NOBODY_REACHABLE = "nobody_reachable"
    ALL_TRIED = "all_tried"


@dataclass(frozen=True, slots=True)
class Skip:
    person_id: int
    name: str
    desk: str
    reason_code: Reason


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring this person for `seconds`. `again` is the second round of those who missed it."""

    person: Person
    seconds: int
    stage: str
    again: bool
    skipped: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """No caller waits and somebody on duty is free at `until`."""

    until: datetime
    skipped: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class GiveUp:
    reason: Why
    skipped: tuple[Skip, ...]


Outcome = Ring | Wait | GiveUp


@dataclass(frozen=True, slots=True)
class Planned:
    """A place in the order if everybody before lets it ring out; 0 seconds: the cap comes first."""

    person: Person
    seconds: int
    stage: str


def decide(facts: Facts, policy: Policy, now: datetime) -> Outcome:
    """The next person to ring, a moment to look again, or nobody.

    Never rings anybody who has a reason against it, but for two that give way when nobody else is left.
    """
    presence = {known.person_id: known for known in facts.presence}
    tries = _tries(facts.tried)
    places = rank.places(facts.people, policy.stages, presence)
    free: list[Person] = []
    held: list[Person] = []  # only a reason that gives way
    again: list[tuple[bool, datetime, int, Person]] = []
    skipped: list[Skip] = []
    for index, person in enumerate(places):
        known = presence.get(person.person_id, rank.NOBODY_KNOWN)
        soft = _soft_reason(known, facts.lane, policy, now)
        reason = _hard_reason(person, known, facts, now)
        if reason is None:
            earlier = tries.get(person.person_id)
            if earlier is not None:
                reason = Reason.TRIED
                if _may_ring_again(earlier, facts, policy, now):
                    again.append((soft is not None, earlier[0].ended_at, index, person))
            elif soft is not None:
                reason = soft
                held.append(person)
            else:
                free.append(person)
        if reason is not None:
            skipped.append(Skip(person.person_id, person.name, person.desk, reason))

    if facts.cap_at is not None and _left(facts.cap_at, now) < policy.least_left:
        return GiveUp(Why.NO_TIME, tuple(skipped))
    attempted = frozenset(tried.stage for tried in facts.tried)
    chosen = rank.first(free, policy.stages, attempted, facts.continuity)
    if chosen is None:
        chosen = rank.first(held, policy.stages, attempted, facts.continuity)
    second_round = chosen is None and bool(again)
    if second_round:
        chosen = min(again, key=lambda entry: entry[:3])[3]
    if chosen is not None:
        skipped += _passed_over(chosen, free, presence)
        return Ring(
            person=chosen,
            seconds=_ring_seconds(facts.cap_at, policy, now),
            stage=CONTINUITY if chosen.person_id == facts.continuity else chosen.stage,
            again=second_round,
            skipped=tuple(skip for skip in skipped if skip.person_id != chosen.person_id),
        )
    if facts.cap_at is None:
        until = _somebody_free_at(places, presence, tries, skipped)
        if until is not None:
            return Wait(until, tuple(skipped))
    return GiveUp(_why_nobody(places, skipped), tuple(skipped))


def ring_list(facts: Facts, policy: Policy, now: datetime) -> tuple[Planned, ...]:
    """The whole first round in order, made by `decide` itself as if every phone rings out and time passes."""
    planned: list[Planned] = []
    moment = now + policy.before_first_ring
    out_of_time = False
    while True:
        outcome = decide(facts, policy, moment)
        if isinstance(outcome, GiveUp) and outcome.reason is Why.NO_TIME and not out_of_time:
            out_of_time = True
            facts = replace(facts, cap_at=None)
            continue
        if not isinstance(outcome, Ring) or outcome.again:
            return tuple(planned)
        seconds = 0 if out_of_time else outcome.seconds
        planned.append(Planned(outcome.person, seconds, outcome.stage))
        ended = moment + timedelta(seconds=seconds)
        rung_out = Tried(outcome.person.person_id, "missed", outcome.stage, ended)
        facts = replace(facts, tried=(*facts.tried, rung_out))
        if not out_of_time:
            moment = ended + policy.between_rings


def _passed_over(chosen: Person, free: Sequence[Person], presence: Mapping[int, Presence]) -> list[Skip]:
    """Those before `chosen` on his desk who stand behind him because they do not answer."""
    return [
        Skip(person.person_id, person.name, person.desk, Reason.NOT_ANSWERING)
        for person in free
        if person.desk_id == chosen.desk_id
        and person.position < chosen.position
        and presence.get(person.person_id, rank.NOBODY_KNOWN).not_answering
    ]


def _tries(tried: Sequence[Tried]) -> dict[int, list[Tried]]:
    """The ended offers of this round of each person, oldest first."""
    tries: dict[int, list[Tried]] = {}
    for entry in sorted(tried, key=lambda entry: entry.ended_at):
        tries.setdefault(entry.person_id, []).append(entry)
    return tries


def _hard_reason(person: Person, known: Presence, facts: Facts, now: datetime) -> Reason | None:
    """A reason that never gives way, the most telling one first."""
    if person.person_id in facts.excluded_people:
        return Reason.EXCLUDED
    if person.office_id is not None and person.office_id in facts.excluded_offices:
        return Reason.EXCLUDED_OFFICE
    if not person.number:
        return Reason.NO_NUMBER
    if person.duty_ends_at <= now:
        return Reason.OFF_DUTY
    if known.open_offer:
        return Reason.IN_CONVERSATION if known.open_offer == "taken" else Reason.RINGING
    if person.person_id in facts.just_rung:
        return Reason.JUST_RUNG
    if known.promise_from is not None and known.promise_from <= now:
        return Reason.PROMISE
    if known.paused_until is not None and known.paused_until > now:
        return Reason.PAUSED
    return None


def _soft_reason(known: Presence, lane: str, policy: Policy, now: datetime) -> Reason | None:
    """A reason that gives way when nobody else is left."""
    if known.wrapping_up_until is not None and known.wrapping_up_until > now:
        return Reason.WRAPPING_UP
    if known.rung_last_hour >= policy.rings_an_hour and lane != URGENT:
        return Reason.RING_CAP
    return None


def _may_ring_again(earlier: Sequence[Tried], facts: Facts, policy: Policy, now: datetime) -> bool:
    """Once more, only while a caller waits, for whom the first ring was missed or busy long enough ago."""
    return (
        facts.cap_at is not None
        and len(earlier) == 1
        and earlier[0].state in RING_AGAIN
        and now - earlier[0].ended_at >= policy.second_round_after
    )


def _left(cap_at: datetime, now: datetime) -> float:
    return (cap_at - now).total_seconds()


def _ring_seconds(cap_at: datetime | None, policy: Policy, now: datetime) -> int:
    """min(20, left - 14): after the ring there is still time for the longest whisper and our answers."""
    if cap_at is None:
        return policy.ring_seconds
    return min(policy.ring_seconds, math.floor(_left(cap_at, now)) - policy.after_pickup)


def _somebody_free_at(
    places: Sequence[Person],
    presence: Mapping[int, Presence],
    tries: Mapping[int, Sequence[Tried]],
    skipped: Sequence[Skip],
) -> datetime | None:
    """The first end of a pause, within the duty of somebody who was not tried and has no other reason against him."""
    paused = {skip.person_id for skip in skipped if skip.reason_code is Reason.PAUSED}
    ends = [
        until
        for person in places
        if person.person_id in paused and person.person_id not in tries
        for until in [presence[person.person_id].paused_until]
        if until is not None and until < person.duty_ends_at
    ]
    return min(ends, default=None)


def _why_nobody(places: Sequence[Person], skipped: Sequence[Skip]) -> Why:
    if not places:
        return Why.NOBODY_ON_DUTY
    if any(skip.reason_code is Reason.TRIED for skip in skipped):
        return Why.ALL_TRIED
    return Why.NOBODY_REACHABLE
