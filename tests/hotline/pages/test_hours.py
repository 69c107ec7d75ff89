"""The pages of hours: the month sheet, the bars, why a duty is somebody's, and what a coordinator agrees to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from directory import services as directory_services
from directory.models import Assistance
from hotline.models import Statement
from integrations import clock
from tests import builders
from tests.hotline.consultations.story import World
from tests.hotline.pages.conftest import As, main_of

HOURS = "/uren/"


@pytest.fixture
def duty(world: World) -> Any:
    """Of the first lawyer, yesterday from 9:30 to 13:30, with a call of four minutes."""
    made = builders.a_duty(world.desk, world.first, starts=-25)
    builders.an_offer(world.first, duty=made, seconds=230)
    return made


def in_december() -> None:
    clock.forward(datetime(2026, 12, 2, 9, tzinfo=UTC) - clock.now())


def test_an_empty_month_says_so(world: World, as_: As) -> None:
    page = main_of(as_(builders.a_lawyer()).get(HOURS))
    assert "Nog geen dienst deze maand" in page
    assert "Nog te weinig gegevens" in page
    assert "Klopt" not in page


def test_the_month_shows_hours_calls_and_quiet_duties(world: World, as_: As, duty: Any) -> None:
    builders.a_duty(world.desk, world.first, starts=-49)
    page = main_of(as_(world.first).get(HOURS))
    assert "november 2026" in page
    assert "1 oproep, 4 minuten" in page
    assert "Rustige dienst: 0 oproepen. Dienst telt gewoon mee." in page
    assert "Deze maand is nog niet voorbij." in page
    assert page.count("<h1") == 1


def test_a_wrong_or_coming_month_shows_this_one(world: World, as_: As) -> None:
    for asked in ("x", "2026-13", "2026", "2027-01", "-", "99999-1"):
        assert "november 2026" in main_of(as_(world.first).get(HOURS, {"maand": asked}))
    assert "oktober 2026" in main_of(as_(world.first).get(HOURS, {"maand": "2026-10"}))


def test_the_bars_say_in_words_how_one_stands(world: World, as_: As) -> None:
    for days in range(1, 40):
        builders.a_duty(world.desk, world.first if days % 3 else world.second, starts=-24 * days - 1)
    page = main_of(as_(world.first).get(HOURS))
    assert "6 boven gemiddelde" in page
    assert "Nog te weinig" not in page
    assert "score" not in page.lower()
    assert "6 onder gemiddelde" in main_of(as_(world.second).get(HOURS))


def test_a_correction_is_kept_and_a_wrong_one_comes_back_as_it_was_typed(world: World, as_: As, duty: Any) -> None:
    client = as_(world.first)
    wrong = client.post(reverse("hours_correct"), {"key": f"duty:{duty.pk}", "minutes": "veel", "text": "liep uit"})
    page = main_of(wrong)
    assert wrong.status_code == 400
    assert 'value="veel"' in page
    assert 'value="liep uit"' in page
    assert f'href="#duty-{duty.pk}-minutes"' in page
    assert f'id="duty-{duty.pk}-minutes"' in page
    assert not Statement.objects.exists()
    said = {"key": f"duty:{duty.pk}", "minutes": "300", "text": "liep uit"}
    page = main_of(client.post(reverse("hours_correct"), said, follow=True))
    assert "Gecorrigeerd naar 5 uur: liep uit" in page
    page = main_of(client.post(reverse("hours_correct"), {"key": f"duty:{duty.pk}", "weg": "1"}, follow=True))
    assert "Gecorrigeerd naar" not in page
    gone = client.post(reverse("hours_correct"), {**said, "key": "duty:99999"})
    assert gone.status_code == 400
    assert "Deze regel is er niet meer" in main_of(gone)


def test_a_month_goes_from_concept_to_agreed(world: World, as_: As, duty: Any) -> None:
    in_december()
    lawyer, coordinator = as_(world.first), as_(world.coordinator)
    month = {"maand": "2026-11"}
    seen = lawyer.get(HOURS, month).context["sheet"].seen
    page = main_of(lawyer.post(reverse("hours_submit"), {**month, "seen": seen}, follow=True))
    assert "Ingediend. Een coördinator kijkt ernaar." in page
    assert "Klopt" not in page
    made = Statement.objects.get()
    listed = main_of(coordinator.get(reverse("statements"), month))
    assert world.first.name in listed
    refused = coordinator.post(reverse("statement_back", args=[made.pk]), {**month, "why": " "})
    assert refused.status_code == 400
    assert "Zeg in een paar woorden waarom." in main_of(refused)
    agreed = coordinator.post(
        reverse("statement_agree", args=[made.pk]), {**month, "seen": made.lines_hash}, follow=True
    )
    assert "akkoord" in main_of(agreed)
    assert "akkoord van" in main_of(lawyer.get(HOURS, month))
    sent = coordinator.post(
        reverse("statement_back", args=[made.pk]), {**month, "why": "Toch een uur te veel"}, follow=True
    )
    assert sent.status_code == 200
    assert "Toch een uur te veel" in main_of(lawyer.get(HOURS, month))


def test_what_changed_after_handing_in_is_shown_to_both(world: World, as_: As, duty: Any) -> None:
    in_december()
    month = {"maand": "2026-11"}
    seen = as_(world.first).get(HOURS, month).context["sheet"].seen
    as_(world.first).post(reverse("hours_submit"), {**month, "seen": seen})
    type(duty).objects.filter(pk=duty.pk).update(ends_at=duty.ends_at - timedelta(hours=1))
    for page in (
        main_of(as_(world.first).get(HOURS, month)),
        main_of(as_(world.coordinator).get(reverse("statements"), month)),
    ):
        assert "was 4 uur" in page
        assert "nu 3 uur" in page


@pytest.mark.parametrize(("ending", "kind"), [("csv", "text/csv; charset=utf-8"), ("pdf", "application/pdf")])
def test_the_month_is_a_file_without_names_in_its_name(
    world: World, as_: As, duty: Any, ending: str, kind: str
) -> None:
    answer = as_(world.first).get(reverse("hours_export", args=[ending]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="urenstaat-2026-11.{ending}"'


def test_an_assistant_puts_right_for_her_lawyer_and_a_coordinator_only_looks(world: World, as_: As, duty: Any) -> None:
    assistant = builders.a_stranger("Asha Assistent")
    Assistance.objects.create(assistant=assistant, person=world.first)
    for person, may in ((assistant, True), (world.coordinator, False)):
        page = main_of(as_(person).get(HOURS, {"voor": world.first.pk}))
        assert f"Uren van {world.first.name}" in page
        assert ("Corrigeer" in page) is may
    said = {"key": f"duty:{duty.pk}", "minutes": "60", "text": "korter", "voor": world.first.pk}
    assert as_(world.coordinator).post(reverse("hours_correct"), said).status_code == 403
    assert as_(assistant).post(reverse("hours_correct"), said).status_code == 302
    assert Statement.objects.get().corrections[f"duty:{duty.pk}"]["by"] == assistant.pk
    assert as_(assistant).get(HOURS, {"voor": world.second.pk}).status_code == 403


def test_why_me_opens_for_the_holder_and_who_keeps_the_roster(world: World, as_: As, duty: Any) -> None:
    address = reverse("why_me", args=[duty.pk])
    page = main_of(as_(world.first).get(address))
    assert "Waarom ik?" in page
    assert "Hoe het zo kwam" in page
    assert f"Waarom {world.first.name}?" in main_of(as_(world.coordinator).get(address))
    statuses = [as_(one).get(address).status_code for one in (world.second, world.worker, builders.a_stranger())]
    assert statuses == [404, 404, 404]
    assert "andere" in main_of(
        as_(world.first).get(reverse("why_me", args=[builders.a_duty(world.desk, world.first, starts=60).pk]))
    )


def test_the_sheet_costs_the_same_however_much_was_done(
    world: World, as_: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(1, 16):
        made = builders.a_duty(world.desk, world.first, starts=-24 * days - 1)
        builders.an_offer(world.first, duty=made)
    client = as_(world.first)
    client.get(HOURS)
    with django_assert_max_num_queries(20):
        page = main_of(client.get(HOURS))
    assert page.count("Walcheren huur") >= 15


def menu_of(as_: As, person: Any) -> list[str]:
    return [item.url for item in as_(person).get("/nu/").context["frame"].nav]


def test_the_menu_shows_rosters_to_whoever_does_duties_and_has_at_most_six_entries(world: World, as_: As) -> None:
    assistant = builders.a_stranger()
    directory_services.assign_role(person_id=assistant.pk, role="assistant")
    roster = ["/rooster/", "/ruilen/", "/uren/"]
    assert menu_of(as_, world.first) == ["/vandaag/", *roster[:2], "/gesprekken/", "/uren/", "/nu/"]
    assert menu_of(as_, assistant) == [*roster[:2], "/beschikbaarheid/", "/uren/"]
    assert not set(roster) & set(menu_of(as_, world.worker) + menu_of(as_, world.coordinator))
    back = builders.a_desk(builders.an_all_hours_line(direction="back"))
    builders.a_duty(back, world.worker, 1)
    builders.a_duty(back, world.coordinator, 2)
    assert set(roster) <= set(menu_of(as_, world.worker))
    assert "/rooster/" in menu_of(as_, world.coordinator)
    people = (world.first, assistant, world.worker, world.coordinator, world.colleague)
    assert all(len(menu_of(as_, person)) <= 6 for person in people)


def test_a_coordinator_finds_the_statements_among_what_is_to_be_arranged(world: World, as_: As) -> None:
    assert 'href="/regie/uren/"' in main_of(as_(world.coordinator).get("/regie/te-regelen/"))
