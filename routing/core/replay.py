"""Facts, policy and outcome as plain JSON values, and back, so that a stored decision can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from routing.core.decide import GiveUp, Outcome, Reason, Ring, Skip, Wait, Why, decide
from routing.core.facts import Facts, Person, Presence, Tried
from routing.core.policy import Policy

Json = dict[str, Any]
_MOMENTS = frozenset(
    {"duty_ends_at", "wrapping_up_until", "paused_until", "promise_from", "last_rung_at", "ended_at", "cap_at", "until"}
)


class _Shape:
    """The fields of one dataclass, looked up once: facts are written in the dearest webhook."""

    def __init__(self, kind: type[Person | Presence | Tried | Policy]) -> None:
        self.names = tuple(field.name for field in fields(kind))
        self.values = attrgetter(*self.names)
        self.moments = tuple(name for name in self.names if name in _MOMENTS)

    def to_json(self, value: object) -> Json:
        found: Json = dict(zip(self.names, self.values(value), strict=True))
        for name in self.moments:
            found[name] = _moment(found[name])
        return found


_PERSON, _PRESENCE, _TRIED, _POLICY = (_Shape(kind) for kind in (Person, Presence, Tried, Policy))


def facts_to_json(facts: Facts) -> Json:
    return {
        "lane": facts.lane,
        "people": [_PERSON.to_json(person) for person in facts.people],
        "presence": [_PRESENCE.to_json(known) for known in facts.presence],
        "tried": [_TRIED.to_json(entry) for entry in facts.tried],
        "excluded_people": sorted(facts.excluded_people),
        "excluded_offices": sorted(facts.excluded_offices),
        "just_rung": sorted(facts.just_rung),
        "continuity": facts.continuity,
        "cap_at": _moment(facts.cap_at),
    }


def facts_from_json(stored: Mapping[str, Any]) -> Facts:
    return Facts(
        lane=stored["lane"],
        people=tuple(Person(**_values(person)) for person in stored["people"]),
        presence=tuple(Presence(**_values(known)) for known in stored["presence"]),
        tried=tuple(Tried(**_values(entry)) for entry in stored["tried"]),
        excluded_people=frozenset(stored["excluded_people"]),
        excluded_offices=frozenset(stored["excluded_offices"]),
        just_rung=frozenset(stored["just_rung"]),
        continuity=stored["continuity"],
        cap_at=_read_moment(stored["cap_at"]),
    )


def policy_to_json(policy: Policy) -> Json:
    """Lengths of time become seconds."""
    return {
        name: value.total_seconds() if isinstance(value, timedelta) else value
        for name, value in _POLICY.to_json(policy).items()
    }


def policy_from_json(stored: Mapping[str, Any]) -> Policy:
    lengths = {name for name in _POLICY.names if isinstance(getattr(Policy(), name), timedelta)}
    values: Json = {name: timedelta(seconds=value) if name in lengths else value for name, value in stored.items()}
    values["stages"] = tuple(stored["stages"])
    return Policy(**values)


def outcome_to_json(outcome: Outcome) -> Json:
    skipped = [_skip_to_json(skip) for skip in outcome.skipped]
    match outcome:
        case Ring(person=person, seconds=seconds, stage=stage, again=again):
            ring = _PERSON.to_json(person)
            return {
                "do": "ring",
                "person": ring,
                "seconds": seconds,
                "stage": stage,
                "again": again,
                "skipped": skipped,
            }
        case Wait(until=until):
            return {"do": "wait", "until": _moment(until), "skipped": skipped}
        case GiveUp(reason=reason):
            return {"do": "give_up", "reason": str(reason), "skipped": skipped}


def outcome_from_json(stored: Mapping[str, Any]) -> Outcome:
    skipped = tuple(
        Skip(skip["person_id"], skip["name"], skip["desk"], Reason(skip["reason_code"])) for skip in stored["skipped"]
    )
    if stored["do"] == "ring":
        person = Person(**_values(stored["person"]))
        return Ring(person, stored["seconds"], stored["stage"], stored["again"], skipped)
    if stored["do"] == "wait":
        return Wait(datetime.fromisoformat(stored["until"]), skipped)
    return GiveUp(Why(stored["reason"]), skipped)


def replay(stored: Mapping[str, Any], at: datetime) -> Outcome:
    """Make a stored decision again from its `{"facts", "policy"}` and its moment."""
    return decide(facts_from_json(stored["facts"]), policy_from_json(stored["policy"]), at)


def _values(stored: Mapping[str, Any]) -> Json:
    return {name: _read_moment(value) if name in _MOMENTS else value for name, value in stored.items()}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read_moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)


def _skip_to_json(skip: Skip) -> Json:
    return {
        "person_id": skip.person_id,
        "name": skip.name,
        "desk": skip.desk,
        "reason_code": str(skip.reason_code),
    }
