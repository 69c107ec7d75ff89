"""The practice environment: look at the product as one of the people that the demo made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from directory import queries as directory

EACH = 6
GROUP_WORDS = {
    "worker": gettext_lazy("First-line workers"),
    "lawyer": gettext_lazy("Lawyers"),
    "coordinator": gettext_lazy("Coordinators"),
    "administrator": gettext_lazy("Administrators"),
    "assistant": gettext_lazy("Assistants"),
}


@dataclass(frozen=True, slots=True)
class Face:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    words: str
    people: tuple[Face, ...]


def may_exist() -> bool:
    """Only with the phone lab on a loopback PUBLIC_URL: what is not production and has no vendor."""
    return settings.TELEPHONY == "lab" and not settings.PRODUCTION


def groups(present: Any) -> list[Group]:
    """Per role the first people of the demo; empty when there may be no practice, or are no demo people.

    `present` is whoever is logged in now: one of the demo who is not among the first is added.
    """
    if not may_exist():
        return []
    cast = directory.demo_cast(EACH)
    found = [
        Group(str(words), tuple(Face(person_id, name) for person_id, name in cast[role]))
        for role, words in GROUP_WORDS.items()
        if cast.get(role)
    ]
    shown = {face.id for group in found for face in group.people}
    if found and present is not None and present.is_demo and present.pk not in shown:
        found.insert(0, Group("", (Face(present.pk, present.name),)))
    return found


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Log in as a demo person, without a password."""
    if not may_exist():
        raise Http404
    wanted = request.POST.get("person", "")
    people = get_user_model().objects.filter(is_demo=True, is_active=True)
    person = people.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() else None
    if person is None:
        raise Http404
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("start")


@require_GET
def lab(request: HttpRequest) -> HttpResponse:
    """To the page of phones, which is a program by itself."""
    if settings.TELEPHONY != "lab":
        raise Http404
    return redirect(f"{settings.LAB_ADDRESS}/lab/")
