"""Several processes at one moment: every row is done by one of them. Real threads on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from integrations import clock, due, lease, links, outbox, sweep
from integrations.models import Due, Link, OutboxMessage
from tests.concurrency import at_once, shared_by_threads
from tests.integrations.vendor import vendor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_ten_thirty", "shared_database")]


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with shared_by_threads(tmp_path):
        yield


def test_of_three_senders_one_gets_each_message() -> None:
    outbox.enqueue(*[outbox.sms("+31600000002", f"tekst {number}", key=f"k{number}") for number in range(9)])
    with vendor() as phone:
        sent = at_once(*[outbox.deliver_due] * 3)
    assert sum(sent) == 9, sent
    assert sorted(phone.texts()) == [f"tekst {number}" for number in range(9)]
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_of_three_processes_one_does_each_work() -> None:
    done: list[str] = []
    for number in range(9):
        due.file_due("note", f"note:{number}", clock.now())
    tried = at_once(*[lambda: due.run_due({"note": done.append})] * 3)
    assert sum(tried) == 9, tried
    assert sorted(done) == [f"note:{number}" for number in range(9)]
    assert Due.objects.filter(done_at=None).count() == 0


def test_of_three_processes_one_gets_the_lease() -> None:
    def take() -> bool:
        with lease.held("once", seconds=60, rest=timedelta(minutes=1)) as mine:
            return mine

    assert sorted(at_once(take, take, take)) == [False, False, True]


def test_of_three_taps_on_a_link_one_counts() -> None:
    token = links.mint(links.LinkFor(7, "accept", "offer:1", "c"), clock.now()).rpartition("/")[2]
    used = at_once(*[lambda: links.use(token, "203.0.113.7")] * 3)
    assert sum(isinstance(link, links.Link) for link in used) == 1, used
    assert Link.objects.get().used_at == clock.now()


def test_the_same_message_written_twice_at_one_moment_is_one() -> None:
    def write() -> None:
        outbox.enqueue(outbox.sms("+31600000002", "tekst", key="k"))

    assert at_once(write, write, write) == [None, None, None]
    assert OutboxMessage.objects.count() == 1


def test_the_same_work_filed_twice_at_one_moment_is_one() -> None:
    at = clock.now()
    assert at_once(*[lambda: due.file_due("note", "note:1", at)] * 3) == [None, None, None]
    assert Due.objects.count() == 1


def test_while_one_process_looks_another_does_not() -> None:
    looked: list[str] = []
    looking, done = threading.Event(), threading.Event()

    def watch() -> int:
        looked.append("looked")
        looking.set()
        done.wait(5)
        return 1

    def second() -> int:
        looking.wait(5)
        try:
            return sweep.tick({}, [sweep.Watch(watch)])
        finally:
            done.set()

    assert at_once(lambda: sweep.tick({}, [sweep.Watch(watch)]), second) == [1, 0]
    assert looked == ["looked"]


def test_three_sweeps_at_one_moment_send_once() -> None:
    outbox.enqueue(outbox.sms("+31600000002", "tekst", key="k"))
    with vendor() as phone:
        assert sum(at_once(*[lambda: sweep.tick({}, [])] * 3)) == 1
    assert phone.texts() == ["tekst"]
