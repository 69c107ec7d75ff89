"""A telephone with somebody, a voicemail or nobody behind it. Keeps everything that was heard on it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from integrations.lab.messages import Message

if TYPE_CHECKING:
    from integrations.lab.calls import Leg
    from integrations.lab.network import Network

WITHHELD = "anonymous"
KEYS = frozenset("0123456789*#")
KEPT_LINES = 400
# behaviour -> seconds of ringing before it does what it does
BEHAVIOURS = {
    "person": 0.0,  # rings until somebody picks up or refuses
    "silent": 0.0,  # nobody hears it
    "voicemail": 18.0,  # answers, talks, never presses
    "off": 2.0,  # switched off: voicemail at once
    "busy": 1.0,
    "refuses": 3.0,
    "bad": 0.0,  # no such number
    "eager": 4.0,  # picks up and presses 1 at every question
}
VOICEMAIL_SAYS = "Dit is de voicemail. Spreek in na de toon."
EAGER_KEY_AFTER_S = 2.5


class NotPossible(Exception):
    """The phone is not in a state in which a person could do this."""


@dataclass(frozen=True, slots=True)
class Line:
    """`kind` heard, said, key, ring, call, talk, end, sms."""

    at: datetime
    kind: str
    text: str


@dataclass
class Watcher:
    """Functions of a simulation or test that hear what happens at a phone; each gets the phone and the leg."""

    rings: Callable[[Phone, Leg], None] | None = None
    asked: Callable[[Phone, Leg], None] | None = None
    talks: Callable[[Phone, Leg], None] | None = None
    over: Callable[[Phone, Leg], None] | None = None


class Phone:
    def __init__(self, network: Network, number: str, name: str = "") -> None:
        self.network, self.number, self.name = network, number, name
        self.behaviour = "person"
        self.after_s: float | None = None
        self.watcher: Watcher | None = None
        self.ringing: Leg | None = None
        self.leg: Leg | None = None  # the call it is in
        self.lines: deque[Line] = deque(maxlen=KEPT_LINES)
        self.noted = 0  # lines ever, so that a line keeps its number when older ones are forgotten
        self.inbox: list[Message] = []
        self._now_is = ""

    def __str__(self) -> str:
        return self.name or self.number

    @property
    def state(self) -> str:
        """idle, ringing, calling (not yet answered), listening, voicemail or talking."""
        if self.ringing is not None:
            return "ringing"
        if self.leg is None:
            return "idle"
        if self.leg.talks_with is not None:
            return "talking"
        if self._now_is in {"voicemail", "off"}:
            return "voicemail"
        return "listening" if self.leg.answered else "calling"

    def behave(self, behaviour: str, after_s: float | None = None) -> None:
        """Set what happens when it rings; `after_s` seconds of ringing, or the usual for this behaviour."""
        if behaviour not in BEHAVIOURS:
            raise ValueError(f"unknown behaviour {behaviour!r}: one of {', '.join(BEHAVIOURS)}")
        self.behaviour, self.after_s = behaviour, after_s

    # --- What a person does -------------------------------------------------------------------------------------
    def dial(self, number: str, *, withheld: bool = False) -> Leg:
        if self.leg is not None or self.ringing is not None:
            raise NotPossible(f"{self} is in a call already")
        self._note("call", number)
        self._now_is = ""
        self.leg = self.network.incoming(self, number, caller=WITHHELD if withheld else self.number)
        return self.leg

    def pick_up(self) -> None:
        leg = self.ringing
        if leg is None:
            raise NotPossible(f"{self} is not ringing")
        self.ringing, self.leg = None, leg
        self._note("call", "picked up")
        leg.picked_up()

    def refuse(self) -> None:
        if self.ringing is None:
            raise NotPossible(f"{self} is not ringing")
        self.ringing.hang_up()

    def press(self, keys: str) -> None:
        """One or more keys, one after the other. Keys outside a question are heard by nobody."""
        if self.leg is None:
            raise NotPossible(f"{self} is not in a call")
        if not keys or not set(keys) <= KEYS:
            raise NotPossible(f"{keys!r} is not on the keypad")
        self._note("key", keys)
        leg = self.leg
        for key in keys:
            leg.press(key)

    def hang_up(self) -> None:
        leg = self.leg or self.ringing
        if leg is None:
            raise NotPossible(f"{self} is not in a call")
        leg.hang_up()

    def send_sms(self, number: str, text: str) -> Message:
        return self.network.texts.from_phone(self, number, text)

    # --- What happens to it -------------------------------------------------------------------------------------
    def offered(self, leg: Leg) -> None:
        """A call comes in: the network finds it busy, switched off or unknown, or it rings."""
        behaviour, after = self._behaviour_now()
        if behaviour == "bad":
            leg.end("failed")
            return
        if self.leg is not None or self.ringing is not None:
            leg.end("busy")
            return
        self._now_is = behaviour
        if behaviour == "busy":
            leg.after(after, leg.end, "busy")
            return
        self.ringing = leg
        self._note("ring", leg.caller)
        leg.rings()
        if self.watcher and self.watcher.rings:
            self.watcher.rings(self, leg)
        if behaviour in {"voicemail", "off", "eager"}:
            leg.after(after, self._answers_by_itself, leg)
        elif behaviour == "refuses":
            leg.after(after, leg.hang_up)

    def _behaviour_now(self) -> tuple[str, float]:
        drawn = self.network.misbehaviour.draw("ring", self.number)
        if drawn is not None:
            return drawn.kind, drawn.seconds or BEHAVIOURS[drawn.kind]
        return self.behaviour, BEHAVIOURS[self.behaviour] if self.after_s is None else self.after_s

    def _answers_by_itself(self, leg: Leg) -> None:
        if self.ringing is not leg:
            return
        self.pick_up()
        if self._now_is != "eager":
            self._note("said", VOICEMAIL_SAYS)
            leg.limit(int(self.network.profile.voicemail_patience_s))

    def hears(self, leg: Leg, text: str) -> None:
        self._note("heard", text)

    def asked(self, leg: Leg) -> None:
        """A question begins on the leg: keys count from now."""
        if self._now_is == "eager" and leg is self.leg:
            self.network.after(EAGER_KEY_AFTER_S, self._press_if_in, leg)
        if self.watcher and self.watcher.asked:
            self.watcher.asked(self, leg)

    def _press_if_in(self, leg: Leg) -> None:
        if leg is self.leg and not leg.ended:
            self.press("1")

    def talks(self, leg: Leg, other: Leg) -> None:
        self._note("talk", str(other.phone))
        if self.watcher and self.watcher.talks:
            self.watcher.talks(self, leg)

    def over(self, leg: Leg) -> None:
        if leg not in (self.leg, self.ringing):
            return
        self.leg = self.ringing = None
        self._note("end", leg.status)
        if self.watcher and self.watcher.over:
            self.watcher.over(self, leg)

    def receive(self, message: Message) -> None:
        self.inbox.append(message)
        self._note("sms", message.text)

    def _note(self, kind: str, text: str) -> None:
        self.noted += 1
        self.lines.append(Line(self.network.now, kind, text))
        self.network.note(str(self), kind, text)
