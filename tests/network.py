"""Phones for story tests: people dial, hear, press and hang up; time moves only when a test says so.

    network = Network(client, tick=run_sweep)
    worker, lawyer = network.person("+31600000001", "worker"), network.person("+31600000101", "lawyer")
    worker.dials("+31850000000")
    worker.hears("Toets 1 voor huur")
    worker.presses("1")
    lawyer.is_ringing()
    lawyer.picks_up()
    lawyer.presses("1")
    network.talking(worker, lawyer)
    network.forward(60)
    worker.hangs_up()

Must run inside `clock.at(...)`: the engine moves that clock from event to event. `network.http` is the product's REST
client in a test (`with rest.use_http_client(network.http): ...`) and goes to the same engine. What the vendor would
complain about stands in `network.faults`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.test import Client

from integrations import clock
from integrations.lab.local import LocalHttpClient, post_with
from integrations.lab.messages import Message
from integrations.lab.network import Bridge
from integrations.lab.network import Network as Engine
from integrations.lab.phones import NotPossible, Phone
from integrations.lab.rest import Rest
from integrations.lab.webhooks import Doors, Fault, Post, Profile, at_once

SHOWN_LINES = 60
A_SECOND = timedelta(seconds=1)


class Network:
    """The vendor and all phones around one product. `tick` is the product's sweep, run after each event and second."""

    def __init__(
        self,
        client: Client | Post,
        *,
        tick: Callable[[], object] | None = None,
        chaos: float = 0.0,
        seed: int = 0,
        profile: Profile | None = None,
        fallback: str = "",
    ) -> None:
        if not clock.is_fixed():
            raise RuntimeError("a network in a test needs a clock that stands still: use clock.at(...)")
        voice = f"{settings.PUBLIC_URL}/twilio/voice"
        self.engine = Engine(
            at_once(post_with(client) if isinstance(client, Client) else client),
            account=settings.TWILIO_ACCOUNT_SID,
            tokens=settings.TWILIO_AUTH_TOKEN,
            doors=Doors(voice, status=voice, sms=f"{settings.PUBLIC_URL}/twilio/sms", fallback=fallback),
            at=clock.now(),
            profile=profile,
            chaos=chaos,
            seed=seed,
            moved=clock.move_to,
        )
        self.http = LocalHttpClient(Rest(self.engine))
        self.tick = tick or (lambda: None)
        self._people: dict[str, Person] = {}
        self._began = clock.now()
        self._next_tick = self._began + A_SECOND

    # --- Time -----------------------------------------------------------------------------------------------------
    def forward(self, seconds: float) -> None:
        """Let time pass: every event and every second in it is followed by a tick."""
        self._catch_up()
        end = self.engine.now + timedelta(seconds=seconds)
        while self.engine.now < end or self._is_something_due():
            self._step(end)

    def settle(self) -> None:
        """Everything that happens without time passing."""
        self._catch_up()
        self.tick()
        while self._is_something_due():
            self._step(self.engine.now)

    def until(self, holds: Callable[[], bool], within: float) -> bool:
        """Let time pass until something holds, at most `within` seconds; whether it does."""
        self.settle()
        end = self.engine.now + timedelta(seconds=within)
        while not holds():
            if self.engine.now >= end and not self._is_something_due():
                return False
            self._step(end)
        return True

    def _is_something_due(self) -> bool:
        soonest = self.engine.next_at()
        return soonest is not None and soonest <= self.engine.now

    def _step(self, end: datetime) -> None:
        """On to the next event or tick, but not past `end`."""
        moment = min(end, self._next_tick)
        soonest = self.engine.next_at()
        if soonest is not None:
            moment = min(moment, soonest)
        self.engine.advance(max(moment, self.engine.now))
        if self.engine.now >= self._next_tick:
            self._next_tick = self.engine.now + A_SECOND
        self.tick()

    def _catch_up(self) -> None:
        """A test may have moved the clock itself."""
        if clock.now() > self.engine.now:
            self.engine.advance(clock.now())

    # --- Who and what -----------------------------------------------------------------------------------------------
    def person(self, number: str, name: str = "") -> Person:
        """Somebody with a telephone; one object per number."""
        if number not in self._people:
            self._people[number] = Person(self, self.engine.phone(number, name))
        return self._people[number]

    def misbehaves(self, kind: str, where: str = "", *, times: int = 1, seconds: float = 0.0) -> None:
        """Let something go wrong at the next fitting moment; the kinds stand in integrations/lab/misbehaviour.py."""
        self.engine.misbehaviour.wish(kind, where, times=times, seconds=seconds)

    def talking(self, one: Person, other: Person, within: float = 5) -> bool:
        """Assert that the two are in conversation with each other (or will be, `within` seconds)."""

        def in_conversation() -> bool:
            leg = one.phone.leg
            return leg is not None and leg.talks_with is not None and leg.talks_with.phone is other.phone

        return self.expect(self.until(in_conversation, within), f"{one} and {other} are not talking")

    def nobody_talks(self) -> bool:
        self.settle()
        return self.expect(all(bridge.until for bridge in self.bridges), "somebody is talking")

    @property
    def bridges(self) -> list[Bridge]:
        """Every conversation there was, in order."""
        return self.engine.bridges

    @property
    def faults(self) -> list[Fault]:
        """What the vendor would complain about; empty on a good day."""
        return self.engine.faults

    def webhooks(self, part: str = "") -> list[str]:
        """Every request to the product so far, address and parameters, whose text has `part`."""
        return [line.text for line in self.engine.log if line.kind == "asks" and part in line.text]

    def expect(self, holds: bool, what: str) -> bool:
        """Assert, with the transcript of everything that happened in the message."""
        if not holds:
            raise AssertionError(f"{what}\n{self.transcript()}")
        return True

    def transcript(self) -> str:
        shown = list(self.engine.log)[-SHOWN_LINES:]
        lines = [
            f"{(line.at - self._began).total_seconds():8.1f} s  {line.who} {line.kind}: {line.text}" for line in shown
        ]
        return "\n".join(["What happened:", *lines, *(f"FAULT {fault.code} {fault.text}" for fault in self.faults)])


