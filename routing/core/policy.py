"""The numbers of ringing: how long, how often, how many stages. One place to change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from routing.core.facts import STAGES


@dataclass(frozen=True, slots=True)
class Policy:
    stages: tuple[str, ...] = STAGES
    ring_seconds: int = 20
    shortest_ring: int = 10  # the vendor cannot ring shorter: 5 s asked + 5 s it adds
    after_pickup: int = 14  # longest whisper (12.4 s) and our answers
    second_round_after: timedelta = timedelta(seconds=20)
    rings_an_hour: int = 6  # lifted for spoed and for the last one left
    before_first_ring: timedelta = timedelta(seconds=0.3)  # key to ring request: our webhook
    between_rings: timedelta = timedelta(seconds=3.2)  # our webhook and 'the next one', until the next phone rings
    wrap_up: timedelta = timedelta(seconds=120)

    @property
    def least_left(self) -> int:
        """Seconds before the cap under which no ring starts."""
        return self.shortest_ring + self.after_pickup
