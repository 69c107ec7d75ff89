"""Everything a routing decision may look at, gathered in two statements besides the remembered set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hotline import sql_facts
from hotline.sql_facts import Row
from rosters import queries as rosters
from rosters.queries import DeskAt, LineAt, OnDuty
from routing.core.facts import Facts, Person, Presence, Tried
from routing.core.policy import Policy

BEFORE_PROMISE = timedelta(minutes=1)  # busy for others from then


def policy_of(line: LineAt) -> Policy:
    """The numbers of ringing of this line."""
    return Policy(stages=line.stages, ring_seconds=line.ring_seconds)


def gather(
    *,
    line: LineAt,
    area_id: int | None,
    region_id: int,
    lane: str,
    at: datetime,
    consultation_id: int | None = None,
    round: int = 1,
    cap_at: datetime | None = None,
    just_rung: frozenset[int] = frozenset(),
    tried_since: datetime | None = None,
) -> Facts:
    """The facts for `routing.core.decide.decide`, as they are in the database now.

    Write first that an offer has ended, then gather. `area_id` None: the caller does not know. `tried_since` leaves out
    what was offered earlier in the round (a callback tries its whole list anew).
    """
    desks = {desk.desk_id: desk for desk in rosters.desks_for(line.id, area_id, region_id)}
    on_duty = rosters.on_duty(desks, at)
    policy = policy_of(line)
    rows = sql_facts.presence_rows(
        person_ids={one.person_id for one in on_duty},
        consultation_id=consultation_id,
        round=round,
        at=at,
        wrap_up=policy.wrap_up,
        tried_since=tried_since,
    )
    of_kind: dict[str, list[Row]] = {}
    for row in rows:
        of_kind.setdefault(row.kind, []).append(row)
    spoke = max(of_kind.get(sql_facts.SPOKE, ()), key=lambda row: row.number, default=None)
    tried = (
        Tried(row.subject, row.state, row.stage, row.moment)
        for row in of_kind.get(sql_facts.TRIED, ())
        if row.moment is not None
    )
    return Facts(
        lane=lane,
        people=tuple(_person(one, desks[one.desk_id]) for one in on_duty),
        presence=_presence(rows, policy, {one.person_id: one.starts_at for one in on_duty if not one.is_confirmed}),
        tried=tuple(sorted(tried, key=lambda entry: (entry.ended_at, entry.person_id))),
        excluded_people=frozenset(row.subject for row in of_kind.get(sql_facts.NOT_PERSON, ())),
        excluded_offices=frozenset(row.subject for row in of_kind.get(sql_facts.NOT_OFFICE, ())),
        just_rung=just_rung,
        continuity=spoke.subject if spoke else None,
        cap_at=cap_at,
    )


def _person(one: OnDuty, desk: DeskAt) -> Person:
    return Person(
        person_id=one.person_id,
        name=one.name,
        office_id=one.office_id,
        number=one.number,
        desk_id=desk.desk_id,
        desk=desk.name,
        stage=desk.stage,
        neighbour_rank=desk.neighbour_rank,
        distance=desk.distance,
        area_count=desk.area_count,
        region_count=desk.region_count,
        position=one.position,
        duty_id=one.duty_id,
        duty_ends_at=one.ends_at,
    )


def _presence(rows: Sequence[Row], policy: Policy, unconfirmed: Mapping[int, datetime]) -> tuple[Presence, ...]:
    """One Presence for everybody of whom anything is known, by person. `unconfirmed`: since when their duty runs."""
    known: dict[int, dict[str, object]] = {}
    for row in rows:
        match row:
            case Row(kind=sql_facts.OPEN):
                found: dict[str, object] = {"open_offer": row.state}
            case Row(kind=sql_facts.TALKED, moment=datetime() as ended):
                found = {"wrapping_up_until": ended + policy.wrap_up}
            case Row(kind=sql_facts.PAUSED):
                found = {"paused_until": row.moment}
            case Row(kind=sql_facts.PROMISED, moment=datetime() as due):
                found = {"promise_from": due - BEFORE_PROMISE}
            case Row(kind=sql_facts.RUNG) if row.moment is not None:
                found = {"rung_last_hour": row.number, "last_rung_at": row.moment}
            case Row(kind=sql_facts.UNANSWERED, moment=datetime() as missed) if (
                row.subject in unconfirmed and missed >= unconfirmed[row.subject]
            ):
                found = {"not_answering": True}
            case _:
                continue
        known.setdefault(row.subject, {}).update(found)
    return tuple(Presence(person_id, **found) for person_id, found in sorted(known.items()))  # type: ignore[arg-type]
