"""Work for a later moment: filed once by key, done when due, tried again, given up with an alarm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations import clock, due, housekeeping, lease, sweep
from integrations.due import file_due, run_due, settle
from integrations.models import Due, Lease
from integrations.outbox import enqueue, sms
from tests.integrations.vendor import vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
MINUTE = timedelta(minutes=1)


class Work:
    """A service that notes what it was asked, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.done: list[str] = []
        self.failures = failures

    def __call__(self, key: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError(key)
        self.done.append(key)


def test_does_what_is_due_once_and_nothing_before_its_time() -> None:
    work = Work()
    file_due("remind", "remind:1", clock.now())
    file_due("remind", "remind:2", clock.now() + MINUTE)
    assert (run_due({"remind": work}), run_due({"remind": work})) == (1, 0)
    assert work.done == ["remind:1"]
    clock.forward(MINUTE)
    run_due({"remind": work})
    assert work.done == ["remind:1", "remind:2"]


def test_the_oldest_comes_first_and_a_round_has_an_end() -> None:
    work = Work()
    for number in (3, 1, 2):
        file_due("remind", f"remind:{number}", clock.now() - number * MINUTE)
    assert run_due({"remind": work}, limit=2) == 2
    assert work.done == ["remind:3", "remind:2"]


def test_filing_a_key_again_moves_it_and_wakes_what_was_done() -> None:
    work = Work()
    file_due("remind", "remind:1", clock.now())
    run_due({"remind": work})
    file_due("remind", "remind:1", clock.now() + MINUTE)
    assert run_due({"remind": work}) == 0
    clock.forward(MINUTE)
    assert run_due({"remind": work}) == 1
    assert work.done == ["remind:1", "remind:1"]
    assert Due.objects.count() == 1


def test_what_is_settled_is_not_done() -> None:
    work = Work()
    file_due("remind", "remind:1", clock.now())
    settle("remind:1")
    settle("unknown")
    assert run_due({"remind": work}) == 0
    assert work.done == []


def test_a_service_may_file_its_own_next_time() -> None:
    def again(key: str) -> None:
        file_due("again", key, clock.now() + MINUTE)

    file_due("again", "again:1", clock.now())
    for _ in range(3):
        assert run_due({"again": again}) == 1
        assert run_due({"again": again}) == 0
        clock.forward(MINUTE)


def test_filing_costs_one_statement_and_an_idle_round_one_read() -> None:
    with CaptureQueriesContext(connection) as queries:
        file_due("remind", "remind:1", clock.now() + MINUTE)
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        run_due({})
    assert len(queries) == 1
    assert queries[0]["sql"].startswith("SELECT")


def test_a_service_that_fails_is_asked_again_and_the_others_go_on() -> None:
    work, broken = Work(), Work(failures=1)
    file_due("broken", "broken:1", clock.now() - MINUTE)
    file_due("remind", "remind:1", clock.now())
    assert run_due({"remind": work, "broken": broken}) == 2
    assert (work.done, broken.done) == (["remind:1"], [])
    assert Due.objects.get(kind="broken").error == "ValueError"
    assert run_due({"broken": broken}) == 0
    clock.forward(timedelta(seconds=5))
    run_due({"broken": broken})
    assert broken.done == ["broken:1"]
    assert Due.objects.get(kind="broken").error == ""


@pytest.mark.parametrize("kind", ["remind", "work_failed", "delivery_failed"])
def test_gives_up_after_eight_times_and_raises_the_alarm_once(kind: str) -> None:
    broken = Work(failures=99)
    file_due(kind, f"{kind}:1", clock.now())
    services = {kind: broken}
    for _ in range(12):
        run_due(services)
        clock.forward(timedelta(hours=1))
    row = Due.objects.get(key=f"{kind}:1")
    assert (row.attempts, row.error, row.done_at is None) == (8, "ValueError", False)
    alarms = list(Due.objects.filter(done_at=None).values_list("key", flat=True))
    assert alarms == ([f"work_failed:{row.pk}"] if kind == "remind" else [])
    if alarms:
        assert due.failed_work(alarms[0]) == due.FailedWork(kind, "remind:1", 8, "ValueError")


def test_work_nobody_knows_is_kept_for_a_version_that_does() -> None:
    work = Work()
    file_due("new_kind", "new_kind:1", clock.now())
    run_due({})
    clock.forward(MINUTE)
    run_due({"new_kind": work})
    assert work.done == ["new_kind:1"]


def test_work_of_a_process_that_died_is_taken_over_after_half_a_minute() -> None:
    work = Work()
    file_due("remind", "remind:1", clock.now())
    Due.objects.update(lease_until=clock.now() + due.LEASE, attempts=1)
    assert run_due({"remind": work}) == 0
    clock.forward(due.LEASE)
    assert run_due({"remind": work}) == 1


# --- The sweep ----------------------------------------------------------------------------------------------------
def test_a_round_watches_does_and_sends() -> None:
    def telling(key: str) -> None:
        enqueue(sms("+31600000002", "tekst", key=key))

    file_due("tell", "tell:1", clock.now())
    with vendor() as phone:
        assert sweep.tick({"tell": telling}, [sweep.Watch(lambda: 3), sweep.Watch(lambda: 0)]) == 5
        assert sweep.tick({"tell": telling}, [sweep.Watch(lambda: 0)]) == 0
    assert phone.texts() == ["tekst"]
    assert sweep.last_tick() == clock.now()


def test_a_watch_that_breaks_does_not_stop_the_round() -> None:
    def broken() -> int:
        raise ValueError

    work = Work()
    file_due("remind", "remind:1", clock.now())
    assert sweep.tick({"remind": work}, [sweep.Watch(broken), sweep.Watch(lambda: 1)]) == 2
    assert work.done == ["remind:1"]


def test_while_another_process_looks_we_only_send() -> None:
    work = Work()
    file_due("remind", "remind:1", clock.now())
    enqueue(sms("+31600000002", "tekst", key="k"))
    Lease.objects.create(name="sweep", holder="other", until=clock.now() + timedelta(seconds=5))
    with vendor() as phone:
        assert sweep.tick({"remind": work}, [sweep.Watch(lambda: 1)]) == 1
        assert (phone.texts(), work.done) == (["tekst"], [])
        clock.forward(timedelta(seconds=5))
        assert sweep.tick({"remind": work}, [sweep.Watch(lambda: 1)]) == 2


def test_a_lease_is_given_back_also_after_a_failure_and_may_rest() -> None:
    for _ in range(2):
        with pytest.raises(ValueError), lease.held("a", seconds=60) as mine:  # noqa: PT012 - the failure is the point
            assert mine
            raise ValueError
    with lease.held("a", seconds=60) as mine, lease.held("a", seconds=60) as second:
        assert (mine, second) == (True, False)
    with lease.held("b", seconds=60, rest=MINUTE) as mine:
        assert mine
    with lease.held("b", seconds=60, rest=MINUTE) as mine:
        assert not mine
    clock.forward(MINUTE)
    with lease.held("b", seconds=60, rest=MINUTE) as mine:
        assert mine


def test_done_work_is_forgotten_after_a_month() -> None:
    file_due("remind", "remind:1", clock.now())
    file_due("remind", "remind:2", clock.now() + timedelta(days=90))
    run_due({"remind": Work()})
    clock.forward(timedelta(days=31))
    housekeeping.tidy()
    assert list(Due.objects.values_list("key", flat=True)) == ["remind:2"]
