"""One Dial: rings the numbers, lets the rung party hear the whisper, bridges, and reports to the action."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from integrations.lab import wire
from integrations.lab.twiml import NUMBERS_IN_A_DIAL, Verb
from integrations.lab.webhooks import Webhook

if TYPE_CHECKING:
    from integrations.lab.calls import Leg

TIMEOUT_S = 30
TIME_LIMIT_S = 14_400


class Dialling:
    """`leg` is the calling side. The Dial is over once, by its children's ends, the caller's, or a redirect."""

    def __init__(self, leg: Leg, verb: Verb, url: str, go_on: Callable[[], None]) -> None:
        self.leg, self.verb, self.go_on = leg, verb, go_on
        self.network = leg.network
        self.url = url
        self.action = urljoin(url, verb.get("action")) if verb.get("action") else ""
        self.numbers = list(verb.inside[:NUMBERS_IN_A_DIAL])
        self.children: list[Leg] = []
        self.whispers: dict[str, str] = {}  # call id -> address of the whisper
        self.bridged = False
        self.over = False

    # --- Ringing --------------------------------------------------------------------------------------------------
    def start(self) -> None:
        one_by_one = self.verb.is_on("sequential")
        first, self.numbers = (self.numbers[:1], self.numbers[1:]) if one_by_one else (self.numbers, [])
        for number in first:
            self._ring(number)

    def _ring(self, number: Verb) -> None:
        child = self.leg.child(
            self,
            number.text,
            caller=self.verb.get("callerId") or self.leg.caller,
            status_url=urljoin(self.url, number.get("statusCallback")) if number.get("statusCallback") else "",
            events=number.get("statusCallbackEvent", "completed").split(),
        )
        self.children.append(child)
        if number.get("url"):
            self.whispers[child.sid] = urljoin(self.url, number.get("url"))
        child.start()
        # V1: the vendor always adds its buffer to the time asked for.
        wait = self.verb.number("timeout", TIMEOUT_S) + self.network.profile.vendor_buffer_s
        self.network.after(wait, self._rang_out, child)

    def _rang_out(self, child: Leg) -> None:
        if not child.answered:
            child.end("no-answer")

    # --- The rung party -------------------------------------------------------------------------------------------
    def picked_up(self, child: Leg) -> None:
        """The first phone that is picked up wins, a voicemail too (V11); its whisper runs before the bridge (V3)."""
        for other in self.children:
            if other is not child and not other.ended:
                other.end("canceled")
        whisper = self.whispers.get(child.sid)
        if whisper is None:
            self.bridge(child)
        else:
            child.request(whisper)
            if self.network.misbehaviour.draw("whisper", child.called):
                self.network.after(2.5, self._put_down, child)

    def _put_down(self, child: Leg) -> None:
        if not self.bridged:
            child.hang_up()

    def key_pressed(self, child: Leg) -> None:
        """Keys of the rung party are on their way: the moment in which a caller may just have hung up."""
        wish = self.network.misbehaviour.draw("accept", child.called)
        if wish is not None and not self.over:
            self.network.after(min(wish.seconds / 20, 0.6), self.leg.hang_up)

    def bridge(self, child: Leg) -> None:
        """End of the whisper document without Hangup: both sides can talk, if the caller is still there."""
        if self.over:
            child.end("completed")
            return
        self.bridged = True
        child.generation += 1
        child.script = None
        self.leg.answer()
        self.network.bridge(self.leg, child)
        child.limit(self.verb.number("timeLimit", TIME_LIMIT_S))

    def child_over(self, child: Leg) -> None:
        """A rung leg ended: the next number, or the end of the Dial."""
        if self.over or any(not other.ended for other in self.children):
            return
        if not child.answered and self.numbers:
            self._ring(self.numbers.pop(0))
            return
        winner = next((other for other in self.children if other.answered), child)
        self._finish(winner, seconds=winner.seconds() if winner.answered else None)

    def child_left(self, child: Leg) -> None:
        """REST took the rung party elsewhere: the action runs, without the length of the call (V13)."""
        if self.over:
            return
        self.network.unbridge(child)
        self._finish(child, seconds=None)

    def _finish(self, child: Leg, *, seconds: int | None) -> None:
        self.over = True
        leg = self.leg
        leg.dialling = None
        if self.action:
            leg.request(self.action, self._told(child, seconds), "dialled")
        else:
            self.go_on()

    # --- The calling side -----------------------------------------------------------------------------------------
    def caller_gone(self) -> None:
        """The caller hung up: the rung party too, and the action is told; what it answers is ignored (V6)."""
        orphan = self.network.misbehaviour.draw("caller left", self.leg.called)
        self._leave("canceled", keep_s=orphan.seconds if orphan else 0.0)

    def left(self) -> None:
        """REST took the calling side elsewhere: the action is told, what it answers is ignored (V12)."""
        self._leave("canceled", keep_s=0.0)

    def _leave(self, word: str, *, keep_s: float) -> None:
        self.over = True
        self.leg.dialling = None
        child = self.children[-1]
        for other in self.children:
            if not other.ended:
                child = other
                if keep_s and other.answered and not self.bridged:
                    self.network.after(keep_s, other.end, "completed")
                else:
                    other.end("completed" if other.answered else word)
        if self.action:
            params = wire.voice(self.leg) | self._told(child, child.seconds() if child.answered else None)
            self.network.ask(Webhook(self.action, params, "dialled", None, self.leg))

    def _told(self, child: Leg, seconds: int | None) -> dict[str, str]:
        misbehaviour = self.network.misbehaviour
        word = child.status if child.ended else "completed"
        if child.answered and not self.bridged and misbehaviour.draw("screened", child.called):
            word = "answered"  # V5: after a whisper that ended in Hangup both words are seen
        untold = misbehaviour.draw("dial over", child.called) is not None
        return wire.dialled(child, word, bridged=None if untold else self.bridged, seconds=seconds)
