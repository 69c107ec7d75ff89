"""Carries out one document on one leg: speaks, waits for keys, dials, redirects, hangs up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from integrations.lab.dialling import Dialling
from integrations.lab.twiml import Verb, can_be_spoken

if TYPE_CHECKING:
    from integrations.lab.calls import Leg

GATHER_TIMEOUT_S = 5


class Script:
    """The place in a document. `url` is the address it came from, for relative addresses and missing actions."""

    def __init__(self, leg: Leg, url: str, verbs: Sequence[Verb]) -> None:
        self.leg, self.url, self.verbs = leg, url, verbs
        self.place = 0
        self.gather: Verb | None = None
        self.keys = ""

    def go_on(self) -> None:
        """The next verb; at the end a whispering leg is bridged (V3) and any other leg ends."""
        leg = self.leg
        if self.place >= len(self.verbs):
            self._finish()
            return
        verb = self.verbs[self.place]
        self.place += 1
        if not leg.answered and not self._may_go_unanswered(verb):
            leg.answer()
        match verb.name:
            case "Say" | "Pause":
                self._speak(verb, self.go_on)
            case "Gather":
                self._gather(verb)
            case "Dial":
                self._dial(verb)
            case "Redirect":
                leg.request(urljoin(self.url, verb.text))
            case "Hangup":
                leg.end("completed")
            case "Reject":
                self._reject(verb)
            case _:
                leg.network.fault(12200, f"{verb.name} has no place in a call")
                self.go_on()

    @staticmethod
    def _may_go_unanswered(verb: Verb) -> bool:
        """As first verb these leave the caller's phone ringing (V2); any other verb answers the call."""
        return verb.name in {"Reject", "Pause", "Redirect"} or (verb.name == "Dial" and verb.is_on("answerOnBridge"))

    def _finish(self) -> None:
        leg = self.leg
        if leg.within is not None:
            leg.within.bridge(leg)
            return
        leg.answer()
        leg.end("completed")

    def _speak(self, verb: Verb, then: Callable[[], None]) -> None:
        if verb.name == "Pause":
            self.leg.after(verb.number("length", 1), then)
        elif not can_be_spoken(verb):
            self.leg.network.fault(13520, f"voice {verb.get('voice')} does not speak {verb.get('language')}")
            then()
        else:
            self.leg.after(self.leg.hear(verb.text) * verb.number("loop", 1), then)

    def _reject(self, verb: Verb) -> None:
        if self.leg.answered:
            self.leg.network.fault(13710, "Reject on a call that was answered already")
        self.leg.end("busy" if verb.get("reason") == "busy" else "no-answer")

    # --- Keys -----------------------------------------------------------------------------------------------------
    def _gather(self, verb: Verb) -> None:
        self.gather, self.keys = verb, ""
        self.leg.phone.asked(self.leg)
        self._say_part(0)

    def _say_part(self, part: int) -> None:
        """Speak the parts of the question one by one; the time-out runs from the end of the speech (V9)."""
        verb = self.gather
        if verb is None:
            return
        if part < len(verb.inside):
            self._speak(verb.inside[part], lambda: self._say_part(part + 1))
        else:
            self.leg.after(verb.number("timeout", GATHER_TIMEOUT_S), self._gathered)

    def press(self, key: str) -> None:
        """A key: the first one stops the speech; after each one the time-out starts again."""
        verb = self.gather
        if verb is None:
            return
        self.leg.generation += 1
        if key in verb.get("finishOnKey", "#"):
            self._gathered()
            return
        self.keys += key
        if len(self.keys) >= verb.number("numDigits", 10_000):
            self._gathered()
        else:
            self.leg.after(verb.number("timeout", GATHER_TIMEOUT_S), self._gathered)

    def _gathered(self) -> None:
        verb, keys, leg = self.gather, self.keys, self.leg
        self.gather = None
        if verb is None:
            return
        action = urljoin(self.url, verb.get("action")) if verb.get("action") else self.url
        if keys:
            if leg.within is not None:
                leg.within.key_pressed(leg)
            leg.request(action, {"Digits": keys})
        elif verb.is_on("actionOnEmptyResult"):
            leg.request(action)
        else:
            self.go_on()

    # --- Dial -----------------------------------------------------------------------------------------------------
    def _dial(self, verb: Verb) -> None:
        leg = self.leg
        if leg.within is not None:
            leg.network.fault(13201, "Dial within a whisper")
            self.go_on()
            return
        if not verb.inside:
            self.go_on()
            return
        leg.dialling = Dialling(leg, verb, self.url, self.go_on)
        leg.dialling.start()
