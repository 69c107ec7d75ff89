"""How simulated people use their phones: they hesitate, press wrong keys, are in court, and hang up when they like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from integrations.lab.calls import Leg
from integrations.lab.network import Network
from integrations.lab.phones import NotPossible, Phone, Watcher

PICKS_UP = 0.7
TAKES_IT = 0.85
TALK_SECONDS = 300.0
LONGEST_TALK = 3000.0
PATIENCE = 0.9  # of the callers; the others hang up somewhere in the ringing

# What a caller presses after hearing a text: (part of the Dutch text, keys with their weights; '' is no key).
ANSWERS: tuple[tuple[str, dict[str, float]], ...] = (
    ("Ben je geholpen", {"1": 6, "2": 2, "3": 1, "": 2}),
    ("Er is nu niemand vrij", {"1": 5, "2": 2, "3": 1, "": 2}),
    ("De advocaat belt je", {"1": 4, "2": 3, "": 2}),
    ("Heb je de advocaat gesproken", {"1": 5, "2": 3, "": 1}),
    ("Zullen we je dan bellen", {"1": 4, "": 1}),
    ("De advocaat is aan de lijn", {"1": 9, "": 1}),
    ("Welke regio", {"1": 8, "9": 1, "": 1}),
    ("Kies een gebied", {"1": 5, "2": 3, "3": 3, "5": 2, "9": 1, "0": 0.5, "": 0.5}),
    ("voor professionals", {"1": 1, "": 1}),
    ("code", {"12345678": 8, "": 1}),
    ("Toets 1 voor", {"1": 9, "2": 1, "*": 0.5, "": 0.5}),
)
LAWYER_ANSWERS = {"1": TAKES_IT, "2": 0.04, "3": 0.01, "4": 0.02, "5": 0.02, "0": 0.02, "8": 0.02, "": 0.02}
AFTER_TALK = {"1": 6.0, "2": 2.0, "3": 1.0, "9": 1.0, "": 2.0}


@dataclass(frozen=True, slots=True)
class Manners:
    """Everything by chance, from one seeded source."""

    network: Network
    random: Random

    def caller(self, phone: Phone) -> None:
        """Give a phone the manners of a first-line worker."""
        phone.watcher = Watcher(
            rings=lambda phone, leg: self._answers(phone, leg, 0.9),
            asked=lambda phone, leg: self._thinks(phone, leg, lambda: self._caller_key(phone)),
            talks=self._talks,
        )

    def lawyer(self, phone: Phone) -> None:
        phone.watcher = Watcher(
            rings=lambda phone, leg: self._answers(phone, leg, PICKS_UP),
            asked=lambda phone, leg: self._thinks(phone, leg, lambda: self._lawyer_key(phone)),
        )

    def loses_patience(self, leg: Leg) -> None:
        """A caller who will not wait to the end."""
        if self.random.random() > PATIENCE:
            self.network.after(self.random.uniform(4, 80), self._leaves_if_alone, leg)

    def _answers(self, phone: Phone, leg: Leg, chance: float) -> None:
        if self.random.random() < chance:
            leg.after(self.random.uniform(2, 14), self._picks_up, phone, leg)

    @staticmethod
    def _picks_up(phone: Phone, leg: Leg) -> None:
        if phone.ringing is leg:
            phone.pick_up()

    def _thinks(self, phone: Phone, leg: Leg, choose: Callable[[], str]) -> None:
        # Read the question half-way: a key may fall into the speech or after it.
        self.network.after(self.random.uniform(1.0, 4.0), self._presses, phone, leg, choose)

    @staticmethod
    def _presses(phone: Phone, leg: Leg, choose: Callable[[], str]) -> None:
        if leg.ended or phone.leg is not leg or leg.talks_with is not None:
            return
        keys = choose()
        if keys:
            try:
                phone.press(keys)
            except NotPossible:
                return

    def _caller_key(self, phone: Phone) -> str:
        heard = self._last_heard(phone)
        for part, keys in ANSWERS:
            if part in heard:
                return self._choose(keys)
        return ""

    def _lawyer_key(self, phone: Phone) -> str:
        return self._choose(AFTER_TALK if "Het gesprek is klaar" in self._last_heard(phone) else LAWYER_ANSWERS)

    @staticmethod
    def _last_heard(phone: Phone) -> str:
        recent = list(phone.lines)[-6:]
        cut = max((n for n, line in enumerate(recent) if line.kind == "key"), default=-1)
        return " ".join(line.text for line in recent[cut + 1 :] if line.kind == "heard")

    def _choose(self, keys: dict[str, float]) -> str:
        return self.random.choices(list(keys), list(keys.values()))[0]

    def _talks(self, phone: Phone, leg: Leg) -> None:
        length = min(self.random.expovariate(1 / TALK_SECONDS), LONGEST_TALK)
        leaver = leg if self.random.random() < 0.5 else leg.talks_with
        if leaver is not None:
            self.network.after(length, self._hangs_up, leaver)

    @staticmethod
    def _hangs_up(leg: Leg) -> None:
        if not leg.ended:
            leg.hang_up()

    @staticmethod
    def _leaves_if_alone(leg: Leg) -> None:
        if not leg.ended and leg.talks_with is None:
            leg.hang_up()
