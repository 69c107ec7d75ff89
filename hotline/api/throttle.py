"""How often one token may ask. Counted per web process, in memory: a limit against loops, not a quota."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from hotline.models import ApiToken
from integrations import clock

if TYPE_CHECKING:  # DRF's views import this module through the settings
    from rest_framework.views import APIView

READING, WRITING = "lezen", "schrijven"
RATES: Mapping[str, str] = {READING: "120/min", WRITING: "20/min"}


class PerToken(SimpleRateThrottle):
    """Reading and writing are counted apart; who has no token is not let in anyway."""

    rate = RATES[READING]

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.scope = READING if request.method in SAFE_METHODS else WRITING
        self.num_requests, self.duration = self.parse_rate(RATES[self.scope])
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"api:{self.scope}:{request.auth.pk}" if isinstance(request.auth, ApiToken) else None

    def timer(self) -> float:
        return clock.now().timestamp()
