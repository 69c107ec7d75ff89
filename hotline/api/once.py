"""A request that is sent twice is done once: the Idempotency-Key, and the answer that is kept for a repeat."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from hotline.api.given import Given
from hotline.api.tokens import person_of
from hotline.errors import HotlineError
from hotline.models import ApiRequest
from integrations import clock

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x20-\x7e]{1,80}")
KEPT_FOR = timedelta(days=7)
ABOUT_KEY = gettext_noop("Send a key of your own, 1 to 80 characters, a new one for each request.")

Answer = dict[str, Any]
Done = tuple[int, Answer]  # id of the consultation, and what is answered


class KeyReused(HotlineError):
    """The key belongs to another request of this person."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "key_reused", _("This Idempotency-Key was used for another request. Choose a new one for each request.")
        )


def answer_once(request: Request, given: Given, do: Callable[[], Done], *, key_required: bool = False) -> Answer:
    """What `do` answers once `given` is valid; for a repeat the answer of the first time, whatever happened since.

    `do` runs in one transaction with the row that keeps its answer: of twins at one moment one is undone and gets the
    other's. Nothing is kept of what was refused. Raises KeyReused, or ValidationError with all faults.
    """
    person_id = person_of(request).pk
    key = request.headers.get(HEADER, "").strip()
    strange = bool(key or key_required) and not KEY.fullmatch(key)
    sent = _fingerprint(request)
    kept = None if strange else _kept(person_id, key, sent)
    if kept is not None:
        return kept
    if not given.is_valid() or strange:
        raise ValidationError({**({HEADER: [_(ABOUT_KEY)]} if strange else {}), **given.errors})
    try:
        with transaction.atomic():
            consultation_id, answer = do()
            if key:
                _keep(person_id, key, sent, consultation_id, answer)
            return answer
    except IntegrityError:
        kept = _kept(person_id, key, sent)
        if kept is None:
            raise
        return kept


def _kept(person_id: int, key: str, sent: str) -> Answer | None:
    rows = ApiRequest.objects.filter(person_id=person_id, key=key, at__gt=clock.now() - KEPT_FOR)
    row = rows.first() if key else None
    if row is None:
        return None
    if row.body_hash != sent:
        raise KeyReused
    answer: Answer = json.loads(row.answer)
    return answer


def _keep(person_id: int, key: str, sent: str, consultation_id: int, answer: Answer) -> None:
    now = clock.now()
    ApiRequest.objects.filter(person_id=person_id, at__lte=now - KEPT_FOR).delete()
    ApiRequest.objects.create(
        person_id=person_id,
        key=key,
        body_hash=sent,
        consultation_id=consultation_id,
        answer=json.dumps(answer, ensure_ascii=False),
        at=now,
    )


def _fingerprint(request: Request) -> str:
    """Equal for the same address and the same JSON, however it is spaced; keyed, for the text can be guessed."""
    sent = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return salted_hmac("piketlijn.api.once", sent, algorithm="sha256").hexdigest()
