"""How many SQL statements each webhook costs. Counts have no noise, so they are the gate for speed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.twilio import rest
from tests import builders
from tests.network import Network
from tests.stories.conftest import LINE

DEAREST, MEAN = 9, 5
pytestmark = pytest.mark.django_db(transaction=True)


class Counting(Client):
    """Counts the statements of each webhook, without BEGIN and COMMIT."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: list[tuple[str, int]] = []
        self.savepoints: list[str] = []

    def post(self, path: str, *args: Any, **fields: Any) -> Any:  # type: ignore[override]
        with CaptureQueriesContext(connection) as captured:
            response = super().post(path, *args, **fields)
        texts = [query["sql"] for query in captured.captured_queries]
        self.savepoints += [text for text in texts if "SAVEPOINT" in text]
        counted = [text for text in texts if not text.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
        self.counts.append((path.rpartition("/")[2], len(counted)))
        return response


@contextmanager
def a_town() -> Iterator[tuple[Network, Counting, Any]]:
    client = Counting()
    network = Network(client)
    line = builders.an_all_hours_line("Piketlijn", number=LINE)
    desk = builders.a_desk(line, "Walcheren huur")
    people = {"worker": builders.a_worker("Wim Werker", region="walcheren")}
    for position, name in enumerate(("bos", "chen"), start=1):
        people[name] = builders.a_lawyer(name.capitalize())
        builders.a_duty(desk, people[name], position)
    phones = {name: network.person(one.numbers.get(is_primary=True).e164, name) for name, one in people.items()}
    with rest.use_http_client(network.http):
        Client().get("/healthz")  # the set-up is remembered from the first request on
        warm(phones["worker"], network)
        client.counts.clear()
        yield network, client, phones


def warm(worker: Any, network: Network) -> None:
    worker.dials(LINE)
    worker.hangs_up()
    network.settle()


def test_an_answered_call_costs_five_statements_a_webhook(at_ten_thirty: Any) -> None:
    with a_town() as (network, client, phones):
        worker, bos = phones["worker"], phones["bos"]
        worker.dials(LINE)
        worker.presses("1")
        bos.picks_up()
        bos.presses("1")
        network.talking(worker, bos)
        network.forward(30)
        bos.hangs_up()
        worker.presses("1")
        network.forward(5)
    counts = [count for _, count in client.counts]
    assert client.savepoints == []
    assert max(counts) <= DEAREST, client.counts
    assert sum(counts) / len(counts) <= MEAN, client.counts


def test_ringing_the_next_costs_nine(at_ten_thirty: Any) -> None:
    with a_town() as (network, client, phones):
        worker, bos, chen = phones["worker"], phones["bos"], phones["chen"]
        bos.behaves("silent")
        network.misbehaves("drop", "/status", times=9)  # so that the Dial has to end the leg itself
        worker.dials(LINE)
        worker.presses("1")
        chen.is_ringing(within=40)
    assert client.savepoints == []
    assert max(count for _, count in client.counts) <= DEAREST, client.counts
