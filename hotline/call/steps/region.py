"""More than one region: one menu, remembered for the next call. 9 is the whole country."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import COUNTRY_KEY, URGENT, CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document

MOST = 8


def key(state: CallState, heard: Signal) -> str:
    if heard.digits == "0" or (heard.digits == "*" and state.lane == URGENT):
        return "0"
    if heard.digits == "*":
        return "*"
    return "region" if heard.digits in _choices(state) else ""


def chosen(state: CallState, heard: Signal) -> int:
    return _choices(state)[heard.digits]


def render(state: CallState) -> Document:
    named = {"regions": tuple(_choices(state).items())}
    return ask(state, "region", ("service", {}), ("region", {}), ("region_items", named))


def due(state: CallState, now: datetime) -> datetime:
    return after(60, now)


def _choices(state: CallState) -> dict[str, int]:
    choices = {str(n): region for n, region in enumerate(state.regions[:MOST], 1)}
    if state.country is not None:
        choices[COUNTRY_KEY] = state.country
    return choices
