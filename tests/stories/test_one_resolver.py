"""Who is on duty at t? The router, the dry run, the pages, the calendars, the reminder and the statement say the same.

A roster is made, swapped, given away in parts, reported sick and filled from patterns in whatever order; then everybody
is asked about many moments, among them the first and the last of every duty.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as some
from icalendar import Calendar

from directory import snapshot
from hotline.queries import who_would_ring
from hotline.statements.queries import sheet
from integrations import clock
from integrations.models import OutboxMessage
from rosters import agenda, queries, services
from rosters.core import eligible, wall
from rosters.core.intervals import Interval
from rosters.errors import RosterError
from rosters.models import Absence, Duty, Terms
from rosters.services import covering, feeds, sick, steps, swapping, taking
from tests import builders

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ALL_RULES = tuple(eligible.BREAKABLE)
Step = tuple[str, int, int, int, int]
"""What is done, and four numbers that say to whom, where and when."""

DEEDS = ("add", "add", "add", "add", "pattern", "give", "part", "swap", "sick", "undo_sick", "absent", "cancel")
STEPS = some.lists(
    some.tuples(
        some.sampled_from(DEEDS), some.integers(0, 3), some.integers(0, 3), some.integers(1, 60), some.integers(1, 12)
    ),
    min_size=3,
    max_size=14,
)


@dataclass
class Town:
    desks: list[Any]
    people: list[Any]
    began: datetime
    sick_calls: list[int]

    def nth_duty(self, number: int) -> Duty | None:
        duties = list(Duty.objects.filter(cancelled_at__isnull=True, starts_at__gt=clock.now()).order_by("pk"))
        return duties[number % len(duties)] if duties else None


@contextmanager
def a_town() -> Iterator[Town]:
    """Two desks of one region, four lawyers who may serve both and have no limits of their own."""
    with transaction.atomic():
        line = builders.an_all_hours_line("Piketlijn")
        desks = [builders.a_desk(line, "Walcheren huur"), builders.a_desk(line, "Walcheren arbeid", areas=["arbeid"])]
        people = [builders.a_lawyer(name, areas=["huur", "arbeid"]) for name in ("Anna", "Bos", "Chen", "Dirk")]
        for person in people:
            Terms.objects.create(person_id=person.pk, max_per_week=99, rest_hours=0)
        yield Town(desks, people, clock.now(), [])
        transaction.set_rollback(True)
    snapshot.forget_here()


# --- What is done to the roster -------------------------------------------------------------------------------------
def add(town: Town, person: int, place: int, start: int, length: int) -> None:
    starts_at = town.began.replace(minute=0) + start * HOUR
    services.add_duty(
        desk_id=town.desks[place % 2].pk,
        person_id=town.people[person].pk,
        position=1 + place // 2,
        starts_at=starts_at,
        ends_at=starts_at + length * HOUR,
    )


def pattern(town: Town, person: int, place: int, start: int, length: int) -> None:
    services.add_pattern(
        desk_id=town.desks[place % 2].pk,
        person_id=town.people[person].pk,
        weekdays=str(start % 7),
        starts=start * 20 % 1440,
        minutes=length * 60,
        valid_from=wall.day_of(town.began) + timedelta(days=1),
        position=1 + place // 2,
    )
    services.fill_duties(until=wall.day_of(town.began) + timedelta(days=4))


def give(town: Town, person: int, place: int, start: int, length: int, part: bool = False) -> None:
    duty = town.nth_duty(start)
    if duty is None:
        return
    request = covering.open_request(duty_id=duty.pk, kind="give", by=duty.person_id)
    taker = town.people[person].pk
    piece = Interval(duty.starts_at, duty.starts_at + (duty.ends_at - duty.starts_at) / 2) if part else None
    taking.take(request_id=request.pk, person_id=taker, by=taker, breaking=ALL_RULES, part=piece)


def give_part(town: Town, person: int, place: int, start: int, length: int) -> None:
    give(town, person, place, start, length, part=True)


def swap(town: Town, person: int, place: int, start: int, length: int) -> None:
    duty, other = town.nth_duty(start), town.nth_duty(length)
    if duty is None or other is None:
        return
    request = covering.open_request(duty_id=duty.pk, kind="swap", by=duty.person_id)
    ask = swapping.offer_swap(
        request_id=request.pk, person_id=other.person_id, in_return=other.pk, by=other.person_id, breaking=ALL_RULES
    )
    swapping.accept_swap(ask_id=ask.pk, by=duty.person_id, breaking=ALL_RULES)


def fall_ill(town: Town, person: int, place: int, start: int, length: int) -> None:
    who = town.people[person].pk
    call = sick.report_sick(person_id=who, by=who, until=clock.now() + start * HOUR)
    town.sick_calls.append(call.absence_id)


def get_well(town: Town, person: int, place: int, start: int, length: int) -> None:
    if town.sick_calls:
        absence_id = town.sick_calls[start % len(town.sick_calls)]
        sick.undo_sick(absence_id=absence_id, by=_absent(absence_id))


def be_absent(town: Town, person: int, place: int, start: int, length: int) -> None:
    begins = clock.now() + start * HOUR
    Absence.objects.create(person_id=town.people[person].pk, starts_at=begins, ends_at=begins + length * HOUR)


def cancel(town: Town, person: int, place: int, start: int, length: int) -> None:
    duty = town.nth_duty(start)
    if duty is not None:
        services.cancel_duty(duty_id=duty.pk)


def _absent(absence_id: int) -> int:
    return int(Absence.objects.values_list("person_id", flat=True).get(pk=absence_id))


DO: dict[str, Callable[[Town, int, int, int, int], None]] = {
    "add": add,
    "pattern": pattern,
    "give": give,
    "part": give_part,
    "swap": swap,
    "sick": fall_ill,
    "undo_sick": get_well,
    "absent": be_absent,
    "cancel": cancel,
}


# --- Who is asked ---------------------------------------------------------------------------------------------------
def resolver(town: Town, at: datetime) -> set[tuple[int, int, int]]:
    """(desk, position, person) by the one function."""
    return {(one.desk_id, one.position, one.person_id) for one in queries.on_duty([d.pk for d in town.desks], at)}


def router(town: Town, at: datetime) -> set[tuple[str, str]]:
    """(person, desk) of everybody whom a call about either area would ring, or would pass over with a reason."""
    return {pair for run in _runs(at) for pair in [(one.name, one.desk) for one in (*run.ring, *run.skipped)]}


def _runs(at: datetime) -> list[Any]:
    return [who_would_ring(slug, "walcheren", at) for slug in ("huur", "arbeid")]


def dry_run(town: Town, at: datetime) -> set[tuple[str, str]]:
    found = set()
    for slug in ("huur", "arbeid"):
        out = StringIO()
        call_command("who", slug, "walcheren", "--at", at.isoformat(), "--json", stdout=out)
        answer = json.loads(out.getvalue().splitlines()[-1])
        found |= {(one["name"], one["desk"]) for one in answer["ring"]} | {
            (one["name"], town_desk(town, slug)) for one in answer["skipped"]
        }
    return found


def town_desk(town: Town, slug: str) -> str:
    return str(town.desks[0 if slug == "huur" else 1].name)


def page(client: Client, at: datetime) -> set[tuple[str, str]]:
    """What /nu/ shows for that moment."""
    local = at.astimezone(wall.AMSTERDAM)
    found = set()
    for slug in ("huur", "arbeid"):
        asked = {"rechtsgebied": slug, "regio": "walcheren", "moment": local.strftime("%Y-%m-%dT%H:%M")}
        run = client.get(reverse("on_call_now"), asked).context["run"]
        found |= {(one.name, one.desk) for one in (*run.ring, *run.skipped)}
    return found


def my_pages(town: Town, at: datetime) -> set[tuple[int, int, int]]:
    """What each lawyer's own roster says."""
    return {
        (card.desk_id, card.position, card.person_id)
        for person in town.people
        for card in agenda.agenda(person.pk, at, at + timedelta.resolution)
    }


