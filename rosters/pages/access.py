"""Whose roster a page shows: one's own, or with `?voor=<id>` that of somebody whose roster one keeps.

Open to lawyers, to whoever does duties (a worker on a contact point, a coordinator on the backup), to assistants, and
to coordinators for the people of their region. The pages show `whose(request)`; what is written names `person_id` too.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from directory import queries as directory
from directory.access import LAWYER, View, person_id, roles_held
from directory.errors import NotKnown
from directory.queries import Contact
from rosters import queries

ON_BEHALF = "voor"  # name of the field or the part of the address that says for whom


def for_duty_holders(view: View) -> View:
    """Decorator: log in first, then 403 for who does no duties and keeps nobody's roster."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        whose(request)
        return view(request, *args, **kwargs)

    return login_required(guarded)


def whose(request: HttpRequest) -> Contact:
    """Whose roster this request is about. Raises PermissionDenied. Read once a request."""
    found: Contact | None = getattr(request, "_whose", None)
    if found is None:
        try:
            found = directory.contact(_whose_id(request))
        except NotKnown as gone:
            raise PermissionDenied from gone
        request._whose = found  # type: ignore[attr-defined]
    return found


def is_on_behalf(request: HttpRequest) -> bool:
    """Whether the roster is somebody else's."""
    return whose(request).id != person_id(request)


def on_behalf(request: HttpRequest) -> str:
    """What an address of these pages ends in so that it stays about the same person: '?voor=12' or ''."""
    return f"?{ON_BEHALF}={whose(request).id}" if is_on_behalf(request) else ""


def kept(request: HttpRequest) -> dict[int, str]:
    """Whose rosters the reader keeps as an assistant: id and name, by name. Read once a request."""
    found: dict[int, str] | None = getattr(request, "_kept", None)
    if found is None:
        found = directory.assisted_by(person_id(request))
        request._kept = found  # type: ignore[attr-defined]
    return found


def does_duties(request: HttpRequest) -> bool:
    """Whether the reader does duties himself: a lawyer always, others when they are rostered. Read once a request."""
    found: bool | None = getattr(request, "_does_duties", None)
    if found is None:
        found = LAWYER in roles_held(request) or queries.does_duties(person_id(request))
        request._does_duties = found  # type: ignore[attr-defined]
    return found


def _whose_id(request: HttpRequest) -> int:
    me = person_id(request)
    asked = request.POST.get(ON_BEHALF) or request.GET.get(ON_BEHALF) or ""
    if asked:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise PermissionDenied
        if int(asked) != me:
            if not directory.may_act_for(me, int(asked)):
                raise PermissionDenied
            return int(asked)
    if does_duties(request):
        return me
    first = next(iter(kept(request)), None)
    if first is None:
        raise PermissionDenied
    return first
