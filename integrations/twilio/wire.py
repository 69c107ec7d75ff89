"""The vendor library's client on our own wire: settable address, time limit, silence in the log, failures named.

Import it where it is used only (see rest.py): the library takes half a second to load.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from integrations.errors import VendorError

TRY_LATER = {408, 425, 429}

# At DEBUG it writes whole addresses, and the list of calls has a telephone number in its query.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Wire(TwilioHttpClient):  # type: ignore[misc]  # the library is not typed
    """Sends every request to `base` (when given) and keeps numbers out of the log."""

    def __init__(self, base: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.base = urlsplit(base) if base else None
        self.last_date = ""  # the vendor's own clock, as its last answer told it

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        answer = super().request(method, self.rebased(url), params, data, headers, auth, timeout, allow_redirects)
        self.last_date = (answer.headers or {}).get("Date", "")
        return answer

    def rebased(self, url: str) -> str:
        """`url` with scheme, host and leading path of the base: https://api.twilio.com/x -> http://127.0.0.1:8010/x."""
        if self.base is None:
            return url
        parts = urlsplit(url)
        path = self.base.path.rstrip("/") + parts.path
        return urlunsplit((self.base.scheme, self.base.netloc, path, parts.query, ""))

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the library would log telephone numbers."""

    def log_response(self, status_code: int, response: requests.Response) -> None:
        """Nothing, see log_request."""


@lru_cache(maxsize=4)
def wire(base: str, timeout: float) -> Wire:
    """One per address, so that connections to the vendor are kept."""
    return Wire(base, timeout)


def connect(account: str, token: str, region: str, http_client: HttpClient) -> Client:
    return Client(account, token, region=region or None, http_client=http_client)


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn what the library raises into VendorError, without its text (that holds numbers)."""
    try:
        yield
    except TwilioRestException as error:
        temporary = error.status >= 500 or error.status in TRY_LATER
        code = f", code {error.code}" if error.code else ""
        raise VendorError(f"HTTP {error.status}{code}", permanent=not temporary, status=error.status) from error
    except (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError) as error:
        raise VendorError(f"not reached: {type(error).__name__}") from error
    except requests.ConnectionError as error:
        if _was_never_sent(error):
            raise VendorError("not reached: no connection") from error
        raise VendorError("connection lost before the answer", unknown=True) from error
    except requests.RequestException as error:
        raise VendorError(f"no answer: {type(error).__name__}", unknown=True) from error
    except (TwilioException, ValueError) as error:
        raise VendorError(f"answer not understood: {type(error).__name__}", unknown=True) from error


def _was_never_sent(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)
