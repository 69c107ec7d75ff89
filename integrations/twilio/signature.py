"""Lets a webhook in only when the vendor signed it. twilio.com/docs/usage/webhooks/webhooks-security"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from twilio.request_validator import RequestValidator

P = ParamSpec("P")


@lru_cache(maxsize=8)
def _validator(token: str) -> RequestValidator:
    return RequestValidator(token)


def is_signed(request: HttpRequest) -> bool:
    """Whether one of our tokens (two while rotating) made the signature over the public address and the whole form.

    The address is made from PUBLIC_URL, not from the request: behind a proxy host and scheme are somebody else's.
    """
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signature:
        return False
    try:
        form = request.POST
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return False
    address = settings.PUBLIC_URL + request.get_full_path()
    return any(_validator(token).validate(address, form, signature) for token in settings.TWILIO_AUTH_TOKEN if token)


def signed(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Turn a view into a webhook: POST only (405), signed by the vendor only (the same 403 for every reason)."""

    @csrf_exempt
    @wraps(view)
    def webhook(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not is_signed(request):
            return HttpResponseForbidden("forbidden", content_type="text/plain")
        return view(request, *args, **kwargs)

    return webhook
