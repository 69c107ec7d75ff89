"""The pages of planners: look first, then do; what is wrong is said beside its field and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from integrations import clock
from rosters import services
from rosters.models import Duty, Pattern, RosterVersion
from tests import builders
from tests.rosters.plans.conftest import MONDAY, Plans, at

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def client(plans: Plans) -> Client:
    client = Client()
    client.force_login(plans.coordinator)
    return client


def text(answer: Any) -> str:
    """What a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def typed_pattern(plans: Plans, **changed: Any) -> dict[str, Any]:
    return {
        "desk": plans.desk.pk, "person": plans.chen.pk, "weekdays": ["0", "1"], "part": "ochtend", "position": 2,
        "every_weeks": 1, "on_holidays": "staff", "valid_from": "2026-11-23", "stap": "tonen", **changed,
    }  # fmt: skip


def seen(answer: Any) -> str:
    found = re.search(r'name="gezien" value="([0-9a-f]{16})"', answer.content.decode())
    assert found, "nothing was shown to confirm"
    return found[1]


def test_the_rosters_page_shows_what_fills_each_desk(plans: Plans, client: Client) -> None:
    plans.with_patterns()
    assert "nu door de patronen" in text(client.get(reverse("rosters")))

    version = plans.draft(since=date(2026, 11, 18), days=14)
    plans.publish(version)
    page = text(client.get(reverse("rosters")))

    assert f"Versie {version.pk}, gepubliceerd 18 nov 10:32" in page
    assert "nu door rooster Week 48" in page
    assert "ma-vr 9:00-13:00" in page


def test_the_rosters_page_names_what_cannot_be(plans: Plans, client: Client) -> None:
    services.add_duty(
        desk_id=builders.a_desk(plans.line).pk, person_id=plans.ada.pk, starts_at=at(MONDAY, 9), ends_at=at(MONDAY, 10)
    )
    plans.with_patterns()

    page = text(client.get(reverse("rosters")))

    assert "ma 23 nov 9-13 u" in page
    assert "Ada heeft een andere dienst" in page


def test_a_coordinator_of_elsewhere_sees_and_reaches_nothing_of_it(plans: Plans) -> None:
    version = plans.with_patterns().draft()
    pattern, duty = Pattern.objects.first(), Duty.objects.first()
    stranger = Client()
    stranger.force_login(builders.a_coordinator(region="zwolle"))

    assert "Walcheren huur" not in text(stranger.get(reverse("rosters")))
    for name, arguments in {
        "version": [version.pk], "version_publish": [version.pk], "pattern": [pattern.pk], "duty_end": [duty.pk]
    }.items():  # fmt: skip
        assert stranger.get(reverse(name, args=arguments)).status_code == 404
    planned = version.planned.first()
    for name, arguments in {
        "version_undo": [version.pk], "version_discard": [version.pk], "planned": [version.pk, planned.pk]
    }.items():  # fmt: skip
        assert stranger.post(reverse(name, args=arguments)).status_code == 404
    typed = typed_pattern(plans)
    assert stranger.post(reverse("pattern_new"), typed).status_code == 400
    assert Pattern.objects.count() == 2


def test_a_new_pattern_is_shown_first_and_made_on_the_second_button(plans: Plans, client: Client) -> None:
    shown = client.post(reverse("pattern_new"), typed_pattern(plans))

    assert shown.status_code == 200
    assert not Pattern.objects.exists()
    assert "ma 23 nov 9-13 u" in text(shown)
    done = client.post(reverse("pattern_new"), typed_pattern(plans, stap="doen", gezien=seen(shown)))
    assert done.status_code == 302
    pattern = Pattern.objects.get()
    assert (pattern.weekdays, pattern.starts, pattern.minutes, pattern.position) == ("01", 540, 240, 2)


