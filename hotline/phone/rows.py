"""The hot rows of a call: constant SQL, one typed function per statement. No rule lives here.

Why not the ORM: building its queries costs more than the whole rest of a webhook. The stories run every statement on
both databases, and `tests/hotline/phone/test_statements.py` counts them. The module is long because all of them stand
together: this is where to look when a table of the call changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from hotline.call.state import MEMORY, CallState, OfferSeen
from integrations.plain_sql import insert, moment, on_postgresql, row, rows, stamp, write

_MOMENTS = frozenset({"opening", "asked_at", "clock_stopped_at", "promise_at", "other_slot", "caller_left_at"})
_DEFAULTS = {field.name: field.default for field in fields(CallState)}


@dataclass(frozen=True, slots=True)
class CallRow:
    """A locked call with what its consultation says, if it has one."""

    id: int
    token: str
    turn: int
    call_sid: str
    line_id: int
    number: str
    rank: int
    state: CallState
    round: int
    status: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    id: int
    state: str
    lawyer_id: int
    token: str
    turn: int
    rank: int
    tries: int
    call_sid: str
    stage: str
    duty_id: int | None
    desk_id: int | None
    round: int
    number: str
    bridged: bool | None
    seconds: int | None
    answered_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None

    def seen(self) -> OfferSeen:
        return OfferSeen(
            self.id, self.state, self.lawyer_id, self.accepted_at, self.answered_at, self.bridged, self.ended_at
        )


_CALL = """c.id, c.token, c.turn, c.call_sid, c.line_id, c.number, c.rank, c.state, c.started_at, c.worker_id,
 c.organisation_id, c.region_id, c.area_id, c.lane, c.cap_at, c.consultation_id, c.memory, c.due_tries, c.end_reason"""
_BY_TOKEN = "c.token = %s"  # noqa: S105 - a leg's token, no password
_BY_OFFER = "c.id = (SELECT call_id FROM hotline_offer WHERE token = %s)"
_BY_ID = "c.id = %s"


def _lock_text(where: str) -> tuple[str, str]:
    plain = f"""SELECT {_CALL}, c."end", k.round, k.status FROM hotline_call c
 LEFT JOIN hotline_consultation k ON k.id = c.consultation_id WHERE {where}"""  # noqa: S608 - constants only
    # PostgreSQL refuses to lock the nullable side of an outer join: two locked reads, joined. NO KEY, because the
    # event of a status callback refers to both rows, and its check at COMMIT would wait for us while we wait for its
    # offer: a deadlock, seen with two web processes.
    locked = f"""WITH c AS MATERIALIZED (SELECT {_CALL}, c."end" FROM hotline_call c WHERE {where} FOR NO KEY UPDATE),
 k AS MATERIALIZED (SELECT round, status FROM hotline_consultation
 WHERE id = (SELECT consultation_id FROM c) FOR NO KEY UPDATE)
 SELECT c.*, k.round, k.status FROM c LEFT JOIN k ON true"""  # noqa: S608
    return plain, locked


_LOCK = {where: _lock_text(where) for where in (_BY_TOKEN, _BY_OFFER, _BY_ID)}


def _lock(where: str, key: str | int) -> CallRow | None:
    found = row(_LOCK[where][on_postgresql()], [key])
    return _call(found) if found else None


def lock_call(token: str) -> CallRow | None:
    """The call with this token, locked, and its consultation with it. SQLite holds the write lock already."""
    return _lock(_BY_TOKEN, token)


def lock_call_of_offer(token: str) -> CallRow | None:
    """The call that the lawyer's leg with this token belongs to, locked."""
    return _lock(_BY_OFFER, token)


def lock_call_by_id(call_id: int) -> CallRow | None:
    return _lock(_BY_ID, call_id)


def _call(found: tuple[Any, ...]) -> CallRow:
    (id_, token, turn, sid, line, number, rank, state, started, worker, organisation, region, area, lane, cap) = found[
        :15
    ]
    consultation, memory, looks, reason, end, round_, status = found[15:]
    kept = _remembered(memory if isinstance(memory, dict) else json.loads(memory))
    as_state = CallState(
        state=state,
        started_at=moment(started) or datetime.min.replace(tzinfo=UTC),
        worker_id=worker,
        organisation_id=organisation,
        region_id=region,
        area_id=area,
        lane=lane,
        cap_at=moment(cap),
        consultation_id=consultation,
        looks=looks,
        end=end,
        end_reason=reason,
        **kept,
    )
    return CallRow(id_, token, turn, sid, line, number, rank, as_state, round_ or 1, status or "")


