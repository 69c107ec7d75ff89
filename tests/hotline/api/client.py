"""A program that uses the API as one person."""

from __future__ import annotations

import itertools
from typing import Any

from django.test import Client

from hotline.api import tokens

_keys = itertools.count(1)
_handler = Client(raise_request_exception=False).handler  # shared: loading the middleware takes longer than a request
QUESTION = {
    "rechtsgebied": "huur",
    "regio": "walcheren",
    "termijn": "vandaag",
    "vraag": "Mag de verhuurder de borg houden?",
}


class Api:
    """`get` and `post` answer Django's test response; addresses are below /api/v1."""

    def __init__(self, person: Any = None, *, token: str = "") -> None:
        self.token = token or (tokens.create_token(person_id=person.pk, name="proef") if person else "")
        self.client = Client(raise_request_exception=False)
        self.client.handler = _handler

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query or {}, headers=self._headers(headers))

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        known = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            f"/api/v1{path}", body, content_type="application/json", headers=self._headers({**known, **headers})
        )

    def ask(self, *, key: str | None = None, **changes: Any) -> Any:
        """A question with a key of its own."""
        return self.post("/vragen", {**QUESTION, **changes}, key=key or f"sleutel-{next(_keys)}")

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return own | {name.replace("_", "-"): value for name, value in headers.items()}


def faults(answer: Any) -> dict[str, str]:
    """Field -> text of a problem."""
    return {fault["veld"]: fault["tekst"] for fault in answer.json()["fouten"]}
