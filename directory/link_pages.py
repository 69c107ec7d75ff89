"""Pages behind the links in texts and mails: no login, one card, one press. Opening one changes nothing.

A link that is unknown, used, too old or guessed too often gets one and the same answer: guessing learns nothing.

    cover_link = one_press("cover", holder, card, press, refusals=RosterError)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from directory import queries as directory
from directory.access import source_of
from directory.queries import Contact
from integrations import links
from integrations.links import Link

GONE, AGAIN, NOT_FOUND = 410, 400, 404
MOST_LETTERS = 40
Person = TypeVar("Person")


@dataclass(frozen=True, slots=True)
class Done:
    """What a press came to, in words; and a page behind the login to go on to."""

    says: str
    url: str = ""
    words: str = ""


def id_of(link: Link) -> int:
    """'offer:17' -> 17."""
    return int(link.about.rsplit(":", 1)[-1])


def choice_of(form: QueryDict) -> str:
    """The button that was pressed."""
    return form.get("keuze", "")[:MOST_LETTERS]


def active(person_id: int) -> Contact | None:
    """Whom the link was made for; None once he left."""
    return directory.contacts([person_id]).get(person_id)


def one_press(
    action: str,
    holder: Callable[[int], Person | None],
    card: Callable[[Link, Person], tuple[str, dict[str, Any]]],
    press: Callable[[Link, Person, QueryDict], Done],
    *,
    refusals: type[Exception],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """A view for one kind of link: `card` gives template and context, `press` does what was chosen and says so.

    `refusals` carry `message` and `status`: 404 is answered as a link that is gone, 400 shows the card again with the
    fault, any other says why it cannot be. After a refusal the link works as before.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, token: str) -> HttpResponse:
        source = source_of(request)
        try:
            if request.method != "POST":
                response = _show(request, links.look(token, source))
            else:
                with transaction.atomic():  # a press that is refused leaves the link as it was
                    response = _do(request, links.use(token, source))
        except refusals as refused:
            response = _refused(request, token, refused)
        add_never_cache_headers(response)
        # Keeps the token out of every Referer; 'no-referrer' would send 'Origin: null' too, which is refused as forged.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def _mine(link: Link | None) -> tuple[Link, Person] | None:
        if link is None or link.action != action:
            return None
        person = holder(link.person_id)
        return None if person is None else (link, person)

    def _show(request: HttpRequest, link: Link | None, fault: str = "") -> HttpResponse:
        mine = _mine(link)
        if mine is None:
            return _gone(request)
        template, context = card(*mine)
        context = {**context, "person": mine[1], "fault": fault}
        return render(request, template, context, status=AGAIN if fault else 200)

    def _do(request: HttpRequest, link: Link | None) -> HttpResponse:
        mine = _mine(link)
        if mine is None:
            return _gone(request)
        return render(request, "web/links/done.html", {"done": press(*mine, request.POST)})

    def _refused(request: HttpRequest, token: str, refused: Any) -> HttpResponse:
        if refused.status == AGAIN:
            return _show(request, links.look(token, source_of(request)), refused.message)
        if refused.status == NOT_FOUND:
            return _gone(request)
        return render(request, "web/links/over.html", {"message": refused.message}, status=refused.status)

    return view


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "web/links/gone.html", status=GONE)
