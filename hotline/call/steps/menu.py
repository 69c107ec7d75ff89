"""Choose an area: a fixed key per area, eight to a page, the usual area named first."""

from __future__ import annotations

from datetime import datetime

from hotline.call.state import URGENT, CallState, Signal
from hotline.call.steps.asking import after, ask
from integrations.twilio.verbs import Document

PER_PAGE = 8


def key(state: CallState, heard: Signal) -> str:
    if heard.digits == "0" or (heard.digits == "*" and state.lane == URGENT):
        return "0"
    if heard.digits == "*":
        return "*"
    if heard.digits == "9":
        return "unknown" if _is_last(state) else "more"
    area = _page(state).get(heard.digits)
    if area is None:
        return ""
    return "signpost" if area in state.signposts else "area"


def chosen(state: CallState, heard: Signal) -> int:
    return _page(state)[heard.digits]


def render(state: CallState) -> Document:
    items = list(_page(state).items())
    items.sort(key=lambda item: item[1] != state.usual_area)  # stable: only the usual area moves to the front
    named = ("menu_items_last" if _is_last(state) else "menu_items", {"items": tuple(items)})
    if state.prefix or state.page > 1:
        return ask(state, "area", ("menu_again", {}), named)
    if state.has_notice:
        return ask(state, "area", ("service", {}), ("notice", {}), ("menu_again", {}), named)
    return ask(state, "area", ("menu", {}), named)


def due(state: CallState, now: datetime) -> datetime:
    return after(60, now)


def _page(state: CallState) -> dict[str, int]:
    start = (state.page - 1) * PER_PAGE
    return {str(n): area for n, area in enumerate(state.menu[start : start + PER_PAGE], 1)}


def _is_last(state: CallState) -> bool:
    return state.page * PER_PAGE >= len(state.menu)