def calendars(town: Town, client: Client) -> dict[str, list[tuple[Interval, str]]]:
    """The events in force of every lawyer's feed, read as a calendar program does: by name, with their titles."""
    found = {}
    addresses = feeds.hand_out_own_feeds(person_ids=[person.pk for person in town.people])
    for person in town.people:
        answer = client.get("/" + addresses[person.pk].split("/", 3)[3])
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        found[person.name] = [
            (Interval(one.decoded("DTSTART"), one.decoded("DTEND")), str(one["SUMMARY"]))
            for one in events
            if one["STATUS"] == "CONFIRMED"
        ]
    return found


def told_of_start(town: Town, at: datetime) -> set[str]:
    """The numbers that get 'your duty has begun' for duties that start at that moment."""
    with clock.at(at - MINUTE):
        steps.steps_due(lambda _unconfirmed: None)
        steps.steps_due(lambda _unconfirmed: None)
        sent = OutboxMessage.objects.filter(dedupe_key__startswith="start:", created_at=clock.now())
        return set(sent.values_list("to", flat=True))


def statements(town: Town, end: datetime) -> dict[str, list[Interval]]:
    """The duties that each lawyer would be paid for."""
    with clock.at(end):
        return {
            person.name: [
                Interval(line.starts_at, line.ends_at)
                for line in sheet(person.pk, wall.day_of(town.began)).lines
                if line.is_duty
            ]
            for person in town.people
        }


