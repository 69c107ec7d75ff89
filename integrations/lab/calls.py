"""A leg: one connection between the vendor and one phone, from dialling to its final status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.lab import wire
from integrations.lab.script import Script
from integrations.lab.webhooks import Answer, Webhook

if TYPE_CHECKING:
    from integrations.lab.dialling import Dialling
    from integrations.lab.network import Network
    from integrations.lab.phones import Phone

TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
UNBROKEN_DOCUMENTS = 40  # documents a leg may run within one moment before we call it a circle


class Leg:
    """`direction` inbound, outbound-dial or outbound-api. `within` is the Dial of another leg that made this one."""

    def __init__(
        self,
        network: Network,
        *,
        direction: str,
        caller: str,
        called: str,
        phone: Phone,
        parent: Leg | None = None,
        within: Dialling | None = None,
        status_url: str = "",
        events: Sequence[str] = ("completed",),
        url: str = "",
        fallback_url: str = "",
        twiml: str = "",
        time_limit_s: int = 0,
    ) -> None:
        self.network = network
        self.sid = network.new_sid("CA")
        self.direction, self.caller, self.called, self.phone = direction, caller, called, phone
        self.parent, self.within = parent, within
        self.status_url, self.events, self.fallback_url = status_url, frozenset(events), fallback_url
        self.url, self.twiml, self.time_limit_s = url, twiml, time_limit_s  # of a call made by REST
        self.status = "ringing" if direction == "inbound" else "queued"
        self.created_at = self.changed_at = network.now
        self.started_at: datetime | None = network.now if direction == "inbound" else None
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.sequence = 0
        self.generation = 0  # timers and answers of an earlier one are stale
        self.script: Script | None = None
        self.dialling: Dialling | None = None  # the Dial that this leg is in as the calling side
        self.talks_with: Leg | None = None
        self._documents: tuple[datetime, int] = (network.now, 0)
        network.legs[self.sid] = self

    # --- What may be asked of it --------------------------------------------------------------------------------
    @property
    def ended(self) -> bool:
        return self.ended_at is not None

    @property
    def answered(self) -> bool:
        return self.answered_at is not None

    def seconds(self) -> int:
        """Whole seconds from answer to end (or now); 0 when never answered."""
        if self.answered_at is None:
            return 0
        return int(((self.ended_at or self.network.now) - self.answered_at).total_seconds())

    def queued_ms(self) -> int:
        return int(((self.started_at or self.network.now) - self.created_at).total_seconds() * 1000)

    def after(self, seconds: float, action: Callable[..., None], *args: Any) -> None:
        """Do something later, unless the leg has ended or gone on to something else by then."""
        self.network.after(seconds, self._if_current, self.generation, action, args)

    def _if_current(self, generation: int, action: Callable[..., None], args: tuple[Any, ...]) -> None:
        if generation == self.generation and not self.ended:
            action(*args)

    def child(self, within: Dialling, number: str, *, caller: str, status_url: str, events: Sequence[str]) -> Leg:
        """The leg towards a number of this leg's Dial: a call of its own with this one as parent."""
        return Leg(
            self.network,
            direction="outbound-dial",
            caller=caller,
            called=number,
            phone=self.network.phone(number),
            parent=self,
            within=within,
            status_url=status_url,
            events=events,
        )

    # --- Ringing and answering ----------------------------------------------------------------------------------
    def start(self) -> None:
        """Begin an outgoing leg: told as initiated, then offered to the phone."""
        if self.ended:
            return
        self.started_at = self.network.now
        self._become("initiated", "initiated")
        self.after(self.network.profile.ring_delay_s, self.phone.offered, self)

    def rings(self) -> None:
        self._become("ringing", "ringing")

    def picked_up(self) -> None:
        """The phone answers; the Dial that made the leg, or its own first document, goes on."""
        if self.ended or self.answered:
            return
        self.generation += 1
        self.answer()
        if self.within is not None:
            self.within.picked_up(self)
            return
        if self.time_limit_s:
            self.limit(self.time_limit_s)
        if self.twiml:
            self.show(Answer(200, "text/xml", self.twiml), "")
        else:
            self.request(self.url)

    def answer(self) -> None:
        if not self.answered:
            self.answered_at = self.network.now
            self._become("in-progress", "answered")

    def limit(self, seconds: int) -> None:
        """End the leg `seconds` after now, whatever it is doing."""
        self.network.after(seconds, self.end, "completed")

    # --- Documents ----------------------------------------------------------------------------------------------
    def request(self, url: str, extra: Mapping[str, str] | None = None, kind: str = "document") -> None:
        """Ask for the next document and run it."""
        self.generation += 1
        self.script = None
        url = self.network.absolute(url)
        then = partial(self._if_current_answer, self.generation, url)
        self.network.ask(Webhook(url, {**wire.voice(self), **(extra or {})}, kind, then, self))

    def _if_current_answer(self, generation: int, url: str, answer: Answer) -> None:
        if generation == self.generation and not self.ended:
            self.show(answer, url)

    def show(self, answer: Answer, url: str) -> None:
        """Run a document that came in; a fault goes to the fallback address once, else the call ends (V15)."""
        at, count = self._documents
        self._documents = (self.network.now, count + 1 if at == self.network.now else 1)
        if self._documents[1] > UNBROKEN_DOCUMENTS:
            self.network.fault(21999, f"{self.sid}: documents in a circle at {url}")
            self.end("completed")
            return
        document = self.network.read(answer, url)
        if isinstance(document, int):
            self._fall_back(document, url)
            return
        self.generation += 1
        self.script = Script(self, url, document.verbs)
        self.script.go_on()

    def _fall_back(self, code: int, url: str) -> None:
        fallback = self.fallback_url
        if fallback and not url.startswith(fallback) and self.within is None:
            self.request(fallback, {"ErrorCode": str(code), "ErrorUrl": url})
            return
        if self.status == "ringing" and self.direction == "inbound":
            self.answer()
        self.hear("We're sorry, an application error has occurred. Goodbye.")
        self.end("completed")

    def hear(self, text: str) -> float:
        """Speak a text into the leg; how many seconds that takes."""
        self.phone.hears(self, text)
        return len(text) / self.network.profile.characters_per_second

    def press(self, key: str) -> None:
        if self.script is not None:
            self.script.press(key)

    # --- Ways to go ---------------------------------------------------------------------------------------------
    def redirect(self, url: str) -> None:
        """REST gives the leg another document: a calling side leaves its Dial (V12), a rung party too (V13)."""
        if self.within is not None:
            self.within.child_left(self)
            self.within = None
        if self.dialling is not None:
            self.dialling.left()
        self.request(url)

    def hang_up(self) -> None:
        """The person puts the phone down, or refuses while it rings."""
        if self.answered:
            self.end("completed")
        else:
            self.end("no-answer" if self.direction == "inbound" else "busy")

    def end(self, status: str) -> None:
        """The leg is over. `status` completed, busy, no-answer, failed or canceled; a second time changes nothing."""
        if self.ended:
            return
        self.generation += 1
        self.ended_at = self.network.now
        self.status = status
        self.script = None
        self.network.unbridge(self)
        self.phone.over(self)
        if self.dialling is not None:
            self.dialling.caller_gone()
        self._become(status, "completed")
        if self.within is not None:
            self.within.child_over(self)

    def _become(self, status: str, event: str) -> None:
        """Take a status and tell it, numbered in the order in which things happened, told or not (V10)."""
        self.status, self.changed_at = status, self.network.now
        sequence, self.sequence = self.sequence, self.sequence + 1
        if self.direction == "inbound" and event == "completed":
            sequence = 0  # the only one an inbound leg sends
        if self.status_url and event in self.events:
            params = wire.status(self, status, sequence, self.network.now)
            self.network.ask(Webhook(self.status_url, params, "status", None, self))
