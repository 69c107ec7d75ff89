"""Joins the engine to a product in the same process: webhooks by Django's client, REST without a socket."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from django.test import Client
from twilio.http import HttpClient
from twilio.http.response import Response

from integrations.lab.rest import AnswerLost, Rest
from integrations.lab.webhooks import Post


def post_with(client: Client) -> Post:
    """Webhooks by a Django client: form-encoded, to the path of the address, with its host and scheme."""

    def post(url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str, str]:
        parts = urlsplit(url)
        response = client.post(
            parts.path + (f"?{parts.query}" if parts.query else ""),
            data=urlencode(params),
            content_type="application/x-www-form-urlencoded",
            secure=parts.scheme == "https",
            headers=dict(headers),
            SERVER_NAME=parts.hostname or "",
            SERVER_PORT=str(parts.port or (443 if parts.scheme == "https" else 80)),
        )
        return response.status_code, response.headers.get("Content-Type", ""), response.content.decode()

    return post


class LocalHttpClient(HttpClient):  # type: ignore[misc]  # the vendor's library has no types
    """For `twilio.rest.Client(http_client=...)`: the engine answers in this process.

    No answer is `requests.ReadTimeout` and no connection `requests.ConnectTimeout`, as with the vendor's own client.
    """

    def __init__(self, rest: Rest) -> None:
        super().__init__(logger=logging.getLogger("twilio.http_client"), is_async=False, timeout=None)
        self.rest = rest

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        parts = urlsplit(url)
        query = parse_qs(parts.query) | _values(params)
        try:
            answer = self.rest.handle(method.upper(), parts.path, query, _values(data), auth)
        except AnswerLost as lost:
            raise (requests.ReadTimeout if lost.connected else requests.ConnectTimeout)(str(lost)) from lost
        return Response(answer.status, json.dumps(answer.body), {"Content-Type": "application/json"})


def _values(given: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """Form values as they would arrive: every value a text, lists as repeated parameters."""
    return parse_qs(urlencode(dict(given or {}), doseq=True), keep_blank_values=True)
