"""Everything that goes wrong in life: on demand (a wish, for the next fitting moment) or by chance (0..1, seeded)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

# kind -> chance at chaos 1. Which ones are asked for at which moment stands in MOMENTS.
CHANCES: Mapping[str, float] = {
    "duplicate": 0.20,  # a webhook is sent twice; the first answer counts
    "retry": 0.10,  # the answer gets lost, the vendor asks again: the second answer counts
    "delay": 0.35,  # a callback comes later than the ones after it
    "drop": 0.08,  # a request is never sent; for the Dial action: 'dialled' is lost
    "time_out": 0.0,  # delivered, but no answer within the vendor's limit
    "fail": 0.0,  # not delivered: no connection
    "refuse": 0.04,  # REST 400, nothing done
    "error": 0.06,  # REST 500, nothing done
    "too_many": 0.04,  # REST 429, nothing done
    "lost": 0.06,  # REST done, the answer gets lost
    "swallowed": 0.03,  # REST not done, and no answer either
    "unreachable": 0.03,  # no connection: surely not done
    "voicemail": 0.10,  # whoever is rung has voicemail
    "off": 0.06,
    "busy": 0.06,
    "bad": 0.03,
    "silent": 0.08,  # nobody hears the phone
    "hang_up_in_whisper": 0.08,  # picked up, then put down without a key
    "caller_gone": 0.06,  # the caller hangs up in the accept window
    "orphan": 0.04,  # the caller is gone but the rung party's leg lives on for a while
    "no_bridged": 0.05,  # DialBridged is not told
    "lie": 0.20,  # after a whisper that ended in Hangup the status is 'answered' in place of 'completed'
}
MOMENTS: Mapping[str, tuple[str, ...]] = {
    "status": ("drop", "duplicate", "delay", "time_out", "fail"),
    "dialled": ("drop", "duplicate", "retry", "delay", "time_out", "fail"),
    "document": ("duplicate", "retry", "drop", "delay", "time_out", "fail"),
    "sms": ("duplicate", "retry", "drop", "delay", "time_out", "fail"),
    "rest": ("refuse", "error", "too_many", "lost", "swallowed", "unreachable"),
    "ring": ("voicemail", "off", "busy", "bad", "silent"),
    "whisper": ("hang_up_in_whisper",),
    "accept": ("caller_gone",),
    "caller left": ("orphan",),
    "dial over": ("no_bridged",),
    "screened": ("lie",),
}
# By chance a document is not lost or late: the vendor would end the call, and nothing could be learned from it.
RARER: Mapping[tuple[str, str], float] = {
    ("document", "drop"): 0.0,
    ("document", "delay"): 0.0,
    ("sms", "delay"): 0.0,
    ("sms", "drop"): 0.0,
    ("dialled", "delay"): 0.02,
}
DELAY_S = (0.5, 12.0)


@dataclass
class Wish:
    """`where` is a part of the address, of the number rung or of the REST path; empty fits everything."""

    kind: str
    where: str = ""
    times: int = 1
    seconds: float = 0.0


class Misbehaviour:
    """Draws what goes wrong at a moment. `happened` counts what was drawn."""

    def __init__(self, chaos: float = 0.0, seed: int = 0) -> None:
        self.chaos = chaos
        self.random = Random(seed)  # noqa: S311 - chance that can be repeated is the purpose
        self.wishes: list[Wish] = []
        self.happened: Counter[str] = Counter()

    def wish(self, kind: str, where: str = "", *, times: int = 1, seconds: float = 0.0) -> None:
        """Let `kind` happen the next `times` times it can. Raises ValueError for an unknown kind."""
        if kind not in CHANCES:
            raise ValueError(f"unknown misbehaviour {kind!r}: one of {', '.join(CHANCES)}")
        self.wishes.append(Wish(kind, where, times, seconds))

    def draw(self, moment: str, where: str) -> Wish | None:
        """What goes wrong at this moment, or None. `where` is what wishes are matched with."""
        kinds = MOMENTS[moment]
        for wish in self.wishes:
            if wish.kind in kinds and wish.where in where:
                wish.times -= 1
                if wish.times <= 0:
                    self.wishes.remove(wish)
                self.happened[wish.kind] += 1
                return Wish(wish.kind, wish.where, 1, wish.seconds or self._delay(wish.kind))
        if not self.chaos:
            return None
        chance = self.random.random() / self.chaos
        for kind in kinds:
            chance -= RARER.get((moment, kind), CHANCES[kind])
            if chance < 0:
                self.happened[kind] += 1
                return Wish(kind, "", 1, self._delay(kind))
        return None

    def _delay(self, kind: str) -> float:
        return self.random.uniform(*DELAY_S) if kind in {"delay", "orphan", "caller_gone"} else 0.0
