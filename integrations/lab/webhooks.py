"""One request from the vendor to the product, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.lab.calls import Leg

TIMED_OUT = 0
NO_CONNECTION = -1


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is the HTTP status, or TIMED_OUT, or NO_CONNECTION."""

    status: int
    content_type: str = ""
    body: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(slots=True)
class Webhook:
    """`kind` document, dialled, status or sms. `then` gets the answer; None: nobody reads it."""

    url: str
    params: dict[str, str]
    kind: str
    then: Callable[[Answer], None] | None = None
    leg: Leg | None = None
    tries: int = 0
    token: str = ""  # the vendor's idempotency token: the same for every try


Done = Callable[[Answer], None]
Carry = Callable[[str, Mapping[str, str], Mapping[str, str], Done], None]
Post = Callable[[str, Mapping[str, str], Mapping[str, str]], tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the vendor turns to for our numbers; `status` and `fallback` may be left out."""

    voice: str
    status: str = ""
    sms: str = ""
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """How this vendor behaves, in seconds. `latency_s` is how long every webhook takes on the engine's own clock."""

    vendor_buffer_s: float = 5
    characters_per_second: float = 15
    webhook_timeout_s: float = 15
    retries: int = 0
    ring_delay_s: float = 0
    latency_s: float = 0
    calls_per_second: float = 1
    voicemail_patience_s: float = 60


@dataclass(frozen=True, slots=True)
class Fault:
    code: int
    text: str


def at_once(post: Post) -> Carry:
    """A carrier that waits for the answer: for tests and simulations, where the product runs in this process."""

    def carry(url: str, params: Mapping[str, str], headers: Mapping[str, str], done: Done) -> None:
        try:
            answer = Answer(*post(url, params, headers))
        except TimeoutError:
            answer = Answer(TIMED_OUT)
        except ConnectionError:
            answer = Answer(NO_CONNECTION)
        done(answer)

    return carry
