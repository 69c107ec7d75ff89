"""The event log of a call told again: the same states must come out. For tests, simulations and looking back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from hotline.call import machine
from hotline.call.state import END, Caller, CallState, OfferSeen, RingOrder, Signal, Slots
from hotline.models import Event
from hotline.phone import rows

IGNORED = frozenset({"prefix", "looks", "line_number", "fallback_number", "callback_number"})
"""Not part of where a call stands: what was said in between, and what the watchdog counted."""
MOMENTS = frozenset({"accepted_at", "answered_at", "ended_at", "soon", "next_day", "promise_at"})


class LogBroken(ValueError):
    """The log does not lead to where the row says the call is."""


def replayed(call_id: int) -> CallState:
    """The state that the events of a call lead to. Raises LogBroken when the log does not begin with its arrival."""
    state: CallState | None = None
    events = Event.objects.filter(call_id=call_id).order_by("id").values_list("at", "kind", "data")
    for at, kind, data in events:
        if kind == "arrived":
            state = rows.state_from_start(data["start"])
            continue
        if state is None:
            raise LogBroken(f"call {call_id} does not begin with its arrival")
        for heard in data.get("heard", ()):
            state = machine.next_step(state, signal_from(heard), at).state
        state = replace(state, **_moments(data.get("given", {})))
    if state is None:
        raise LogBroken(f"call {call_id} has no events")
    return state


def difference(call_id: int) -> str:
    """'' when the log leads to the row; else the first field that differs."""
    row = rows.read_call(call_id)
    told = replayed(call_id)
    for field in fields(CallState):
        if field.name in IGNORED or (row.state == END and field.name in {"tries", "page"}):
            continue
        if getattr(row, field.name) != getattr(told, field.name):
            return f"{field.name}: {getattr(told, field.name)!r} told, {getattr(row, field.name)!r} in the row"
    return ""


def signal_from(data: Mapping[str, Any]) -> Signal:
    """A signal out of an event, as `calls.as_data` put it there."""
    values = dict(data)
    for name, made in (("offer", OfferSeen), ("slots", Slots), ("ring", RingOrder), ("caller", Caller)):
        if name in values:
            values[name] = _built(made, values[name])
    return Signal(**values)


def _built(made: type[Any], data: Mapping[str, Any]) -> Any:
    values = _moments(data)
    if made is RingOrder:
        values.setdefault("number", "")
    if made is Caller and "regions" in values:
        values["regions"] = tuple(values["regions"])
    return made(**values)


def _moments(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in MOMENTS and isinstance(value, str) else value
        for name, value in data.items()
    }
