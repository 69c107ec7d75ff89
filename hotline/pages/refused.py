"""A refusal of the hotline or the rosters becomes a page that says what to do; the one place where pages catch them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hotline.errors import HotlineError
from rosters.errors import RosterError


class RefusalPages:
    """Middleware for views that let a refusal pass. The API and the telephone answer in their own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        if not isinstance(refusal, HotlineError | RosterError):
            return None
        if refusal.status == 404:
            return render(request, "404.html", status=404)
        return render(request, "hotline/refused.html", {"refusal": refusal}, status=refusal.status)