def _remembered(kept: dict[str, Any]) -> dict[str, Any]:
    for name in _MOMENTS & kept.keys():
        kept[name] = datetime.fromisoformat(kept[name])
    for name in ("menu", "regions"):
        kept[name] = tuple(kept.get(name, ()))
    kept["signposts"] = frozenset(kept.get("signposts", ()))
    return kept


_STARTS_WITH = ("state", "worker_id", "organisation_id", "region_id", "lane")


def start_of(state: CallState) -> dict[str, Any]:
    """How a call began, for its first event: what `state_from_start` needs. No number of anybody."""
    kept = json.loads(memory_of(state))
    kept.pop("callback_number", None)
    return {**kept, **{name: getattr(state, name) for name in _STARTS_WITH}, "started_at": state.started_at.isoformat()}


def state_from_start(start: dict[str, Any]) -> CallState:
    kept = dict(start)
    started_at = datetime.fromisoformat(kept.pop("started_at"))
    return CallState(started_at=started_at, **_remembered(kept))


def read_call(call_id: int) -> CallState:
    """Where a call stands now; outside the hot path, so without a lock."""
    found = row(_LOCK[_BY_ID][0], [call_id])
    if found is None:
        raise LookupError(f"no call {call_id}")
    return _call(found).state


def memory_of(state: CallState) -> str:
    """What the machine remembers, as JSON; defaults are left out."""
    kept: dict[str, Any] = {}
    for name in MEMORY:
        value = getattr(state, name)
        if value == _DEFAULTS[name]:
            continue
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, frozenset):
            value = sorted(value)
        kept[name] = value
    return json.dumps(kept, separators=(",", ":"))


INSERT_CALL = """INSERT INTO hotline_call (token, turn, call_sid, line_id, number, worker_id, organisation_id, state,
 region_id, lane, memory, started_at, due_at, due_tries, rank, "end", end_reason, ended_at)
 VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, %s, %s, %s) RETURNING id"""


def insert_call(
    token: str, call_sid: str, line_id: int, number: str, state: CallState, due_at: datetime | None,
    ended_at: datetime | None = None,
) -> int:  # fmt: skip
    """Raises IntegrityError when this call id is known."""
    return insert(
        INSERT_CALL,
        [
            token, call_sid, line_id, number, state.worker_id, state.organisation_id, state.state, state.region_id,
            state.lane, memory_of(state), stamp(state.started_at), stamp(due_at), state.end, state.end_reason,
            stamp(ended_at),
        ],
    )  # fmt: skip


UPDATE_CALL = """UPDATE hotline_call SET turn = %s, state = %s, worker_id = %s, organisation_id = %s,
 region_id = %s, area_id = %s, lane = %s, cap_at = %s, consultation_id = %s, memory = %s,
 due_at = %s, due_tries = %s, "end" = %s, end_reason = %s, ended_at = %s WHERE id = %s"""


def update_call(call_id: int, turn: int, state: CallState, due_at: datetime | None, ended_at: datetime | None) -> None:
    write(
        UPDATE_CALL,
        [
            turn, state.state, state.worker_id, state.organisation_id, state.region_id, state.area_id, state.lane,
            stamp(state.cap_at), state.consultation_id, memory_of(state), stamp(due_at), state.looks, state.end,
            state.end_reason, stamp(ended_at), call_id,
        ],
    )  # fmt: skip


HASTEN_CALL = "UPDATE hotline_call SET due_at = %s WHERE id = %s AND ended_at IS NULL AND due_at > %s"


def hasten_call(call_id: int, due_at: datetime) -> None:
    """The watchdog looks at `due_at`, if it would not look sooner."""
    write(HASTEN_CALL, [stamp(due_at), call_id, stamp(due_at)])


_OFFER = """id, state, lawyer_id, token, turn, rank, tries, call_sid, stage, duty_id, desk_id, round, number,
 bridged, seconds, answered_at, accepted_at, ended_at"""
OFFERS_OF_CALL = f"SELECT {_OFFER} FROM hotline_offer WHERE call_id = %s ORDER BY id"  # noqa: S608


def offers_of_call(call_id: int) -> list[OfferRow]:
    """Every lawyer's leg of this call, oldest first; read after the lock, so fresh."""
    return [_offer(found) for found in rows(OFFERS_OF_CALL, [call_id])]


def _offer(found: tuple[Any, ...]) -> OfferRow:
    *plain, bridged, seconds, answered, accepted, ended = found
    evidence: list[Any] = [None if bridged is None else bool(bridged), seconds]
    return OfferRow(*plain, *evidence, *(moment(value) for value in (answered, accepted, ended)))


