"""Own calendars: what is kept of them, when they are fetched, and what a broken one leaves standing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from integrations import clock
from integrations.calendars.faults import CalendarFault
from integrations.calendars.fetch import Fetched
from rosters import eligibility, services
from rosters.core.intervals import Interval
from rosters.errors import FormRefused, NotKnown, NotYours
from rosters.models import BusySource, BusyTime
from rosters.services import busy
from tests.integrations.calendars.calendars import calendar, event
from tests.rosters.availability.conftest import Office

URL = "https://agenda.example/geheim/ada.ics"
ONE = calendar(event(":20261120T090000Z", ":20261120T100000Z"))
TWO = calendar(event(":20261120T090000Z", ":20261120T100000Z"), event(":20261123T090000Z", ":20261123T100000Z"))


class Server:
    """Stands at the edge of this machine: answers what the test says, and remembers what it was asked."""

    def __init__(self, *answers: Fetched | CalendarFault) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def __call__(self, url: str, *, etag: str = "") -> Fetched:
        self.asked.append((url, etag))
        answer = self.answers.pop(0)
        if isinstance(answer, CalendarFault):
            raise answer
        return answer


def add(office: Office, by: Any = None, url: str = URL, name: str = "Outlook") -> BusySource:
    return services.add_address(person_id=office.ada.pk, by=(by or office.ada).pk, name=name, url=url)


def starts(source: BusySource) -> list[str]:
    return [
        f"{one:%d %H}"
        for one in BusyTime.objects.filter(source=source).order_by("starts_at").values_list("starts_at", flat=True)
    ]


def refreshed(source: BusySource, *answers: Fetched | CalendarFault) -> tuple[BusySource, Server]:
    server = Server(*answers)
    services.refresh(source.pk, fetcher=server)
    source.refresh_from_db()
    return source, server


def test_only_when_somebody_is_busy_is_kept(office: Office) -> None:
    source, _server = refreshed(add(office), Fetched(ONE, '"1"'))
    assert starts(source) == ["20 09"]
    assert (source.error, source.etag, source.read_at) == ("", '"1"', clock.now())
    when = Interval(*BusyTime.objects.values_list("starts_at", "ends_at").get())
    assert eligibility.availability_of([office.ada.pk], when)[office.ada.pk].cannot == (when,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT url FROM rosters_busysource")
        assert "agenda.example" not in cursor.fetchone()[0]


def test_asks_whether_it_changed_and_reads_anew_once_a_day(office: Office) -> None:
    source, _server = refreshed(add(office), Fetched(ONE, '"1"'))
    clock.forward(timedelta(minutes=20))
    source, server = refreshed(source, Fetched(None, '"1"'))
    assert server.asked == [(URL, '"1"')]
    assert starts(source) == ["20 09"]
    clock.forward(timedelta(days=1))
    source, server = refreshed(source, Fetched(TWO, '"2"'))
    assert server.asked == [(URL, "")]
    assert starts(source) == ["20 09", "23 09"]


def test_a_server_without_etag_is_recognised_by_what_it_sends(office: Office) -> None:
    source, _server = refreshed(add(office), Fetched(ONE, ""))
    clock.forward(timedelta(minutes=20))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        source, server = refreshed(source, Fetched(ONE, ""))
    assert server.asked == [(URL, "")]
    assert not [one for one in queries.captured_queries if "busytime" in one["sql"]]


@pytest.mark.parametrize("code", ["unreachable", "too_slow", "html"])
def test_a_broken_source_keeps_its_last_good_state_and_is_asked_less_and_less(office: Office, code: str) -> None:
    source, _server = refreshed(add(office), Fetched(ONE, ""))
    read_at = source.read_at
    waits = []
    for _ in range(9):
        clock.move_to(source.next_fetch_at)
        answer = Fetched(b"<html>", "") if code == "html" else CalendarFault(code)
        source, _server = refreshed(source, answer)
        waits.append(source.next_fetch_at - clock.now())
    assert (source.error, source.failures, source.read_at) == (code, 9, read_at)
    assert starts(source) == ["20 09"]
    assert waits[0] >= timedelta(minutes=30)
    assert waits == sorted(waits)
    assert waits[-1] < timedelta(days=1, minutes=4)
    source, _server = refreshed(source, Fetched(TWO, ""))
    assert (source.error, source.failures) == ("", 0)
    assert source.next_fetch_at - clock.now() < timedelta(minutes=19)


def test_an_appointment_that_cannot_be_read_is_told(office: Office) -> None:
    source, _server = refreshed(
        add(office), Fetched(calendar(event(":20261399T090000Z"), event(":20261120T090000Z", ":20261120T100000Z")), "")
    )
    assert (source.error, source.failures, starts(source)) == ("some_skipped", 0, ["20 09"])


def test_who_left_is_not_fetched(office: Office) -> None:
    source = add(office)
    office.ada.is_active = False
    office.ada.save()
    source, server = refreshed(source)
    assert server.asked == []
    assert source.next_fetch_at == clock.now() + timedelta(days=1)


def test_the_watch_takes_what_is_due_once_and_moves_it_on(office: Office) -> None:
    sources = [add(office, name=str(number), url="https://127.0.0.1/a.ics") for number in range(3)]
    assert busy.refresh_due() == 3
    assert busy.refresh_due() == 0
    for source in sources:
        source.refresh_from_db()
        assert source.error == "address_refused"
        assert source.next_fetch_at > clock.now() + timedelta(minutes=29)
    clock.forward(timedelta(hours=2))
    assert busy.refresh_due() == 3
    assert len({source.next_fetch_at for source in BusySource.objects.all()}) == 3


@pytest.mark.django_db(transaction=True)
def test_nothing_is_fetched_inside_a_transaction(office: Office) -> None:
    source = add(office)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.refresh(source.pk, fetcher=Server())


@pytest.mark.parametrize("who", ["els", "coordinator"])
def test_the_assistant_and_the_coordinator_may_add_and_remove(office: Office, who: str) -> None:
    by = getattr(office, who)
    source = add(office, by)
    services.remove_source(source_id=source.pk, by=by.pk)
    assert not BusySource.objects.exists()
    with pytest.raises(NotKnown):
        services.remove_source(source_id=source.pk, by=by.pk)


def test_others_may_not(office: Office) -> None:
    source = add(office)
    with pytest.raises(NotYours):
        add(office, office.bea)
    with pytest.raises(NotYours):
        services.remove_source(source_id=source.pk, by=office.bea.pk)


def test_refuses_an_address_that_is_none_and_a_sixth_calendar(office: Office) -> None:
    with pytest.raises(FormRefused) as refused:
        add(office, url="file:///etc/passwd")
    assert (refused.value.code, refused.value.field) == ("address_wrong", "url")
    with pytest.raises(FormRefused):
        add(office, name=" ")
    for number in range(5):
        add(office, name=str(number))
    with pytest.raises(FormRefused) as refused:
        add(office)
    assert refused.value.code == "too_many"


def test_a_file_of_the_same_name_takes_the_place_of_the_earlier(office: Office) -> None:
    first = services.add_file(person_id=office.ada.pk, by=office.ada.pk, name="agenda.ics", data=TWO)
    assert starts(first) == ["20 09", "23 09"]
    second = services.add_file(person_id=office.ada.pk, by=office.ada.pk, name="agenda.ics", data=ONE)
    assert (second.pk, starts(second), second.next_fetch_at) == (first.pk, ["20 09"], None)


@pytest.mark.parametrize(
    ("data", "code"), [(b"<html>", "html"), (b"x" * 50_000_000, "too_big"), (b"PK\x03\x04", "packed")]
)
def test_a_file_that_is_no_calendar_is_refused_and_nothing_is_written(office: Office, data: bytes, code: str) -> None:
    with pytest.raises(FormRefused) as refused:
        services.add_file(person_id=office.ada.pk, by=office.ada.pk, name="agenda.ics", data=data)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert not BusySource.objects.exists()
