"""A calendar program fetches a feed: what it gets, when it gets nothing, and what a fetch costs us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from directory import services as directory_services
from directory.models import RoleAssignment
from integrations import clock, links
from integrations.models import LinkMiss
from rosters import services
from rosters.errors import NotYours
from rosters.feeds import tokens
from rosters.models import Duty, FeedText
from rosters.services import feeds
from tests import builders
from tests.rosters.feeds.conftest import Fetch, Town, events

pytestmark = pytest.mark.django_db


def test_a_duty_is_one_event_with_its_moments_in_utc(town: Town, fetch: Fetch) -> None:
    duty = builders.a_duty(town.desk, town.lawyer, starts=24, hours=4)
    answer = fetch(town.path())
    (event,) = events(answer)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    assert event["UID"] == f"dienst-{duty.pk}@127.0.0.1"
    assert event["SUMMARY"] == "Piket Huurrecht Walcheren"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (duty.starts_at, duty.ends_at)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == duty.changed_at
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert "VALARM" not in answer.content.decode()


def test_it_names_no_zone_no_rule_and_no_method_and_says_when_to_come_back(town: Town, fetch: Fetch) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    text = fetch(town.path()).content.decode()
    assert not [word for word in ("TZID", "VTIMEZONE", "RRULE", "METHOD") if word in text]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in text
    assert "X-WR-CALNAME:Mijn piketdiensten\r\n" in text
    assert text.endswith("END:VCALENDAR\r\n")


def test_a_backup_is_called_so_and_an_alarm_goes_off_when_chosen(town: Town, fetch: Fetch) -> None:
    builders.a_duty(town.desk, town.lawyer, 2, starts=24)
    feeds.set_feed_alarm(feed_id=town.feed.pk, holder_id=town.lawyer.pk, minutes=30)
    (event,) = events(fetch(town.path()))
    (alarm,) = event.walk("VALARM")
    assert event["SUMMARY"] == "Piket Huurrecht Walcheren (achterwacht)"
    assert alarm["TRIGGER"].dt == timedelta(minutes=-30)


def test_a_duty_taken_over_is_struck_out_for_one_and_new_for_the_other(town: Town, fetch: Fetch) -> None:
    duty = builders.a_duty(town.desk, town.lawyer, starts=24)
    other = builders.a_lawyer("mr. Ben Bos")
    clock.forward(timedelta(hours=1))
    services.cancel_duty(duty_id=duty.pk, why=Duty.Ended.GIVEN)
    taken = builders.a_duty(town.desk, other, starts=23)
    theirs = feeds.hand_out_feed(kind="person", object_id=other.pk, holder_id=other.pk)

    (gone,) = events(fetch(town.path()))
    (new,) = events(fetch(town.path(theirs)))
    assert (gone["STATUS"], gone["SEQUENCE"], gone["TRANSP"]) == ("CANCELLED", 1, "TRANSPARENT")
    assert gone["SUMMARY"] == "Vervallen: Piket Huurrecht Walcheren"
    assert gone["LAST-MODIFIED"].dt == clock.now()
    assert (new["STATUS"], new["UID"]) == ("CONFIRMED", f"dienst-{taken.pk}@127.0.0.1")
    assert new["DTSTART"].dt == gone["DTSTART"].dt


def test_a_cancelled_duty_stays_ninety_days_and_goes_then(town: Town, fetch: Fetch) -> None:
    duty = builders.a_duty(town.desk, town.lawyer, starts=24 * 200)
    services.cancel_duty(duty_id=duty.pk)
    clock.forward(timedelta(days=90))
    assert len(events(fetch(town.path()))) == 1
    clock.forward(timedelta(days=8))
    assert events(fetch(town.path())) == []


def test_the_last_thirteen_weeks_and_all_that_comes_are_in_it(town: Town, fetch: Fetch) -> None:
    for weeks in (-20, -12, 0, 12, 60):
        builders.a_duty(town.desk, town.lawyer, starts=weeks * 7 * 24 + 1)
    ages = [(event["DTSTART"].dt - clock.now()).days // 7 for event in events(fetch(town.path()))]
    assert ages == [-12, 0, 12, 60]


def test_the_feed_of_a_desk_names_the_people_and_the_feed_of_a_region_has_its_desks(town: Town, fetch: Fetch) -> None:
    elsewhere = builders.a_desk(builders.a_line(), "Huurrecht Zwolle", regions=["zwolle"])
    other = builders.a_lawyer("mr. Ben Bos")
    builders.a_duty(town.desk, town.lawyer, starts=24)
    builders.a_duty(town.desk, other, 2, starts=24)
    builders.a_duty(elsewhere, builders.a_lawyer(region="zwolle"), starts=24)
    for kind, object_id in (("desk", town.desk.pk), ("region", builders.region_id())):
        feed = feeds.hand_out_feed(kind=kind, object_id=object_id, holder_id=town.coordinator.pk)
        assert [event["SUMMARY"] for event in events(fetch(town.path(feed)))] == [
            "Piket Huurrecht Walcheren: mr. Sanne de Vries",
            "Piket Huurrecht Walcheren (achterwacht): mr. Ben Bos",
        ]


def test_an_unchanged_feed_is_not_sent_again_and_a_changed_one_is(town: Town, fetch: Fetch) -> None:
    duty = builders.a_duty(town.desk, town.lawyer, starts=24)
    first = fetch(town.path())
    again = fetch(town.path(), etag=f'"something-else", W/{first.headers["ETag"]}')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    services.cancel_duty(duty_id=duty.pk)
    changed = fetch(town.path(), etag=first.headers["ETag"])
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("kind", ["person", "desk", "region"])
def test_a_fetch_costs_two_statements_unchanged_and_three_with_its_text(
    town: Town, fetch: Fetch, kind: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    objects = {"person": town.lawyer.pk, "desk": town.desk.pk, "region": builders.region_id()}
    holder = town.lawyer if kind == "person" else town.coordinator
    path = town.path(feeds.hand_out_feed(kind=kind, object_id=objects[kind], holder_id=holder.pk))
    etag = fetch(path).headers["ETag"]
    with django_assert_max_num_queries(1 if kind == "person" else 2):
        assert fetch(path, etag=etag).status_code == 304
    with django_assert_max_num_queries(2 if kind == "person" else 3):
        assert fetch(path).status_code == 200


def test_the_text_is_written_once_for_a_revision_and_kept(town: Town, fetch: Fetch) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    first = fetch(town.path()).content
    kept = FeedText.objects.get()
    clock.forward(timedelta(hours=1))
    assert fetch(town.path()).content == first == bytes(kept.body)
    assert FeedText.objects.get().written_at == kept.written_at
    clock.forward(timedelta(days=7))
    assert fetch(town.path()).status_code == 200
    assert FeedText.objects.get().written_at == clock.now()


def test_asking_for_the_head_only_tells_how_long_it_is(town: Town) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    head, whole = Client().head(town.path()), Client().get(town.path())
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert Client().post(town.path()).status_code == 405


def test_a_revoked_address_is_gone_and_the_new_one_works(town: Town, fetch: Fetch) -> None:
    old = town.path()
    feeds.revoke_feed(feed_id=town.feed.pk, holder_id=town.lawyer.pk)
    answer = fetch(old)
    assert answer.status_code == 410
    assert "koppel je agenda opnieuw" in answer.content.decode()
    assert town.path() != old
    assert fetch(town.path()).status_code == 200
    assert LinkMiss.objects.count() == 0  # programs go on asking: no guess


def leave(town: Town) -> None:
    directory_services.update_person(
        person_id=town.lawyer.pk, email=town.lawyer.email, name=town.lawyer.name, is_active=False,
        organisation_id=town.lawyer.organisation_id, usual_area_id=None, usual_region_id=None, is_generalist=False,
    )  # fmt: skip


def test_the_address_of_a_leaver_is_gone_and_names_nobody(town: Town, fetch: Fetch) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    assert fetch(town.path()).status_code == 200
    leave(town)
    answer = fetch(town.path())
    assert answer.status_code == 410
    assert "Vries" not in answer.content.decode()
    assert LinkMiss.objects.count() == 0


def test_the_address_of_who_lost_his_role_is_gone(town: Town, fetch: Fetch) -> None:
    RoleAssignment.objects.filter(person=town.lawyer).update(ends_on=builders.today())
    assert fetch(town.path()).status_code == 410


def test_a_coordinator_who_moves_on_reads_the_desk_no_more(town: Town, fetch: Fetch) -> None:
    feed = feeds.hand_out_feed(kind="desk", object_id=town.desk.pk, holder_id=town.coordinator.pk)
    assert fetch(town.path(feed)).status_code == 200
    RoleAssignment.objects.filter(person=town.coordinator).update(region_id=builders.region_id("zwolle"))
    assert fetch(town.path(feed)).status_code == 410


def test_a_leaver_is_in_no_feed_of_the_desk(town: Town, fetch: Fetch) -> None:
    builders.a_duty(town.desk, town.lawyer, starts=24)
    path = town.path(feeds.hand_out_feed(kind="desk", object_id=town.desk.pk, holder_id=town.coordinator.pk))
    before = fetch(path)
    assert len(events(before)) == 1
    leave(town)
    assert events(fetch(path, etag=before.headers["ETag"])) == []


@pytest.mark.parametrize("kind", ["desk", "region"])
def test_nobody_gets_a_feed_outside_his_region_or_of_somebody_else(town: Town, kind: str) -> None:
    stranger = builders.a_coordinator(region="zwolle")
    objects = {"desk": town.desk.pk, "region": builders.region_id()}
    with pytest.raises(NotYours):
        feeds.hand_out_feed(kind=kind, object_id=objects[kind], holder_id=stranger.pk)
    with pytest.raises(NotYours):
        feeds.hand_out_feed(kind="person", object_id=town.lawyer.pk, holder_id=stranger.pk)


@pytest.mark.parametrize("token", ["x", "a" * 40, "a" * 41, "A" * 40, "0" * 40, "é" * 40, "=" * 40])
def test_a_guess_gets_the_same_answer_and_many_get_none(town: Town, fetch: Fetch, token: str) -> None:
    path = f"/agenda/{token}.ics"
    assert fetch(path).status_code == 410
    assert fetch(path).content == fetch(path).content
    LinkMiss.objects.all().delete()
    for _ in range(links.MISSES_ALLOWED):
        links.count_miss("127.0.0.1")
    slowed = fetch(path)
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "600")
    assert fetch(town.path()).status_code == 200  # a right address is no guess


def test_a_token_has_160_bits_that_do_not_follow_from_its_number_and_survives_new_field_keys(
    town: Town, settings: Settings
) -> None:
    mine = tokens.token_of(1, "person", 7, 7, 0)
    others = {tokens.token_of(*one) for one in ((2, "person", 7, 7, 0), (1, "desk", 7, 7, 0), (1, "person", 8, 7, 0),
                                                (1, "person", 7, 8, 0), (1, "person", 7, 7, 1))}  # fmt: skip
    assert len(mine) == tokens.LENGTH == 40
    assert len({token[8:] for token in {mine, *others}}) == 6
    assert tokens.feed_in(mine) == 1
    assert tokens.fits(mine.upper(), "person", 7, 7, 0)
    settings.FIELD_KEYS = ["bmlldXdlIHNsZXV0ZWwgdmFuIHR3ZWVlbmRlcnRpZyBvYw=="]
    assert tokens.token_of(1, "person", 7, 7, 0) == mine
    settings.SECRET_KEY = "een andere sleutel"
    assert tokens.token_of(1, "person", 7, 7, 0) != mine


def test_the_last_fetch_is_noted_at_most_once_in_ten_minutes(town: Town, fetch: Fetch) -> None:
    fetch(town.path())
    at = clock.now()
    clock.forward(timedelta(minutes=9))
    fetch(town.path(), agent="iOS/19.1 (23B85) dataaccessd/1.0")
    town.feed.refresh_from_db()
    assert (town.feed.fetched_by, town.feed.fetched_at) == ("Google", at)
    clock.forward(timedelta(minutes=1))
    fetch(town.path(), agent="iOS/19.1 (23B85) dataaccessd/1.0")
    town.feed.refresh_from_db()
    assert (town.feed.fetched_by, town.feed.fetched_at) == ("Apple", clock.now())


def test_an_event_without_any_duty_row_or_change_is_never_made(town: Town, fetch: Fetch) -> None:
    text = fetch(town.path()).content.decode()
    assert "VEVENT" not in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(2026, 3, 28, 19, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (datetime(2026, 10, 24, 18, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_both_nights_in_which_the_clock_jumps_keep_their_instants(
    town: Town, fetch: Fetch, starts: datetime, ends: datetime
) -> None:
    with clock.at(starts):
        services.add_duty(desk_id=town.desk.pk, person_id=town.lawyer.pk, starts_at=starts, ends_at=ends)
        (event,) = events(fetch(town.path()))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (starts, ends)