INSERT_OFFER = """INSERT INTO hotline_offer (consultation_id, round, call_id, callback_id, lawyer_id, desk_id, duty_id,
 position, stage, channel, number, ring_seconds, state, decision_id, token, turn, call_sid, rank, tries, "key", bridged,
 seconds, offered_at, release_reason, due_at)
 VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'phone', %s, %s, 'ring', %s, %s, 1, '', 0, 0, '', NULL, NULL, %s, '', %s)
 RETURNING id"""


def insert_offer(
    *, consultation_id: int, round_: int, call_id: int | None, callback_id: int | None, lawyer_id: int,
    desk_id: int | None, duty_id: int | None, position: int, stage: str, number: str, seconds: int,
    decision_id: int | None, token: str, at: datetime, due_at: datetime,
) -> int:  # fmt: skip
    """Raises IntegrityError when the lawyer has an open phone offer already."""
    return insert(
        INSERT_OFFER,
        [
            consultation_id, round_, call_id, callback_id, lawyer_id, desk_id, duty_id, position, stage, number,
            seconds, decision_id, token, stamp(at), stamp(due_at),
        ],
    )  # fmt: skip


CLOSE_OFFER = """UPDATE hotline_offer SET state = %s, ended_at = %s, due_at = NULL, bridged = COALESCE(%s, bridged),
 seconds = COALESCE(%s, seconds) WHERE id = %s AND state IN ('ring', 'whisper', 'taken')"""


def close_offer(
    offer_id: int, state: str, at: datetime, bridged: bool | None = None, seconds: int | None = None
) -> bool:
    """False when it had ended already."""
    return write(CLOSE_OFFER, [state, stamp(at), bridged, seconds, offer_id]) == 1


END_RINGING = f"""UPDATE hotline_offer
 SET state = CASE state WHEN 'whisper' THEN 'silent' ELSE %s END, ended_at = %s, due_at = NULL,
 seconds = COALESCE(%s, seconds)
 WHERE call_id = %s AND state IN ('ring', 'whisper') RETURNING {_OFFER}"""  # noqa: S608 - constants only


def end_ringing(call_id: int, state: str, at: datetime, seconds: int | None) -> OfferRow | None:
    """End the leg that still rings or whispers, and read it, in one statement; None when none did."""
    found = row(END_RINGING, [state, stamp(at), seconds, call_id])
    return _offer(found) if found else None


MOVE_OFFER = """UPDATE hotline_offer SET state = %s, turn = %s, tries = %s, call_sid = %s, "key" = %s,
 answered_at = COALESCE(answered_at, %s), accepted_at = COALESCE(accepted_at, %s), ended_at = %s, due_at = %s
 WHERE id = %s AND state = %s"""


def move_offer(
    offer: OfferRow, *, state: str, turn: int, tries: int, call_sid: str, key: str, answered_at: datetime | None,
    accepted_at: datetime | None, ended_at: datetime | None, due_at: datetime | None,
) -> bool:  # fmt: skip
    """False when a status overtook it: the leg is no longer in the state that was read."""
    parameters = [
        state, turn, tries, call_sid, key, stamp(answered_at), stamp(accepted_at), stamp(ended_at), stamp(due_at),
        offer.id, offer.state,
    ]  # fmt: skip
    return write(MOVE_OFFER, parameters) == 1


EVIDENCE = "UPDATE hotline_offer SET bridged = %s, seconds = COALESCE(%s, seconds) WHERE id = %s"


def keep_evidence(offer_id: int, bridged: bool | None, seconds: int | None) -> None:
    write(EVIDENCE, [bridged, seconds, offer_id])


# --- Status callbacks: two statements, no lock. A later word never undoes an earlier one ---------------------------

TERMINAL = 4
RANKS = {"queued": 0, "initiated": 1, "ringing": 2, "in-progress": 3, "answered": 3}
RAISE_OFFER = """UPDATE hotline_offer SET rank = %s,
 answered_at = CASE WHEN %s = 3 THEN COALESCE(answered_at, %s) ELSE answered_at END
 WHERE token = %s AND rank < %s"""


def rank_of(word: str) -> int:
    """The rank of a vendor's word; every word we do not know ends a leg."""
    return RANKS.get(word, TERMINAL)


def raise_offer(token: str, rank: int, at: datetime) -> int:
    return write(RAISE_OFFER, [rank, rank, stamp(at), token, rank])


RAISE_CALL = "UPDATE hotline_call SET rank = %s WHERE id = %s AND rank < %s"


def raise_call(call_id: int, rank: int) -> None:
    write(RAISE_CALL, [rank, call_id, rank])


# --- Events --------------------------------------------------------------------------------------------------------

