"""The first screen after logging in, by role."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from directory.access import COORDINATOR, LAWYER, WORKER, roles_held


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Each role has one page that answers 'what waits for me'; whoever has none reads what to do."""
    held = roles_held(request)
    for role, page in ((COORDINATOR, "live"), (LAWYER, "today"), (WORKER, "questions")):
        if role in held:
            return redirect(page)
    return render(request, "hotline/start.html")