def moments(town: Town) -> list[datetime]:
    """The first and last minute of every duty, the minute before and after, and every eleventh hour."""
    found = {town.began + hours * HOUR for hours in range(0, 80, 11)}
    for start, end in Duty.objects.values_list("starts_at", "ends_at"):
        found |= {start - MINUTE, start, end - MINUTE, end}
    return sorted(at for at in found if at >= town.began)


WALKS = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@pytest.mark.django_db
@settings(WALKS, max_examples=4)
@given(STEPS)
def test_whoever_is_asked_says_the_same(at_ten_thirty: datetime, steps_taken: list[Step]) -> None:
    walk(at_ten_thirty, steps_taken)


@pytest.mark.slow
@pytest.mark.django_db
@settings(WALKS, max_examples=40)
@given(STEPS)
def test_whoever_is_asked_says_the_same_many_times_over(at_ten_thirty: datetime, steps_taken: list[Step]) -> None:
    walk(at_ten_thirty, steps_taken)


def walk(now: datetime, steps_taken: list[Step]) -> None:
    with clock.at(now), a_town() as town:
        for deed, person, place, start, length in [("add", 0, 0, 3, 4), *steps_taken]:
            try:
                with transaction.atomic():
                    DO[deed](town, person, place, start, length)
            except RosterError as refused:
                event(f"{deed}: {refused.code}")
            else:
                event(f"{deed}: done")
        everybody_says_the_same(town)


def everybody_says_the_same(town: Town) -> None:
    client = Client()
    client.force_login(town.people[0])
    names = {person.pk: person.name for person in town.people}
    desks = {desk.pk: desk.name for desk in town.desks}
    events = calendars(town, client)
    asked = moments(town)
    answers = {at: resolver(town, at) for at in asked}
    for at in asked:
        said = {(names[person], desks[desk]) for desk, _position, person in answers[at]}
        assert my_pages(town, at) == answers[at], at
        assert router(town, at) == said, at
        on_calendar = {(name, title) for name, some in events.items() for when, title in some if at in when}
        assert {name for name, _title in on_calendar} == {name for name, _desk in said}, at
        assert all(any(desk in title for owner, title in on_calendar if owner == name) for name, desk in said), at
    for at in asked[:: max(1, len(asked) // 4)]:
        said = {(names[person], desks[desk]) for desk, _position, person in answers[at]}
        assert page(client, at) == said, at
        assert dry_run(town, at) == said, at
    starts = sorted(set(Duty.objects.filter(cancelled_at__isnull=True).values_list("starts_at", flat=True)))
    numbers = {person.pk: person.numbers.get(is_primary=True).e164 for person in town.people}
    for start in starts[:3]:
        starting = Duty.objects.filter(cancelled_at__isnull=True, starts_at=start).values_list("person_id", flat=True)
        assert told_of_start(town, start) == {numbers[one] for one in starting}, start
    paid = statements(town, max(asked) + timedelta(days=1))
    for at in asked:
        said_names = {names[person] for _desk, _position, person in answers[at]}
        assert {name for name, some in paid.items() if any(at in when for when in some)} == said_names, at