INSERT_EVENT = """INSERT INTO hotline_event
 (key, at, kind, consultation_id, call_id, callback_id, offer_id, actor_id, data, answer)
 VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


def insert_event(
    key: str, at: datetime, kind: str, *, consultation_id: int | None = None, call_id: int | None = None,
    callback_id: int | None = None, offer_id: int | None = None, actor_id: int | None = None,
    data: dict[str, Any] | None = None, answer: str = "",
) -> None:  # fmt: skip
    """Raises IntegrityError when this was heard before."""
    text = json.dumps(data or {}, separators=(",", ":"))
    write(INSERT_EVENT, [key, stamp(at), kind, consultation_id, call_id, callback_id, offer_id, actor_id, text, answer])


OFFER_EVENT = """INSERT INTO hotline_event
 (key, at, kind, consultation_id, call_id, callback_id, offer_id, actor_id, data, answer)
 SELECT %s, {at}, 'status', consultation_id, call_id, callback_id, id, NULL, {data}, '' FROM hotline_offer
 WHERE token = %s ON CONFLICT (key) DO NOTHING"""
_OFFER_EVENT = (
    OFFER_EVENT.format(at="%s", data="%s"),
    OFFER_EVENT.format(at="%s::timestamptz", data="%s::jsonb"),  # a parameter in a SELECT list has no column's type
)


def insert_offer_event(key: str, at: datetime, token: str, data: dict[str, Any]) -> int:
    """1 when it was new, 0 when it was heard before or the leg is unknown."""
    return write(_OFFER_EVENT[on_postgresql()], [key, stamp(at), json.dumps(data), token])


RANK_OFFER = "UPDATE hotline_offer SET rank = %s, seconds = COALESCE(%s, seconds) WHERE id = %s"


def rank_offer(offer_id: int, rank: int, seconds: int | None) -> None:
    write(RANK_OFFER, [rank, seconds, offer_id])


STORED_ANSWER = "SELECT answer FROM hotline_event WHERE key = %s"


def stored_answer(key: str) -> str | None:
    """The answer once given to this; None when it was never heard, '' when it was blanked."""
    found = row(STORED_ANSWER, [key])
    return None if found is None else str(found[0])


EVENT_BY_KEYS = "SELECT 1 FROM hotline_event WHERE key = %s"


def was_heard(key: str) -> bool:
    return row(EVENT_BY_KEYS, [key]) is not None


# --- The consultation ----------------------------------------------------------------------------------------------

INSERT_CONSULTATION = """INSERT INTO hotline_consultation (channel, line_id, area_id, region_id, lane, organisation_id,
 asker_id, question, background, status, round, next_step, next_owner_role, next_due_at, offers_tried, created_at)
 VALUES (%s, %s, %s, %s, %s, %s, %s, '', '', %s, 1, %s, %s, %s, 0, %s) RETURNING id"""


def insert_consultation(
    *, channel: str, line_id: int, area_id: int, region_id: int, lane: str, organisation_id: int | None,
    asker_id: int | None, status: str, step: str, role: str, due_at: datetime, at: datetime,
) -> int:  # fmt: skip
    parameters = [
        channel, line_id, area_id, region_id, lane, organisation_id, asker_id, status, step, role, stamp(due_at),
        stamp(at),
    ]  # fmt: skip
    return insert(INSERT_CONSULTATION, parameters)


STAND = """UPDATE hotline_consultation SET status = %s, next_step = %s, next_owner_id = %s,
 next_owner_role = %s, next_due_at = %s, lawyer_id = COALESCE(%s, lawyer_id), ended_at = %s WHERE id = %s"""


def stand(
    consultation_id: int, *, status: str, step: str, owner_id: int | None, role: str, due_at: datetime | None,
    lawyer_id: int | None = None, ended_at: datetime | None = None,
) -> None:  # fmt: skip
    """Write where a consultation stands: one statement, so that its one next step is never half changed."""
    write(STAND, [status, step, owner_id, role, stamp(due_at), lawyer_id, stamp(ended_at), consultation_id])


def overdue(table: str, at: datetime, most: int) -> Sequence[int]:
    """Ids of open rows whose watchdog moment has passed."""
    return [found[0] for found in rows(OVERDUE[table], [stamp(at), most])]


OVERDUE = {
    "call": "SELECT id FROM hotline_call WHERE due_at <= %s AND ended_at IS NULL ORDER BY due_at LIMIT %s",
    "offer": """SELECT id FROM hotline_offer WHERE due_at <= %s AND ended_at IS NULL AND channel = 'phone'
 ORDER BY due_at LIMIT %s""",
    "callback": """SELECT id FROM hotline_callback WHERE due_at <= %s AND ended_at IS NULL AND state <> 'coordinator'
 ORDER BY due_at LIMIT %s""",
}
