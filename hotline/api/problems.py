"""Whatever goes wrong under /api/ is answered as application/problem+json (RFC 9457), with all faults at once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from directory.errors import NotKnown
from hotline.api.words import FIELD
from hotline.errors import FormRefused, HotlineError

PROBLEM_JSON = "application/problem+json"
VERSION_HEADER = "API-Version"
WHOLE_BODY = ""  # `veld` of a fault that is not about one field

logger = logging.getLogger("piketlijn.api")

# Status -> what it is, and what to do.
WORDS: Mapping[int, tuple[str, str]] = {
    400: (gettext_noop("The request is not right"), gettext_noop("Correct what stands under 'fouten' and try again.")),
    401: (gettext_noop("Not known"), gettext_noop("Send a valid token: 'Authorization: Bearer <token>'.")),
    403: (gettext_noop("Not allowed"), gettext_noop("The person of this token may not do this.")),
    404: (gettext_noop("Not found"), gettext_noop("There is nothing at this address. Addresses end without a slash.")),
    405: (gettext_noop("Method not allowed"), gettext_noop("The header Allow tells which methods this address has.")),
    406: (gettext_noop("Not available in that form"), gettext_noop("Ask for application/json.")),
    409: (gettext_noop("Not possible now"), gettext_noop("Read the question again to see where it stands.")),
    413: (gettext_noop("Too large"), gettext_noop("Send less in one request.")),
    415: (gettext_noop("Unknown form"), gettext_noop("Send JSON: 'Content-Type: application/json'.")),
    422: (gettext_noop("Key used before"), gettext_noop("Choose a new Idempotency-Key for another request.")),
    429: (gettext_noop("Too many requests"), gettext_noop("Wait as many seconds as the header Retry-After says.")),
    500: (gettext_noop("Something went wrong on our side"), gettext_noop("Try again with the same Idempotency-Key.")),
}


class TooLarge(APIException):
    """A body of more bytes than we read."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def problem(
    status: int, *, code: str = "", detail: str = "", faults: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body of the answer. `code` is stable; without one the status says everything."""
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    return {
        "type": f"urn:piketlijn:{code.replace('_', '-')}" if code else "about:blank",
        "title": _(title),
        "status": status,
        "detail": detail or _(advice),
        "fouten": faults or [],
    }


def answer(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler: the one place where the API catches."""
    headers: dict[str, str] = {}
    match exc:
        case FormRefused():
            fault = {"veld": FIELD.get(exc.field, exc.field), "tekst": exc.message}
            body = problem(exc.status, code=exc.code, faults=[fault])
        case HotlineError():
            body = problem(exc.status, code=exc.code, detail=exc.message)
        case ValidationError():
            body = problem(exc.status_code, code="invalid", faults=list(_faults(exc.detail)))
        case APIException():
            body = problem(exc.status_code)
            if header := getattr(exc, "auth_header", ""):
                headers["WWW-Authenticate"] = header
            if wait := getattr(exc, "wait", None):
                headers["Retry-After"] = str(max(1, round(wait)))
        case Http404() | NotKnown():
            body = problem(HTTPStatus.NOT_FOUND)
        case PermissionDenied():
            body = problem(HTTPStatus.FORBIDDEN)
        case _:
            logger.error("the API failed", exc_info=exc)
            body = problem(HTTPStatus.INTERNAL_SERVER_ERROR)
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM_JSON)


def _faults(detail: Any, field: str = WHOLE_BODY) -> Iterator[dict[str, str]]:
    """Every fault of DRF's nested errors, in order; a field inside another is `outer.inner`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = WHOLE_BODY if name == "non_field_errors" else str(name)
            yield from _faults(inner, ".".join(part for part in (field, own) if part))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _faults(inner, field)
    else:
        yield {"veld": field, "tekst": str(detail)}


class ApiAnswers:
    """Middleware, outermost: under /api/ every answer tells the version, speaks Dutch, and is never a page.

    It also turns what fails before or outside a view (an unknown address, a wrong host) into a problem.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
        response = self.get_response(request)
        response.headers[VERSION_HEADER] = settings.API_VERSION
        if response.status_code >= 400 and response.headers.get("Content-Type") != PROBLEM_JSON:
            response.content = json.dumps(problem(response.status_code), ensure_ascii=False).encode()
            response.headers["Content-Type"] = PROBLEM_JSON
            response.headers["Content-Length"] = str(len(response.content))
        return response
