"""Writes of routing: the decision, with everything it was made from."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, transaction

from routing.core.decide import Outcome
from routing.core.facts import Facts
from routing.core.policy import Policy
from routing.core.replay import facts_to_json, outcome_to_json, policy_to_json

# Constant text: this runs inside the dearest webhook, and building the same through the ORM costs most of the time.
INSERT = "INSERT INTO routing_decision (about, at, facts, outcome) VALUES (%s, %s, %s, %s)"


def record(*, about: str, at: datetime, facts: Facts, outcome: Outcome, policy: Policy | None = None) -> int:
    """Store one decision inside the caller's transaction and return its id. `about` is such as `call:12`.

    `routing.core.replay.replay(decision.facts, decision.at)` makes it again.
    """
    made_from = {"facts": facts_to_json(facts), "policy": policy_to_json(policy or Policy())}
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        values = [
            about,
            connection.ops.adapt_datetimefield_value(at),
            json.dumps(made_from),
            json.dumps(outcome_to_json(outcome)),
        ]
        if connection.vendor == "sqlite":
            cursor.execute(INSERT, values)
            return int(cursor.lastrowid)
        cursor.execute(INSERT + " RETURNING id", values)
        return int(cursor.fetchone()[0])
