"""Only the vendor comes in, and a refusal tells nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from integrations.twilio.signature import signed

PUBLIC = "https://piket.example.nl"
FORM = {"CallSid": "CA1", "From": "+31600000001", "Digits": "", "SpeechResult": " een spatie "}


@signed
def hook(request: HttpRequest, word: str = "-") -> HttpResponse:
    return HttpResponse(f"{word} {request.POST.get('CallSid')}")


@pytest.fixture(autouse=True)
def two_tokens(settings: Settings) -> None:
    settings.PUBLIC_URL = PUBLIC
    settings.TWILIO_AUTH_TOKEN = ["new-token", "old-token"]


def signature(path: str, form: Any, token: str = "new-token", base: str = PUBLIC) -> str:
    return str(RequestValidator(token).compute_signature(base + path, form))


def sent(path: str, form: Any, header: str | None, **options: Any) -> HttpResponse:
    headers = {} if header is None else {"X-Twilio-Signature": header}
    return hook(RequestFactory().post(path, form, headers=headers, **options), word="hallo")


def urlencoded(path: str, body: str, header: str) -> HttpResponse:
    return sent(path, body, header, content_type="application/x-www-form-urlencoded")


def test_lets_a_signed_form_in_with_blanks_and_spaces_untouched() -> None:
    body = "CallSid=CA1&From=%2B31600000001&Digits=&SpeechResult=+een+spatie+"
    answer = urlencoded("/twilio/voice", body, signature("/twilio/voice", FORM))
    assert (answer.status_code, answer.content) == (200, b"hallo CA1")


def test_takes_either_token_while_rotating() -> None:
    for token in ("new-token", "old-token"):
        assert urlencoded("/t", "CallSid=CA1", signature("/t", {"CallSid": "CA1"}, token)).status_code == 200
    assert urlencoded("/t", "CallSid=CA1", signature("/t", {"CallSid": "CA1"}, "other")).status_code == 403


def test_checks_the_query_and_the_public_address_not_the_host_of_the_request() -> None:
    form = {"CallSid": "CA1"}
    assert urlencoded("/t?x=1", "CallSid=CA1", signature("/t?x=1", form)).status_code == 200
    assert urlencoded("/t?x=2", "CallSid=CA1", signature("/t?x=1", form)).status_code == 403
    assert urlencoded("/t", "CallSid=CA1", signature("/t", form, base="http://testserver")).status_code == 403


def test_takes_a_signature_over_the_address_with_its_port() -> None:
    form = {"CallSid": "CA1"}
    assert urlencoded("/t", "CallSid=CA1", signature("/t", form, base=PUBLIC + ":443")).status_code == 200


def test_a_repeated_parameter_is_checked_whole() -> None:
    class Many(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    header = signature("/t", Many(CallSid=["CA1"], Event=["b", "a"]))
    assert urlencoded("/t", "CallSid=CA1&Event=a&Event=b", header).status_code == 200
    assert urlencoded("/t", "CallSid=CA1&Event=a&Event=c", header).status_code == 403


@pytest.mark.parametrize(
    "header", [None, "", "rubbish", "é", signature("/t", {"CallSid": "CA2"}), signature("/u", {"CallSid": "CA1"})]
)
def test_every_refusal_is_the_same(header: str | None) -> None:
    answer = sent("/t", "CallSid=CA1", header, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.content) == (403, b"forbidden")


@pytest.mark.parametrize("tokens", [[], [""]])
def test_without_a_token_nobody_comes_in(settings: Settings, tokens: list[str]) -> None:
    settings.TWILIO_AUTH_TOKEN = tokens
    assert urlencoded("/t", "CallSid=CA1", signature("/t", {"CallSid": "CA1"}, "")).status_code == 403


def test_a_broken_form_is_refused_like_any_other(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert urlencoded("/t", "a=1&b=2&c=3", signature("/t", {"a": "1", "b": "2", "c": "3"})).status_code == 403
    assert sent("/t", "x", "y", content_type="multipart/form-data; boundary=").status_code == 403


def test_only_post_is_a_webhook() -> None:
    for method in ("get", "head", "put", "delete"):
        request = getattr(RequestFactory(), method)("/t", headers={"X-Twilio-Signature": signature("/t", {})})
        assert hook(request).status_code == 405


def test_needs_no_csrf_token() -> None:
    assert hook.csrf_exempt  # type: ignore[attr-defined]
