"""The constant SQL of a fetch against the same questions through the ORM; a thousand duties; the names of programs."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.db.models import Q

from directory import queries as directory
from directory import services as directory_services
from directory.models import Person, RoleAssignment
from integrations import clock
from rosters import services
from rosters.feeds import clients, reading, tokens
from rosters.models import Desk, Duty, Feed, Revision
from rosters.services import NewDuty, feeds
from tests import builders
from tests.rosters.feeds.conftest import Fetch, Town, events

pytestmark = pytest.mark.django_db


def may_read(feed: Feed) -> bool:
    """The question asked through the ORM and the directory's own door."""
    holder = Person.objects.get(pk=feed.holder_id)
    roles = {role.role for role in directory.roles_of(holder)}
    if not holder.is_active:
        return False
    if feed.kind == Feed.Kind.PERSON and feed.object_id == feed.holder_id:
        return bool(roles & {"lawyer", "worker", "coordinator"})
    if feed.kind == Feed.Kind.PERSON:
        known = Person.objects.filter(pk=feed.object_id, is_active=True).exists()
        return known and directory.may_act_for(holder.pk, feed.object_id)
    mine = directory.regions_in_scope(holder, "coordinator")
    if feed.kind == Feed.Kind.REGION:
        return feed.object_id in mine
    return Desk.objects.filter(pk=feed.object_id, is_active=True, regions__in=mine).exists()


def found(feed: Feed) -> reading.Found | None:
    try:
        return reading.find(tokens.token_of(feed.pk, feed.kind, feed.object_id, feed.holder_id, feed.revoked))
    except reading.Gone:
        return None


