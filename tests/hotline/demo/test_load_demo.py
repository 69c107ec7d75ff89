"""`manage.py load_demo`: what everybody who tries the product relies on."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.db import transaction
from pytest_django import Settings

from directory import queries as directory
from directory import services as directory_services
from directory import snapshot
from directory.models import Person
from hotline.consultations.record import replayed, standing_now
from hotline.demo import told
from hotline.demo.load import Loaded, load
from hotline.demo.plan import BACK_LINE_NUMBER, OFFICE_HOURS, SECOND_LINE_NUMBER, SIZES
from hotline.models import Call, Consultation, Offer
from integrations import clock
from integrations.models import OutboxMessage
from rosters import eligibility
from rosters import queries as rosters
from rosters import snapshot as roster_snapshot
from rosters.core.intervals import Interval
from rosters.models import Desk, Duty, Line, Pause
from tests.conftest import A_WEDNESDAY
from tests.hotline.demo.loading import load_demo, reachable

KEYS = {"name", "login", "password", "number", "code"}
NIGHTS = (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2027, 3, 27, 22, tzinfo=UTC))


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """The small demo, loaded once for all tests that only look at it or undo what they do."""
    with django_db_blocker.unblock(), clock.at(A_WEDNESDAY), transaction.atomic():
        snapshot.forget_here()
        roster_snapshot.forget_here()
        importlib.import_module("directory.migrations.0002_reference_data").load(apps, None)
        yield load("small", lambda _said: None)
        transaction.set_rollback(True)


@pytest.fixture
def people(loaded: Loaded, db: None, at_ten_thirty: datetime) -> dict[str, Any]:
    return told.summary(loaded)


def test_the_last_line_says_who_can_log_in_and_call(people: dict[str, Any], settings: Settings) -> None:
    assert load_demo() == people
    assert set(people) == {"line", "workers", "lawyers", "coordinators"}
    assert people["line"] == {"name": "Piketlijn", "number": settings.HOTLINE_NUMBER}
    assert all(set(one) == KEYS | {"area", "region"} for one in people["workers"])
    assert all(set(one) == KEYS | {"feed"} for one in people["lawyers"])
    assert all(set(one) == KEYS for one in people["coordinators"])
    assert (len(people["workers"]), len(people["lawyers"]), len(people["coordinators"])) == (40, 60, 6)
    for one in people["workers"] + people["lawyers"] + people["coordinators"]:
        assert "+31600000000" <= one["number"] <= "+31600009999"
    first = people["workers"][0]
    caller = directory.caller_of(first["number"])
    assert caller is not None
    assert (caller.verified, caller.usual_area, caller.name) == (True, first["area"], first["name"])
    assert caller.region_ids == (directory.region(first["region"]).id,)
    by_code = directory.person_by_code(first["code"])
    assert by_code is not None
    assert by_code.person_id == caller.person_id


def test_everybody_can_log_in(people: dict[str, Any], client: Any, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    for one in (people["workers"][0], people["lawyers"][0], people["coordinators"][0]):
        assert client.login(username=one["login"], password=one["password"])


def test_the_first_lawyer_is_the_first_to_be_rung_for_the_first_worker_and_stays_for_hours(
    people: dict[str, Any],
) -> None:
    for _hour in range(13):
        assert reachable(clock.now(), people)[0] == people["lawyers"][0]["name"]
        clock.forward(timedelta(hours=1))


def test_each_lawyer_has_a_calendar_with_his_duties(people: dict[str, Any], client: Any, settings: Settings) -> None:
    assert len({one["feed"] for one in people["lawyers"]}) == len(people["lawyers"])
    feed = people["lawyers"][0]["feed"]
    assert feed.startswith(f"{settings.PUBLIC_URL}/agenda/")
    answer = client.get(urlsplit(feed).path)
    assert answer.status_code == 200
    assert b"BEGIN:VEVENT" in answer.content


def test_six_different_lawyers_are_reachable_at_every_hour(people: dict[str, Any], at_ten_thirty: datetime) -> None:
    now, weeks = at_ten_thirty, timedelta(weeks=13)
    steps = [now + timedelta(hours=25 * step) for step in range(-87, 88)]  # each hour of the day, thirteen weeks
    nights = [night + timedelta(minutes=30 * half) for night in NIGHTS for half in range(12)]
    moments = [at for at in [now - weeks, now + weeks, *steps, *nights] if abs(at - now) <= weeks]
    assert len(moments) > 180
    for at in moments:
        assert len(set(reachable(at, people))) >= 6, at


def test_loading_again_changes_nothing_but_the_horizon(people: dict[str, Any]) -> None:
    counted = {model: model.objects.count() for model in (Consultation, Duty, Offer, OutboxMessage, Pause)}
    load_demo()
    assert {model: model.objects.count() for model in counted} == counted
    clock.forward(timedelta(weeks=20))  # long after the duties ran out
    again = load_demo()
    assert sorted(one["login"] for one in again["lawyers"]) == sorted(one["login"] for one in people["lawyers"])
    for weeks in (0, 6, 13):
        assert len(set(reachable(clock.now() + timedelta(weeks=weeks), again))) >= 6
    assert reachable(clock.now(), again)[0] == again["lawyers"][0]["name"]
    assert Consultation.objects.count() == counted[Consultation]


def test_a_demo_of_another_size_and_a_real_vendor_are_refused(people: dict[str, Any], settings: Settings) -> None:
    with pytest.raises(CommandError, match="another size"):
        load_demo("pilot")
    settings.REAL_VENDOR = True
    with pytest.raises(CommandError, match="TELEPHONY=lab"):
        load_demo()


def test_a_person_changed_by_hand_is_told_and_not_repaired(people: dict[str, Any]) -> None:
    lawyer = next(one for one in directory.demo_people() if one.email == people["lawyers"][0]["login"])
    directory_services.update_person(
        person_id=lawyer.id,
        email="anders@example.nl",
        name=lawyer.name,
        organisation_id=lawyer.organisation_id,
        usual_area_id=None,
        usual_region_id=None,
        is_generalist=False,
        is_active=True,
    )
    with pytest.raises(CommandError, match="changed or put out of use"):
        load_demo()


def test_the_lab_gets_its_phones(people: dict[str, Any], loaded: Loaded) -> None:
    written = json.loads(told.write_lab_file(loaded).read_text(encoding="utf-8"))
    assert set(written) == {"lines", "people"}
    assert [line["number"] for line in written["lines"]] == [people["line"]["number"], SECOND_LINE_NUMBER]
    assert {"name", "role", "number", "email"} == set(written["people"][0])
    roles = {one["role"] for one in written["people"]}
    assert roles == {"worker", "lawyer", "coordinator", "administrator", "assistant", "organisation"}
    numbers = [one["number"] for one in written["people"]]
    assert len(set(numbers)) == len(numbers)


def test_the_second_line_keeps_office_hours_and_has_the_scenes(people: dict[str, Any], at_ten_thirty: datetime) -> None:
    line = rosters.line_by_number(SECOND_LINE_NUMBER)
    assert line is not None
    assert line.hours.is_open(at_ten_thirty)
    assert not line.hours.is_open(at_ten_thirty + timedelta(hours=10))
    sick = Duty.objects.get(cancelled_at__isnull=False)
    assert (sick.desk.name, sick.cancelled_why) == (OFFICE_HOURS[0].name, "Ziek gemeld")
    paused = Pause.objects.get(ends_at__gt=at_ten_thirty)
    assert _desks_of(paused.person_id) == {OFFICE_HOURS[2].name}
    not_ready = Duty.objects.filter(person__numbers__verified_at__isnull=True).values_list("person_id", flat=True)
    assert {name for person_id in set(not_ready) for name in _desks_of(person_id)} == {OFFICE_HOURS[2].name}


def test_the_questions_are_at_every_stage_and_their_events_tell_the_same(
    people: dict[str, Any], at_ten_thirty: datetime
) -> None:
    assert Consultation.objects.count() == SIZES["small"].questions
    for consultation in Consultation.objects.all():
        assert replayed(consultation.pk) == standing_now(consultation), consultation.reference
        assert consultation.created_at <= at_ten_thirty
        assert consultation.ended_at is None or consultation.ended_at <= at_ten_thirty
    assert set(Consultation.objects.values_list("status", flat=True)) >= {
        "submitted",
        "with_lawyer",
        "more_info",
        "answered",
        "closed",
    }
    assert Consultation.objects.filter(next_step="coordinate").exists()
    assert Consultation.objects.filter(next_step="follow_up").exists()
    first = directory.caller_of(people["workers"][0]["number"])
    assert first is not None
    own = Consultation.objects.filter(asker_id=first.person_id)
    assert own.filter(status="closed").exists()
    assert own.exclude(status="closed").count() >= 3
    assert set(Call.objects.values_list("end", flat=True)) == {"connected"}
    assert not Offer.objects.filter(channel="phone", state__in=Offer.PHONE_OPEN).exists()


def test_nothing_is_sent_for_what_is_over_and_no_phone_rings(people: dict[str, Any]) -> None:
    assert set(OutboxMessage.objects.values_list("kind", flat=True)) <= {"sms", "mail"}
    assert OutboxMessage.objects.count() < 80


def test_every_site_has_a_contact_point_with_workers_in_turn(people: dict[str, Any], at_ten_thirty: datetime) -> None:
    line = rosters.line_by_number(BACK_LINE_NUMBER)
    assert line is not None
    assert line.direction == "back"
    desk_ids = [desk.id for desk in rosters.desks() if desk.line_id == line.id]
    assert len(desk_ids) == 5
    now = rosters.on_duty(desk_ids, at_ten_thirty)
    assert [one.position for one in now] == [1] * 5
    assert all(one.number for one in now)
    for one in now:
        assert {held.role for held in directory.roles_of(one.person_id)} == {"worker"}
        verdict = eligibility.verdict(one.desk_id, Interval(one.starts_at, one.ends_at), one.person_id)
        assert verdict is not None
        assert set(verdict.broken) <= {"on_duty", "week_full"}  # the duty he holds; not his role, region or areas
    first = directory.caller_of(people["workers"][0]["number"])
    assert first is not None
    assert not rosters.does_duties(first.person_id)
    assert len(rosters.on_duty(desk_ids, at_ten_thirty + timedelta(weeks=12))) == 5


def test_the_assistant_keeps_the_roster_of_the_first_lawyer(people: dict[str, Any], loaded: Loaded) -> None:
    assistant = loaded.contacts[loaded.plan.assistants[0].email]
    assert people["lawyers"][0]["name"] in directory.assisted_by(assistant.id).values()


def test_a_demo_from_before_gets_its_assistant_and_contact_points(people: dict[str, Any], loaded: Loaded) -> None:
    assistant = loaded.contacts[loaded.plan.assistants[0].email]
    Person.objects.filter(pk=assistant.id).delete()
    Duty.objects.filter(desk__line__number=BACK_LINE_NUMBER).delete()
    Desk.objects.filter(line__number=BACK_LINE_NUMBER).delete()
    Line.objects.get(number=BACK_LINE_NUMBER).delete()
    roster_snapshot.forget()
    load_demo()
    assert [one.email for one in directory.demo_people()].count(assistant.email) == 1
    assert rosters.line_by_number(BACK_LINE_NUMBER) is not None


def _desks_of(person_id: int) -> set[str]:
    return set(Duty.objects.filter(person_id=person_id).values_list("desk__name", flat=True))
