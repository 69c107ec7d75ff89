"""The border of a transaction: nothing that leaves this building may wait for, or be rolled back with, the database."""

from __future__ import annotations

from django.db import connection


def refuse_in_transaction() -> None:
    """Raise RuntimeError inside an atomic block. The block that a test runs in does not count.

    The same rule as Django's `atomic(durable=True)`, without opening a transaction to find out.
    """
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("no vendor request inside a transaction: write an outbox row")