def test_what_was_typed_over_since_it_was_shown_is_shown_again(plans: Plans, client: Client) -> None:
    shown = client.post(reverse("pattern_new"), typed_pattern(plans))

    other = client.post(reverse("pattern_new"), typed_pattern(plans, weekdays=["4"], stap="doen", gezien=seen(shown)))

    assert other.status_code == 200
    assert not Pattern.objects.exists()
    assert "vr 27 nov 9-13 u" in text(other)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"person": ""}, "Kies een persoon"),
        ({"weekdays": []}, "Kies minstens één dag"),
        ({"part": ""}, "Kies een dagdeel, of vul van en tot in"),
        ({"part": "", "starts": "25:00", "ends": "9"}, "Schrijf de tijd als 9:00"),
        ({"part": "", "starts": "8:00", "ends": "12:00"}, "niet de hele tijd open"),
        ({"last_day": "2026-11-01"}, "Een patroon stopt nadat het begint"),
        ({"person": "ada", "position": 1}, "Ada heeft al een patroon"),
    ],
)
def test_a_pattern_that_cannot_be_is_said_and_nothing_typed_is_lost(
    plans: Plans, client: Client, changed: dict[str, Any], words: str
) -> None:
    plans.with_patterns()
    if changed.get("person") == "ada":
        changed = {**changed, "person": plans.ada.pk}

    answer = client.post(reverse("pattern_new"), typed_pattern(plans, **changed))

    assert answer.status_code == 400
    assert words in text(answer)
    assert 'value="2026-11-23"' in answer.content.decode()
    assert Pattern.objects.count() == 2


def test_a_pattern_is_changed_after_its_difference_was_seen(plans: Plans, client: Client) -> None:
    plans.with_patterns()
    pattern = Pattern.objects.get(person=plans.ada)
    address = reverse("pattern", args=[pattern.pk])
    assert 'value="9:00"' in client.get(address).content.decode()
    typed = typed_pattern(plans, position=1, weekdays=list("01234"), part="", starts="9:00", ends="13:00")

    shown = client.post(address, typed)
    assert "Ada" in text(shown)
    assert plans.who(MONDAY, 9) == "Ada"
    assert client.post(address, {**typed, "stap": "doen", "gezien": seen(shown)}).status_code == 302
    assert plans.who(MONDAY, 9) == "Chen"


def test_a_pattern_is_stopped_after_its_difference_was_seen(plans: Plans, client: Client) -> None:
    plans.with_patterns()
    address = reverse("pattern", args=[Pattern.objects.get(person=plans.ada).pk])

    shown = client.post(address, {"stop-valid_from": "2026-11-24", "stap": "stop-tonen"})
    assert plans.who(TUESDAY, 9) == "Ada"
    typed = {
        "stop-valid_from": "2026-11-24",
        "stap": "stoppen",
        "gezien": re.findall(r'name="gezien" value="(\w+)"', shown.content.decode())[-1],
    }
    assert client.post(address, typed).status_code == 302

    assert (plans.who(MONDAY, 9), plans.who(TUESDAY, 9)) == ("Ada", "")


def test_a_rotation_is_made_from_the_page(plans: Plans, client: Client) -> None:
    typed = {
        "desk": plans.desk.pk, "person_1": plans.ada.pk, "person_2": plans.bos.pk, "weekdays": ["0"],
        "part": "ochtend", "on_holidays": "staff", "valid_from": "2026-11-23",
    }  # fmt: skip
    assert client.get(reverse("rotation_new")).status_code == 200
    assert client.post(reverse("rotation_new"), {**typed, "person_2": ""}).status_code == 400
    assert client.post(reverse("rotation_new"), typed).status_code == 302
    services.keep_filled()

    assert [plans.who(MONDAY, 9), plans.who(MONDAY + timedelta(days=7), 9)] == ["Ada", "Bos"]


