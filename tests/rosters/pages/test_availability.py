"""The page about availability, by plain forms: a browser without JavaScript."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from directory.models import Assistance
from rosters import services
from rosters.core import wall
from rosters.core.intervals import Interval
from rosters.models import Absence, BusySource, CoverRequest, Duty, Round, Terms, WeeklyAvailability, Wish
from tests import builders
from tests.hotline.pages.conftest import main_of
from tests.integrations.calendars.calendars import calendar, event

PAGE = "/beschikbaarheid/"
pytestmark = pytest.mark.usefixtures("db", "at_ten_thirty")


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def ada(at_ten_thirty: datetime, db: None) -> Any:
    return builders.a_lawyer("Ada Advocaat")


def post(client: Client, address: str, /, *arguments: Any, **data: Any) -> Any:
    return client.post(reverse(address, args=arguments), data, follow=True)


def test_one_press_takes_a_week_off_and_one_press_gives_it_back(ada: Any) -> None:
    client = as_(ada)
    page = main_of(client.get(PAGE))
    assert 'value="2026-11-23|2026-11-29||cannot"' in page
    page = main_of(post(client, "availability_set", zet="2026-11-23|2026-11-29||cannot"))
    assert 'value="2026-11-23|2026-11-29||can"' in page
    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (
        wall.moment(date(2026, 11, 23), 0),
        wall.moment(date(2026, 11, 30), 0),
    )
    post(client, "availability_set", zet="2026-11-23|2026-11-29||can")
    assert not Absence.objects.filter(withdrawn_at__isnull=True).exists()


def test_a_part_of_a_day_goes_round_can_rather_not_cannot(ada: Any) -> None:
    client, cell = as_(ada), "2026-11-24|2026-11-24|middag"
    for level in ("rather_not", "cannot", "can"):
        page = main_of(client.get(PAGE))
        assert f'value="{cell}|{level}"' in page
        post(client, "availability_set", zet=f"{cell}|{level}")
    assert not Absence.objects.filter(withdrawn_at__isnull=True).exists()


@pytest.mark.parametrize("zet", ["", "x", "2026-11-23|2026-11-22||cannot", "2026-11-23|2026-11-29|nacht|cannot",
                                 "2026-11-23|2026-11-29||perhaps", "2026-11-02|2026-11-02||cannot"])  # fmt: skip
def test_a_press_that_means_nothing_is_told_and_changes_nothing(ada: Any, zet: str) -> None:
    page = main_of(post(as_(ada), "availability_set", zet=zet))
    assert "piket-alert--fault" in page
    assert not Absence.objects.exists()


def test_a_duty_that_is_hit_stays_and_the_page_says_so(ada: Any) -> None:
    builders.a_lawyer("Bea Collega")
    duty = builders.a_duty(builders.a_desk(builders.a_line()), ada, starts=24)
    other = builders.a_duty(builders.a_desk(builders.a_line()), ada, starts=48)
    page = main_of(post(as_(ada), "availability_set", zet="2026-11-19|2026-11-20||cannot"))
    assert "Je hebt 2 diensten in deze periode: zoek vervanging" in page
    assert Duty.objects.filter(pk__in=[duty.pk, other.pk], cancelled_at__isnull=True).count() == 2
    assert CoverRequest.objects.filter(kind="absence", state="open").count() == 2


def test_what_is_typed_is_read_back_and_kept_with_a_second_press(ada: Any) -> None:
    client = as_(ada)
    page = main_of(post(client, "availability_quick", tekst="elke wo middag liever niet"))
    assert "elke woensdag, middag: liever niet" in page
    assert 'value="elke wo middag liever niet"' in page
    assert not WeeklyAvailability.objects.exists()
    post(client, "availability_quick", tekst="elke wo middag liever niet", bewaar="1")
    habit = WeeklyAvailability.objects.get()
    assert (habit.weekday, habit.dagdeel, habit.level) == (2, "middag", "rather_not")
    page = main_of(post(client, "availability_withdraw", gewoonte=habit.pk))
    assert not WeeklyAvailability.objects.exists()


def test_a_holiday_is_typed_in_one_line(ada: Any) -> None:
    client = as_(ada)
    page = main_of(post(client, "availability_quick", tekst="12-19 aug vakantie", bewaar="1"))
    absence = Absence.objects.get()
    assert (absence.reason, absence.starts_at) == ("holiday", wall.moment(date(2027, 8, 12), 0))
    assert "do 12 augustus 2027 t/m do 19 augustus 2027" in page
    page = main_of(post(client, "availability_withdraw", afwezig=absence.pk))
    assert "Ingetrokken" in page


@pytest.mark.parametrize(
    ("text", "words"), [("blabla", "Dit begrijpen we niet."), ("31 nov", "bestaat niet"), ("", "Schrijf")]
)
def test_what_is_not_understood_stays_in_its_box_with_examples(ada: Any, text: str, words: str) -> None:
    answer = post(as_(ada), "availability_quick", tekst=text, bewaar="1")
    page = main_of(answer)
    assert answer.status_code == 400
    assert words in page
    assert "elke woensdag" in page
    assert (f'value="{text}"' in page) or not text


def test_an_assistant_and_a_coordinator_do_it_for_somebody_else(ada: Any) -> None:
    els, coordinator = builders.a_person("Els Assistent"), builders.a_coordinator()
    Assistance.objects.create(assistant=els, person=ada)
    for by in (els, coordinator):
        page = main_of(as_(by).get(f"{PAGE}?voor={ada.pk}"))
        assert "Beschikbaarheid van Ada Advocaat" in page
        assert f'name="voor" value="{ada.pk}"' in page
        answer = post(as_(by), "availability_quick", voor=ada.pk, tekst="volgende week", bewaar="1")
        assert answer.redirect_chain[0][0].endswith(f"?voor={ada.pk}")
    assert Absence.objects.filter(person=ada, withdrawn_at__isnull=True).get().made_by_id == coordinator.pk
    for by in (builders.a_lawyer(), builders.a_coordinator(region="zwolle")):
        assert as_(by).get(f"{PAGE}?voor={ada.pk}").status_code == 403
        assert post(as_(by), "availability_quick", voor=ada.pk, tekst="morgen", bewaar="1").status_code == 403


def test_a_worker_on_a_contact_point_has_the_page_too() -> None:
    worker = builders.a_worker()
    assert as_(worker).get(PAGE).status_code == 403
    line = builders.a_line(direction="back")
    builders.a_duty(builders.a_desk(line), worker, starts=24)
    assert as_(worker).get(PAGE).status_code == 200


def test_a_coordinator_opens_a_round_the_lawyer_answers_and_the_coordinator_sees_it(ada: Any) -> None:
    coordinator = builders.a_coordinator()
    given = {
        "name": "Q1 2027",
        "region": "walcheren",
        "starts_on": "2027-01-01",
        "ends_on": "2027-03-31",
        "deadline": "2026-11-30",
    }
    wrong = as_(coordinator).post("/regie/beschikbaarheid/", {**given, "ends_on": "2026-12-01"})
    assert wrong.status_code == 400
    assert 'value="Q1 2027"' in main_of(wrong)
    page = main_of(as_(coordinator).post("/regie/beschikbaarheid/", given, follow=True))
    assert "Nog niet geantwoord" in page
    asked = Round.objects.get()
    assert (asked.ends_on, asked.deadline) == (date(2027, 4, 1), wall.moment(date(2026, 11, 30), 18 * 60))
    assert "Beschikbaarheid voor Q1 2027" in main_of(as_(ada).get(PAGE))
    refused = post(as_(ada), "availability_wish", round_id=asked.pk, min_duties="5", max_duties="2")
    assert (refused.status_code, 'value="5"' in main_of(refused)) == (400, True)
    page = main_of(post(as_(ada), "availability_wish", round_id=asked.pk, min_duties="2", max_duties="6"))
    assert "binnen" in page
    assert Wish.objects.get().max_duties == 6
    page = main_of(as_(coordinator).get("/regie/beschikbaarheid/"))
    assert "1 van 1 hebben geantwoord" in page


def test_agreements_are_the_coordinators_and_say_what_availability_does_not_do(ada: Any) -> None:
    coordinator = as_(builders.a_coordinator())
    page = main_of(coordinator.get(f"{PAGE}?voor={ada.pk}"))
    assert "Zijn aandeel wordt er niet lager van" in page
    given = {"voor": ada.pk, "weight": "0,5", "max_per_week": "2", "max_per_month": "", "rest_hours": "12"}
    assert post(coordinator, "availability_terms", **{**given, "max_per_week": "99"}).status_code == 400
    post(coordinator, "availability_terms", **given)
    agreed = Terms.objects.get()
    assert (agreed.person_id, float(agreed.weight), agreed.rest_hours) == (ada.pk, 0.5, 12)
    assert post(as_(ada), "availability_terms", **{**given, "voor": ""}).status_code == 403
    assert "je aandeel wordt er niet lager van" in main_of(as_(ada).get(PAGE))


def test_a_calendar_is_added_by_file_or_address_and_its_fault_is_told(ada: Any) -> None:
    client = as_(ada)
    file = SimpleUploadedFile("ada.ics", calendar(event(":20261124T130000Z", ":20261124T150000Z")))
    page = main_of(post(client, "busy_add", file=file, name="", url=""))
    assert "ada.ics" in page
    assert "agenda</small>" in page
    page = main_of(post(client, "busy_add", url="webcal://agenda.example/geheim", name="Outlook"))
    assert "nog niet gelezen" in page
    assert "agenda.example" not in page
    source = BusySource.objects.get(kind="url")
    BusySource.objects.filter(pk=source.pk).update(error="login_needed", failures=2)
    assert "Dit adres vraagt om in te loggen" in main_of(client.get(PAGE))
    post(client, "busy_remove", source.pk)
    assert not BusySource.objects.filter(kind="url").exists()


def test_a_calendar_that_is_a_web_page_or_too_big_is_refused_with_what_to_do(ada: Any) -> None:
    client = as_(ada)
    for content, words in ((b"<html></html>", "Dit is een webpagina"), (b"x" * 6_000_000, "groter dan 5 MB")):
        answer = post(client, "busy_add", file=SimpleUploadedFile("a.ics", content), name="Mijn agenda", url="")
        assert answer.status_code == 400
        assert words in main_of(answer)
        assert 'value="Mijn agenda"' in main_of(answer)
    answer = post(client, "busy_add", url="http://jan:geheim@agenda.example/", name="", file="")
    assert (answer.status_code, BusySource.objects.count()) == (400, 0)


def test_the_page_asks_the_database_a_bounded_number_of_times(ada: Any, django_assert_max_num_queries: Any) -> None:
    client = as_(ada)
    for number in range(5):
        builders.a_duty(builders.a_desk(builders.a_line()), ada, starts=24 * (number + 1))
    services.say(
        person_id=ada.pk,
        by=ada.pk,
        stretches=[Interval(wall.moment(date(2026, 11, 19), 0), wall.moment(date(2026, 11, 26), 0))],
        level="cannot",
    )
    client.get(PAGE)
    with django_assert_max_num_queries(45):
        client.get(PAGE)
