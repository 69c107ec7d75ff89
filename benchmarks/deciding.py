"""How long a decision takes: whom to ring next, among sixteen people. Needs no database."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta

from routing.core.decide import decide
from routing.core.facts import Facts, Person
from routing.core.policy import Policy

Figure = tuple[str, float, str, str, bool]
AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
ROUNDS, TIMES = 25, 60


def figures() -> list[Figure]:
    people = tuple(
        Person(
            person_id=number,
            name=f"Persoon {number}",
            office_id=number,
            number=f"+316{number:08d}",
            desk_id=number % 4,
            desk=f"Piketpost {number % 4}",
            stage=("own", "own", "neighbour", "country")[number % 4],
            neighbour_rank=number % 4 == 2,
            distance=number % 2,
            area_count=1,
            region_count=1,
            position=number // 4 + 1,
            duty_id=number,
            duty_ends_at=AT + timedelta(hours=4),
        )
        for number in range(16)
    )
    facts, policy = Facts("vandaag", people, cap_at=AT + timedelta(seconds=90)), Policy()
    best = math.inf
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(TIMES):
            decide(facts, policy, AT)
        best = min(best, (time.process_time() - start) / TIMES)
    spent = best * 1_000_000
    return [("decide, 16 people", round(spent, 1), "µs CPU", "<= 100", spent <= 100)]
