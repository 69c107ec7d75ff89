"""The telephone vendor as an engine of discrete events: no threads, no clock of its own, all requests injected.

The same engine serves tests (time moved by hand), simulations (thousands of overlapping calls in one process) and the
lab server (real time). It meets the product only over signed HTTP: webhooks out, REST in (`rest.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from integrations.lab import twiml, wire
from integrations.lab.calls import Leg
from integrations.lab.messages import Texts
from integrations.lab.misbehaviour import Misbehaviour
from integrations.lab.phones import Phone
from integrations.lab.webhooks import NO_CONNECTION, TIMED_OUT, Answer, Carry, Doors, Fault, Profile, Webhook

KEPT_LOG = 3_000
LATE_ANSWER_GAP_S = 0.05
XML_TYPES = ("text/xml", "application/xml", "application/twiml+xml")


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of everything that happened: who, what kind, and the text."""

    at: datetime
    who: str
    kind: str
    text: str


@dataclass
class Bridge:
    """A conversation: `caller` is the side that the Dial ran on."""

    caller: Leg
    callee: Leg
    at: datetime
    until: datetime | None = None


class Network:
    """`carry` brings a webhook to the product and calls back with the answer, at once or later (`webhooks.at_once`).

    `account` and `tokens` are the product's credentials: the first token signs. `moved` is told each new moment.
    `seed` steers both chance and call ids, so that a run can be repeated; the lab server gives a random one.
    """

    def __init__(
        self,
        carry: Carry,
        *,
        account: str,
        tokens: Sequence[str],
        doors: Doors,
        at: datetime,
        profile: Profile | None = None,
        chaos: float = 0.0,
        seed: int = 0,
        moved: Callable[[datetime], None] | None = None,
    ) -> None:
        self.carry, self.account, self.tokens, self.doors = carry, account, tuple(tokens), doors
        self.now = at
        self.profile = profile or Profile()
        self.misbehaviour = Misbehaviour(chaos, seed)
        self.phones: dict[str, Phone] = {}
        self.legs: dict[str, Leg] = {}
        self.texts = Texts(self)
        self.bridges: list[Bridge] = []
        self.faults: list[Fault] = []
        self.log: deque[Logged] = deque(maxlen=KEPT_LOG)
        self.noted = 0  # lines ever logged: whoever watches knows by it that something happened
        self._moved = moved
        self._ids = Random(seed)  # noqa: S311 - ids that come out the same in every run
        self._order = count()
        self._agenda: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self._next_rest_call = at

    # --- Time -----------------------------------------------------------------------------------------------------
    def after(self, seconds: float, action: Callable[..., None], *args: Any) -> None:
        """Do something `seconds` from now. Nothing ever happens at once, so no action sees a half-changed leg."""
        moment = self.now + timedelta(seconds=seconds) if seconds else self.now
        heappush(self._agenda, (moment, next(self._order), action, args))

    def next_at(self) -> datetime | None:
        """The moment of the next event, or None when nothing is planned."""
        return self._agenda[0][0] if self._agenda else None

    def advance(self, until: datetime) -> None:
        """Do everything planned up to and including `until`, in order, and stand at `until`."""
        agenda = self._agenda
        while agenda and agenda[0][0] <= until:
            moment, _, action, args = heappop(agenda)
            self._stand_at(moment)
            action(*args)
        self._stand_at(until)

    def _stand_at(self, moment: datetime) -> None:
        if moment > self.now:
            self.now = moment
            if self._moved is not None:
                self._moved(moment)

    # --- Phones and legs --------------------------------------------------------------------------------------------
    def phone(self, number: str, name: str = "") -> Phone:
        """The phone with this number; an unknown number becomes a phone."""
        phone = self.phones.get(number)
        if phone is None:
            phone = self.phones[number] = Phone(self, number, name)
        elif name:
            phone.name = name
        return phone

    def incoming(self, phone: Phone, number: str, *, caller: str) -> Leg:
        """Somebody calls one of our numbers."""
        leg = Leg(
            self,
            direction="inbound",
            caller=caller,
            called=number,
            phone=phone,
            status_url=self.doors.status,
            fallback_url=self.doors.fallback,
        )
        leg.request(self.doors.voice)
        return leg

    def queue_call(self, leg: Leg, ring_s: int) -> None:
        """Calls made by REST start one per second per account (V14) and ring `ring_s` plus the vendor's buffer."""
        start = max(self.now, self._next_rest_call)
        self._next_rest_call = start + timedelta(seconds=1 / self.profile.calls_per_second)
        wait = (start - self.now).total_seconds()
        self.after(wait, leg.start)
        self.after(wait + ring_s + self.profile.vendor_buffer_s, self._rang_out, leg)

    @staticmethod
    def _rang_out(leg: Leg) -> None:
        if not leg.answered:
            leg.end("no-answer")

    def bridge(self, caller: Leg, callee: Leg) -> None:
        caller.talks_with, callee.talks_with = callee, caller
        self.bridges.append(Bridge(caller, callee, self.now))
        caller.phone.talks(caller, callee)
        callee.phone.talks(callee, caller)

    def unbridge(self, leg: Leg) -> None:
        other = leg.talks_with
        if other is None:
            return
        leg.talks_with = other.talks_with = None
        for bridge in reversed(self.bridges):
            if bridge.until is None and leg in (bridge.caller, bridge.callee):
                bridge.until = self.now
                return

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{self._ids.getrandbits(128):032x}"

    # --- Webhooks ---------------------------------------------------------------------------------------------------
    def ask(self, hook: Webhook) -> None:
        """Send a request to the product, well or badly."""
        hook.token = hook.token or self.new_sid("")
        moment = hook.kind if hook.kind in {"status", "dialled", "sms"} else "document"
        wish = self.misbehaviour.draw(moment, hook.url)
        kind = wish.kind if wish else ""
        delay = wish.seconds if wish and kind == "delay" else 0.0
        if kind == "drop":
            self.note("vendor", "dropped", hook.url)
        elif kind == "fail":
            hook.tries += 1
            self.after(0, self._answered, hook, Answer(NO_CONNECTION))
        elif kind == "time_out":
            self.after(0, self._deliver, hook, False)
            self.after(self.profile.webhook_timeout_s, self._answered, hook, Answer(TIMED_OUT))
        elif kind in {"duplicate", "retry"}:
            self.after(0, self._deliver, hook, kind == "duplicate")
            gap = wish.seconds if wish and wish.seconds else LATE_ANSWER_GAP_S
            self.after(gap, self._deliver, hook, kind == "retry")
        else:
            self.after(delay, self._deliver, hook, True)

    def _deliver(self, hook: Webhook, counts: bool) -> None:
        """`counts` False: whatever is answered gets lost."""
        hook.tries += 1
        headers = {
            "X-Twilio-Signature": wire.signature(self.tokens[0], hook.url, hook.params),
            "I-Twilio-Idempotency-Token": hook.token,
            "User-Agent": "TwilioProxy/1.1",
        }
        self.note("vendor", "asks", f"{hook.url} {wire.without_blanks(hook.params)}")
        done = partial(self.after, self.profile.latency_s, self._answered, hook) if counts else _forget
        self.carry(hook.url, hook.params, headers, done)

    def _answered(self, hook: Webhook, answer: Answer) -> None:
        self.note("product", "answers", f"{answer.status} {answer.body}")
        if not answer.is_good and hook.tries <= self.profile.retries:
            self._deliver(hook, True)
        elif hook.then is not None:
            hook.then(answer)
        elif not answer.is_good:
            self.fault(15003, f"{words(answer.status)} at {hook.url}")

    def read(self, answer: Answer, url: str) -> twiml.Document | int:
        """The document in an answer, or the vendor's error code when there is none to carry out."""
        code, text = 0, ""
        if not answer.is_good:
            code, text = 11200, words(answer.status)
        elif answer.body.strip() and not answer.content_type.startswith(XML_TYPES):
            code, text = 12300, f"content type {answer.content_type!r}"
        else:
            try:
                document = twiml.parse(answer.body)
            except twiml.DocumentBroken as broken:
                code, text = broken.code, str(broken)
            else:
                for problem in document.faults:
                    self.fault(12200, f"{problem} ({url})")
                return document
        self.fault(code, f"{text} at {url}")
        return code

    def absolute(self, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            self.fault(11100, f"not an address: {url!r}")
        return url

    def fault(self, code: int, text: str) -> None:
        """Something the vendor would complain about; expected to stay empty on a good day."""
        self.faults.append(Fault(code, text))
        self.note("vendor", "fault", f"{code} {text}")

    def note(self, who: str, kind: str, text: str) -> None:
        self.noted += 1
        self.log.append(Logged(self.now, who, kind, text))


def _forget(answer: Answer) -> None:
    """For an answer that gets lost."""


def words(status: int) -> str:
    return {TIMED_OUT: "no answer in time", NO_CONNECTION: "no connection"}.get(status, f"HTTP {status}")
