"""Who may open a page: logged in, and holding a role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from directory import queries as directory

WORKER, LAWYER, COORDINATOR, ADMINISTRATOR = "worker", "lawyer", "coordinator", "administrator"
View = Callable[..., HttpResponse]


def person_id(request: HttpRequest) -> int:
    """Id of whoever is logged in. Only behind `login_required` or `for_roles`."""
    return cast(int, request.user.pk)


def person_of(request: HttpRequest) -> Any:
    """Whoever is logged in, loaded. Only behind `login_required` or `for_roles`."""
    return request.user


def roles_held(request: HttpRequest) -> frozenset[str]:
    """The roles of whoever is logged in, read once a request; empty for a stranger."""
    held: frozenset[str] | None = getattr(request, "_roles_held", None)
    if held is None:
        known = request.user.is_authenticated
        held = frozenset(item.role for item in directory.roles_of(person_id(request))) if known else frozenset()
        request._roles_held = held  # type: ignore[attr-defined]
    return held


def for_roles(*roles: str) -> Callable[[View], View]:
    """Decorator: log in first, then 403 without one of these roles."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not roles_held(request).intersection(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


def source_of(request: HttpRequest) -> str:
    """The network address a request comes from, for throttles only. Behind our own proxy: the last it passed on."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return passed_on.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