class Person:
    """Somebody with a phone. What is asked of a person in a test is asserted; the message shows the transcript."""

    def __init__(self, network: Network, phone: Phone) -> None:
        self.network, self.phone = network, phone
        self._heard_to = 0

    def __str__(self) -> str:
        return str(self.phone)

    @property
    def number(self) -> str:
        return self.phone.number

    # --- Doing ------------------------------------------------------------------------------------------------------
    def dials(self, number: str, *, withheld: bool = False) -> None:
        self._do(lambda: self.phone.dial(number, withheld=withheld))

    def picks_up(self) -> None:
        self._do(self.phone.pick_up)

    def refuses(self) -> None:
        self._do(self.phone.refuse)

    def presses(self, keys: str) -> None:
        self._do(lambda: self.phone.press(keys))

    def hangs_up(self) -> None:
        self._do(self.phone.hang_up)

    def sends_sms(self, number: str, text: str) -> None:
        self._do(lambda: self.phone.send_sms(number, text))

    def behaves(self, behaviour: str, after: float | None = None) -> None:
        """person, silent, voicemail, off, busy, refuses, bad or eager; `after` seconds of ringing."""
        self.phone.behave(behaviour, after)

    def _do(self, act: Callable[[], object]) -> None:
        self.network.settle()
        try:
            act()
        except NotPossible as error:
            self.network.expect(False, str(error))
        self.network.settle()

    # --- Noticing ---------------------------------------------------------------------------------------------------
    @property
    def heard(self) -> str:
        """Everything ever heard on this phone, as one text."""
        return " ".join(line.text for line in self.phone.lines if line.kind == "heard")

    def hears(self, text: str, within: float = 20) -> bool:
        """Assert that `text` is heard after what `hears` found before; lets at most `within` seconds pass."""
        self.network.until(lambda: self._find(text) >= 0, within)
        place = self._find(text)
        self.network.expect(place >= 0, f"{self} did not hear {text!r} but {self.heard[self._heard_to :]!r}")
        self._heard_to = place + len(text)
        return True

    def hears_nothing_more(self) -> bool:
        """Assert that nothing was heard since the last `hears`; lets no time pass."""
        self.network.settle()
        rest = self.heard[self._heard_to :].strip(" .")
        return self.network.expect(not rest, f"{self} heard more: {rest!r}")

    def _find(self, text: str) -> int:
        return self.heard.lower().find(text.lower(), self._heard_to)

    @property
    def rings(self) -> bool:
        """Whether the phone rings at this moment."""
        return self.phone.ringing is not None

    def is_ringing(self, within: float = 5) -> bool:
        """Assert that the phone rings, or will within `within` seconds."""
        return self.network.expect(self.network.until(lambda: self.rings, within), f"{self} is not ringing")

    def is_not_ringing(self) -> bool:
        self.network.settle()
        return self.network.expect(not self.rings, f"{self} is ringing")

    def is_idle(self, within: float = 0) -> bool:
        """Assert that the phone is in no call and not ringing."""
        idle = self.network.until(lambda: self.phone.state == "idle", within)
        return self.network.expect(idle, f"{self} is {self.phone.state}")

    @property
    def inbox(self) -> list[Message]:
        return self.phone.inbox

    @property
    def texts(self) -> list[str]:
        """The SMS received, oldest first."""
        return [message.text for message in self.phone.inbox]

    def gets_sms(self, part: str, within: float = 5) -> str:
        """Assert that an SMS with `part` came (or comes within `within` seconds), and give its whole text."""
        self.network.until(lambda: any(part in text for text in self.texts), within)
        found = [text for text in self.texts if part in text]
        self.network.expect(bool(found), f"{self} got no SMS with {part!r} but {self.texts}")
        return found[-1]