@pytest.mark.parametrize("seed", range(5))
def test_who_may_read_is_what_the_orm_says(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    desks = [town.desk, builders.a_desk(builders.a_line(), regions=["zwolle"])]
    regions = [builders.region_id(code) for code in ("walcheren", "zwolle", "landelijk")]
    people: list[Any] = [builders.a_person() for _ in range(6)]
    for person in people:
        for role in chance.sample(["worker", "lawyer", "coordinator", "administrator"], chance.randrange(3)):
            place = chance.choice(regions)
            directory_services.assign_role(person_id=person.pk, role=role, region_id=place)
    held = list(RoleAssignment.objects.filter(person__in=people).order_by("pk").values_list("pk", flat=True))
    RoleAssignment.objects.filter(pk__in=chance.sample(held, min(2, len(held)))).update(ends_on=builders.today())
    Person.objects.filter(pk=chance.choice(people).pk).update(is_active=False)
    people.append(town.coordinator)
    objects = [("person", person.pk) for person in people] + [("desk", desk.pk) for desk in desks]
    objects += [("region", region) for region in regions] + [("desk", 10**6), ("region", 10**6), ("person", 10**6)]
    made = [
        Feed.objects.create(kind=kind, object_id=number, holder=holder) for kind, number in objects for holder in people
    ]
    readable = {feed.pk for feed in made if found(feed)}
    assert readable == {feed.pk for feed in made if may_read(feed)}
    assert 0 < len(readable) < len(made)


def test_a_revision_follows_the_duties_of_its_own_object_only(town: Town) -> None:
    desk_feed = feeds.hand_out_feed(kind="desk", object_id=town.desk.pk, holder_id=town.coordinator.pk)
    region_feed = feeds.hand_out_feed(kind="region", object_id=builders.region_id(), holder_id=town.coordinator.pk)
    mine = (town.feed, desk_feed, region_feed)
    other = builders.a_lawyer()
    elsewhere = builders.a_desk(builders.a_line(), regions=["zwolle"])

    def revisions() -> list[str]:
        return [one.revision for feed in mine if (one := found(feed))]

    start = revisions()
    builders.a_duty(elsewhere, other, starts=24)
    assert revisions() == start
    builders.a_duty(town.desk, other, starts=48)
    assert [now == then for now, then in zip(revisions(), start, strict=True)] == [True, False, False]
    builders.a_duty(elsewhere, town.lawyer, starts=72)
    assert revisions()[0] != start[0]
    assert Revision.objects.get(kind="person", object_id=town.lawyer.pk).number == 1


def test_a_thousand_duties_are_a_thousand_events_and_one_change_changes_one(town: Town, fetch: Fetch) -> None:
    start = clock.now() + timedelta(days=1)
    starts = [start + timedelta(hours=12 * number) for number in range(1000)]
    services.add_duties(
        duties=[NewDuty(town.desk.pk, town.lawyer.pk, 1, one, one + timedelta(hours=4)) for one in starts]
    )
    before = fetch(town.path())
    assert len(events(before)) == 1000
    duty = Duty.objects.order_by("starts_at")[500]
    services.cancel_duty(duty_id=duty.pk)
    after = fetch(town.path())
    gone = [event for event in events(after) if event["STATUS"] == "CANCELLED"]
    assert [str(event["UID"]) for event in gone] == [f"dienst-{duty.pk}@127.0.0.1"]
    lines = set(after.content.split(b"\r\n")) - set(before.content.split(b"\r\n"))
    assert len(lines) == 4  # title, sequence, status, transparency; the clock stands still


def test_every_duty_of_a_wild_roster_is_in_the_feed_of_its_holder_and_in_no_other(town: Town, fetch: Fetch) -> None:
    chance = random.Random(7)
    people = [builders.a_lawyer() for _ in range(4)]
    for day in range(1, 40):
        duty = builders.a_duty(town.desk, chance.choice(people), starts=24 * day)
        if chance.random() < 0.4:
            services.cancel_duty(duty_id=duty.pk)
            builders.a_duty(town.desk, chance.choice(people), starts=24 * day)
    for person in people:
        feed = feeds.hand_out_feed(kind="person", object_id=person.pk, holder_id=person.pk)
        shown = {str(event["UID"]): str(event["STATUS"]) for event in events(fetch(town.path(feed)))}
        mine = Duty.objects.filter(Q(person=person))
        assert shown == {
            f"dienst-{duty.pk}@127.0.0.1": "CANCELLED" if duty.cancelled_at else "CONFIRMED" for duty in mine
        }


def test_a_desk_that_is_renamed_is_renamed_in_the_feeds(town: Town, fetch: Fetch) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    fetch(town.path())
    services.update_desk(
        desk_id=town.desk.pk, line_id=town.desk.line_id, name="Wonen Walcheren",
        area_ids=[builders.area_id()], region_ids=[builders.region_id()],
    )  # fmt: skip
    (event,) = events(fetch(town.path()))
    assert event["SUMMARY"] == "Piket Wonen Walcheren"


def test_the_words_of_a_duty_hold_no_case_and_no_number(town: Town, fetch: Fetch, at_ten_thirty: datetime) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    (event,) = icalendar.Calendar.from_ical(fetch(town.path()).content).walk("VEVENT")
    assert set(event) == {
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Google-Calendar-Importer", "Google"),
        ("Mozilla/5.0 (compatible; Google-Calendar-Importer/1.0)", "Google"),
        ("iOS/19.1 (23B85) dataaccessd/1.0", "Apple"),
        ("macOS/15.1 (24B83) dataaccessd/1.0", "Apple"),
        ("Mac_OS_X/10.15 (19A) CalendarAgent/930", "Apple"),
        ("Microsoft.Exchange/15.20 (Microsoft Exchange Internet Calendar)", "Outlook"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", "Outlook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:128.0) Gecko/20100101 Thunderbird/128.0", "Thunderbird"),
        ("Nextcloud Server Crawler", "Nextcloud"),
        ("ICSx5/2.2 (ical4j) okhttp/4 Android/15", "Android"),
        ("curl/8.5.0", clients.OTHER),
        ("", clients.OTHER),
        ("x" * 100_000 + "google", clients.OTHER),
    ],
)
def test_a_program_is_known_by_what_it_says(said: str, name: str) -> None:
    assert clients.name_of(said) == name
