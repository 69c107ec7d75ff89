"""What stands around every page: the menu of the person's roles, the practice banner, how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from directory import numbers
from directory.access import ADMINISTRATOR, COORDINATOR, LAWYER, WORKER, roles_held
from hotline.pages import practice
from rosters import queries as rosters
from rosters.pages.access import does_duties

THEME_COOKIE = "weergave"
THEMES = {"light", "dark"}
ROLE_WORDS = {
    WORKER: gettext_lazy("first-line worker"),
    LAWYER: gettext_lazy("lawyer"),
    COORDINATOR: gettext_lazy("coordinator"),
    "editor": gettext_lazy("editor"),
    "facilitator": gettext_lazy("facilitator"),
    ADMINISTRATOR: gettext_lazy("administrator"),
    "assistant": gettext_lazy("assistant"),
}
ASSISTANT = "assistant"
ROSTERED_WORKER, ROSTERED_COORDINATOR = "rostered worker", "rostered coordinator"  # who does duties beside his work
# Name of the address, words, icon, and who sees it; in the order of the menu, at most six for each.
MENU = (
    ("questions", gettext_lazy("My questions"), "list", {WORKER}),
    ("ask", gettext_lazy("New question"), "plus", {WORKER}),
    ("today", gettext_lazy("Today"), "today", {LAWYER}),
    ("my_roster", gettext_lazy("Roster"), "list", {LAWYER, ASSISTANT, ROSTERED_WORKER, ROSTERED_COORDINATOR}),
    ("cover_board", gettext_lazy("Swap duties"), "refresh", {LAWYER, ASSISTANT, ROSTERED_WORKER}),
    ("availability", gettext_lazy("Availability"), "check", {ASSISTANT}),
    ("conversations", gettext_lazy("Conversations"), "chat", {LAWYER}),
    ("hours", gettext_lazy("Hours"), "clock", {LAWYER, ASSISTANT, ROSTERED_WORKER}),
    ("live", gettext_lazy("Live"), "live", {COORDINATOR}),
    ("tickets", gettext_lazy("To arrange"), "flag", {COORDINATOR}),
    ("coverage", gettext_lazy("Coverage"), "done", {COORDINATOR}),
    ("rosters", gettext_lazy("Rosters"), "list", {COORDINATOR}),
    ("on_call_now", gettext_lazy("Who is on now"), "people", {WORKER, LAWYER, COORDINATOR, ADMINISTRATOR}),
)


@dataclass(frozen=True, slots=True)
class Hotline:
    """The line to call: E.164, and as people write it."""

    number: str
    shown: str


@dataclass(frozen=True, slots=True)
class MenuItem:
    url: str
    words: str
    icon: str
    is_current: bool


class Frame:
    """Read when a template asks for it, so that a polled part costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def person(self) -> Any:
        user = getattr(self._request, "user", AnonymousUser())
        return user if user.is_authenticated else None

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def roles(self) -> str:
        """'advocaat, coördinator'."""
        held = roles_held(self._request)
        return ", ".join(str(words) for role, words in ROLE_WORDS.items() if role in held)

    @property
    def is_administrator(self) -> bool:
        return ADMINISTRATOR in roles_held(self._request)

    @cached_property
    def nav(self) -> list[MenuItem]:
        if self.person is None:
            return []
        held, path = self._seen_as, self._request.path
        items = [(reverse(name), words, icon) for name, words, icon, roles in MENU if held & roles]
        here = max((url for url, *_rest in items if path.startswith(url)), key=len, default="")
        return [MenuItem(url, str(words), icon, url == here) for url, words, icon in items]

    @property
    def _seen_as(self) -> frozenset[str]:
        """Roles, and whether somebody whose work is another does duties."""
        held = roles_held(self._request)
        if LAWYER in held or not held & {WORKER, COORDINATOR} or not does_duties(self._request):
            return held
        rostered = {WORKER: ROSTERED_WORKER, COORDINATOR: ROSTERED_COORDINATOR}
        return held | {rostered[role] for role in held & set(rostered)}

    @cached_property
    def hotline(self) -> Hotline | None:
        """The first line up; None before there is one."""
        number = next((line.number for line in rosters.lines() if line.direction == "up"), "")
        return Hotline(number, numbers.shown(number)) if number else None

    @cached_property
    def practice(self) -> list[practice.Group]:
        """The people of the demo to look as; empty outside the practice environment."""
        return practice.groups(self.person)


def frame(request: HttpRequest) -> Mapping[str, Any]:
    """Context processor."""
    return {"frame": Frame(request)}
