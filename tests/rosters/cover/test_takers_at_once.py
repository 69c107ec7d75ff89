"""Many take one duty at one moment: one gets it, all others are told who, and no two duties ever overlap."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from integrations import clock
from rosters.errors import CoverRefused, RosterError
from rosters.models import CoverRequest, Duty
from rosters.services import covering, sick, swapping, taking
from tests import builders
from tests.concurrency import at_once, shared_by_threads
from tests.conftest import A_WEDNESDAY

pytestmark = pytest.mark.django_db(transaction=True)

OVERLAPS = """
SELECT COUNT(*) FROM rosters_duty a JOIN rosters_duty b ON a.id < b.id AND a.starts_at < b.ends_at
  AND b.starts_at < a.ends_at AND (a.person_id = b.person_id OR (a.desk_id = b.desk_id AND a.position = b.position))
WHERE a.cancelled_at IS NULL AND b.cancelled_at IS NULL
"""


@pytest.fixture(autouse=True)
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with shared_by_threads(tmp_path), clock.at(A_WEDNESDAY):
        yield


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])


class Watching(threading.Thread):
    """Looks into the table again and again while the others write."""

    def __init__(self) -> None:
        super().__init__()
        self.done, self.seen, self.looks = threading.Event(), 0, 0

    def run(self) -> None:
        try:
            while not self.done.wait(0.01):
                self.seen += overlaps()
                self.looks += 1
        finally:
            connections.close_all()


def a_request(takers: int, kind: str = "give") -> tuple[CoverRequest, list[Any]]:
    desk, ada = builders.a_desk(builders.an_all_hours_line()), builders.a_lawyer("Ada Advocaat")
    people = [builders.a_lawyer(f"Taker {number}") for number in range(takers)]
    duty = builders.a_duty(desk, ada, starts=48)
    return covering.open_request(duty_id=duty.pk, kind=kind, by=ada.pk, ask=()), people


def taking_by(request: CoverRequest, person: Any) -> Callable[[], Duty]:
    return lambda: taking.take(request_id=request.pk, person_id=person.pk, by=person.pk)


def everybody_takes(takers: int) -> list[Duty]:
    """The duties that were made, after checking what everybody else was told."""
    request, people = a_request(takers)
    watching = Watching()
    if connection.vendor == "postgresql":
        watching.start()
    ends = at_once(*(taking_by(request, person) for person in people))
    watching.done.set()
    if connection.vendor == "postgresql":
        watching.join(10)
        assert watching.looks > 0
    won = [end for end in ends if isinstance(end, Duty)]
    refused = {(end.code, end.message) for end in ends if isinstance(end, RosterError)}
    assert len(won) + sum(isinstance(end, CoverRefused) for end in ends) == takers
    name = won[0].person.name.split() if won else ["", ""]
    assert refused == {("taken", f"Je hoeft niets te doen: al overgenomen door {name[0]} {name[1][0]}.")}
    assert Duty.objects.filter(cancelled_at__isnull=True).count() == 1
    assert (watching.seen, overlaps()) == (0, 0)
    return won


def test_twenty_take_one_duty_at_once_and_one_wins() -> None:
    assert len(everybody_takes(20)) == 1


@pytest.mark.slow
def test_two_hundred_take_one_duty_at_once_and_one_wins() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two hundred writers are for PostgreSQL: SQLite has one")
    assert len(everybody_takes(200)) == 1


@pytest.mark.parametrize("turn", range(3))
def test_one_person_takes_two_duties_of_one_time_and_gets_one(turn: int) -> None:
    first, people = a_request(1)
    second, _none = a_request(0)
    pair = [first, second] if turn % 2 else [second, first]

    ends = at_once(*(taking_by(request, people[0]) for request in pair))

    assert sum(isinstance(end, Duty) for end in ends) == 1, ends
    assert sum(isinstance(end, RosterError) for end in ends) == 1
    assert overlaps() == 0


@pytest.mark.parametrize("turn", range(3))
def test_two_swaps_for_one_duty_move_it_once(turn: int) -> None:
    request, people = a_request(2, "swap")
    asks = []
    for place, person in enumerate(people):
        other = builders.a_duty(request.duty.desk, person, starts=72 + 24 * place)
        offer = swapping.offer_swap(request_id=request.pk, person_id=person.pk, in_return=other.pk, by=person.pk)
        asks.append(offer.pk)
    holder = request.duty.person_id

    ends = at_once(*(lambda ask=ask: swapping.accept_swap(ask_id=ask, by=holder) for ask in asks))

    assert sum(isinstance(end, tuple) for end in ends) == 1, ends
    assert Duty.objects.filter(cancelled_at__isnull=True).count() == 3
    assert overlaps() == 0


@pytest.mark.parametrize("turn", range(3))
def test_taking_and_reporting_sick_at_once_leave_one_holder_or_a_request(turn: int) -> None:
    request, people = a_request(1)
    ada = request.duty.person_id

    ends = at_once(
        taking_by(request, people[0]),
        lambda: sick.report_sick(person_id=ada, by=ada, until=request.ends_at),
        lambda: covering.withdraw(request_id=request.pk, by=ada),
    )

    assert all(not isinstance(end, Exception) or isinstance(end, RosterError) for end in ends), ends
    assert not Duty.objects.filter(cancelled_at__isnull=True, person_id=ada).exists() or isinstance(
        ends[1], RosterError
    )
    held = Duty.objects.filter(cancelled_at__isnull=True).count()
    assert held + CoverRequest.objects.filter(state="open").count() == 1
    assert overlaps() == 0


def test_requests_of_many_duties_opened_at_once_have_numbers_of_their_own() -> None:
    ada, line = builders.a_lawyer(), builders.a_line()
    duties = [builders.a_duty(builders.a_desk(line), ada, starts=24 * (1 + place)) for place in range(6)]

    ends = at_once(
        *(lambda duty=duty: covering.open_request(duty_id=duty.pk, kind="give", by=ada.pk) for duty in duties)
    )

    assert [end for end in ends if isinstance(end, Exception)] == []
    assert len(set(CoverRequest.objects.values_list("number", flat=True))) == 6
