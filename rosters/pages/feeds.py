"""/agenda/<token>.ics: what calendar programs fetch.

The token is the key: there is no login, and a refusal names nobody.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.access import source_of
from integrations import links
from rosters.feeds import clients, reading
from rosters.feeds.kept import body_of
from rosters.services.feeds import note_fetch

GONE, TOO_MANY = 410, 429
PLAIN = "text/plain; charset=utf-8"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, or 304 when the program has it already. A guess and an address that ended get the same 410."""
    try:
        found = reading.find(token)
    except reading.Gone as gone:
        return _refuse(request, guessed=gone.guessed)
    note_fetch(
        feed_id=found.id, client=clients.name_of(request.headers.get("User-Agent", "")), last=found.fetched_at
    )  # fmt: skip
    etag = quote_etag(found.revision)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(body_of(found), content_type="text/calendar; charset=utf-8")
        answer.headers["Content-Disposition"] = 'inline; filename="piket.ics"'
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _refuse(request: HttpRequest, *, guessed: bool) -> HttpResponse:
    """Guesses are counted per source. An address that was valid once is none, for programs go on asking for it."""
    source = source_of(request)
    if guessed:
        if links.is_slowed(source):
            answer = HttpResponse(_("Too many wrong addresses. Try again later."), content_type=PLAIN, status=TOO_MANY)
            answer.headers["Retry-After"] = str(links.MISSES_WITHIN // timedelta(seconds=1))
            return answer
        links.count_miss(source)
    words = _("This calendar address has ended. Log in to Piketlijn and connect your calendar again.")
    answer = HttpResponse(words, content_type=PLAIN, status=GONE)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