def test_a_draft_is_made_changed_published_and_taken_back_by_the_pages(plans: Plans, client: Client) -> None:
    plans.with_patterns()
    typed = {
        "kind": "version", "name": "Q1", "desks_chosen": [plans.desk.pk], "starts_on": "2026-11-23",
        "last_day": "2026-11-29", "start": "now",
    }  # fmt: skip
    assert client.post(reverse("draft_new"), {**typed, "last_day": "2026-11-20"}).status_code == 400
    made = client.post(reverse("draft_new"), typed)
    version = RosterVersion.objects.get()
    assert made.headers["Location"] == reverse("version", args=[version.pk])
    clock.forward(timedelta(minutes=1))

    monday = version.planned.get(starts_at=at(MONDAY, 9))
    tuesday = version.planned.get(starts_at=at(TUESDAY, 9))
    page = client.get(reverse("version", args=[version.pk]), {"dienst": monday.pk})
    assert "Geef aan" in text(page)
    client.post(reverse("planned", args=[version.pk, monday.pk]), {"stap": "wissel", "persoon": plans.chen.pk})
    client.post(reverse("planned", args=[version.pk, monday.pk]), {"stap": "vast"})
    client.post(reverse("planned", args=[version.pk, tuesday.pk]), {"stap": "weg"})
    monday.refresh_from_db()
    assert (monday.person, monday.is_locked) == (plans.chen, True)

    address = reverse("version_publish", args=[version.pk])
    page = text(client.get(address))
    assert "ma 23 nov 9-13 u" in page
    assert "di 24 nov 9-13 u, Walcheren huur: 0/1 gat" in page
    version.refresh_from_db()
    refused = client.post(address, {"revisie": version.revision})
    assert refused.status_code == 409
    assert "zeg waarom" in text(refused)
    assert client.post(address, {"revisie": 0, "waarom": "dicht"}).status_code == 409, "another draft than was seen"
    assert client.post(address, {"revisie": version.revision, "waarom": "dicht"}).status_code == 302
    assert (plans.who(MONDAY, 9), plans.who(TUESDAY, 9)) == ("Chen", "")

    page = text(client.get(reverse("version", args=[version.pk])))
    assert f"Draai versie {version.pk} terug (nog 10 minuten)" in page
    assert client.get(address).status_code == 302
    client.post(reverse("version_undo", args=[version.pk]))
    assert (plans.who(MONDAY, 9), plans.who(TUESDAY, 9)) == ("Ada", "Ada")


def test_a_duty_is_added_to_a_draft_with_its_fault_beside_the_field(plans: Plans, client: Client) -> None:
    version = plans.with_patterns().draft()
    address = reverse("version", args=[version.pk])
    typed = {
        "desk": plans.desk.pk, "day": "2026-11-23", "starts": "9", "ends": "13:00", "position": 2,
        "person": plans.ada.pk,
    }  # fmt: skip

    refused = client.post(address, typed)
    assert refused.status_code == 400
    assert "heeft in dit concept dan al een dienst" in text(refused)
    assert client.post(address, {**typed, "person": plans.chen.pk, "ends": "18:00"}).status_code == 400
    assert client.post(address, {**typed, "person": plans.chen.pk}).status_code == 302
    assert version.planned.filter(person=plans.chen).count() == 1


def test_a_draft_is_thrown_away(plans: Plans, client: Client) -> None:
    version = plans.with_patterns().draft()

    assert client.post(reverse("version_discard", args=[version.pk])).status_code == 302
    version.refresh_from_db()
    assert version.state == "discarded"


def test_a_duty_by_hand_asks_for_ticks_and_tells_the_person(plans: Plans, client: Client) -> None:
    typed = {
        "desk": plans.desk.pk, "day": "2026-11-23", "starts": "16:00", "ends": "20:00", "position": 1,
        "person": plans.chen.pk,
    }  # fmt: skip
    refused = client.post(reverse("duty_add"), typed)
    assert "niet die hele tijd open" in text(refused)
    assert client.post(reverse("duty_add"), {**typed, "outside_hours": "on"}).status_code == 302
    duty = Duty.objects.get()

    typed |= {"day": "2026-11-24", "starts": "6", "ends": "10", "outside_hours": "on"}
    refused = client.post(reverse("duty_add"), {**typed, "starts": "2", "ends": "6"})
    assert "te weinig rust" in text(refused)
    assert client.post(reverse("duty_add"), {**typed, "starts": "2", "ends": "6", "agreed": "on"}).status_code == 302

    assert "16:00" in text(client.get(reverse("duty_end", args=[duty.pk])))
    client.post(reverse("duty_end", args=[duty.pk]))
    duty.refresh_from_db()
    assert (duty.cancelled_why, duty.cancelled_by) == ("coordinator", plans.coordinator)


def test_who_is_not_registered_is_not_given_a_duty(plans: Plans, client: Client) -> None:
    typed = {
        "desk": plans.desk.pk, "day": "2026-11-23", "starts": "9", "ends": "13", "position": 1,
        "person": builders.a_lawyer("Dirk", areas=("arbeid",)).pk,
    }  # fmt: skip

    refused = client.post(reverse("duty_add"), typed)

    assert "niet ingeschreven" in text(refused)
    assert not Duty.objects.exists()
