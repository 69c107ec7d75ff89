"""The page about coverage: the worst first in words, then a plain table; and putting somebody on duty."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from integrations import clock
from rosters import queries, services
from rosters.core import wall
from rosters.models import Absence, CoverRequest, Duty, Gap, Hole
from rosters.services import gaps
from tests.builders import PASSWORD, a_coordinator, a_desk, a_lawyer, a_line, personas
from tests.rosters.coverage.days import NEXT_WEEK, THURSDAY, WEDNESDAY, a_ready_lawyer, on, the_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
PAGE = "/regie/dekking/"


@pytest.fixture
def coordinator() -> Any:
    return a_coordinator("Coby", password=PASSWORD)


@pytest.fixture
def client(coordinator: Any) -> Client:
    client = Client()
    client.force_login(coordinator)
    return client


def page(client: Client, address: str = PAGE) -> str:
    """The words of the page, as a screen reader finds them."""
    answer = client.get(address)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|span|div|h1|h2)>", " ", html)))


def stretch(desk: Any, day: Any, starts: int = 540, ends: int = 780) -> str:
    times = [int(wall.moment(day, minutes).timestamp()) for minutes in (starts, ends)]
    return reverse("desk_stretch", args=[desk.pk, *times])


def test_without_a_line_it_says_that_nothing_is_covered(client: Client) -> None:
    assert "er is op geen enkel uur dekking" in page(client)


def test_an_empty_roster_is_the_loudest_of_all(client: Client) -> None:
    a_desk(a_line(), "Huur Walcheren")

    html = client.get(PAGE).content.decode()
    said = plain(html)

    assert "Hier staat helemaal niemand op het rooster: Huur Walcheren: 22 van de 22 dagdelen leeg" in said
    assert "Nu 1 gat; in 14 dagen 22 keer een gat" in said
    assert html.index("Huur Walcheren") < html.index("<table")
    assert "rechtsgebieden hebben in een of meer regio's geen piketpost" in said


def test_the_worst_comes_first_and_can_be_solved_in_one_step(client: Client) -> None:
    line = a_line()
    desk = a_desk(line, "Huur Walcheren")
    on(WEDNESDAY, desk, a_ready_lawyer(), a_ready_lawyer())
    on(THURSDAY, desk, a_ready_lawyer(), ends=780)
    gaps.watch_gaps()

    html = client.get(PAGE).content.decode()
    said = plain(html)

    below = Gap.objects.get(starts_at=wall.moment(THURSDAY, 540))
    assert "Huur Walcheren, do 19 nov 9-13 u onder norm: 1 van 2 niemand ingeroosterd" in said
    assert f'href="/regie/dekking/gat/{below.pk}/"' in html
    assert "Coby lost het op" in said


def test_every_cell_of_the_table_says_itself(client: Client) -> None:
    desk = a_desk(a_line())
    on(NEXT_WEEK, desk, a_ready_lawyer(), a_ready_lawyer(), ends=780)

    html = client.get(f"{PAGE}?week=2026-11-25&open=huur").content.decode()
    said = plain(html)

    assert "Week 48, 23 november tot en met 29 november 2026" in said
    assert re.search(r"Huurrecht, woensdag 25 november, ochtend, 2 van 2 bezet, op norm", said)
    assert "Huurrecht, woensdag 25 november, middag, 0 van 2 bezet, gat" in said
    assert "Huurrecht, zaterdag 28 november, ochtend, gesloten" in said
    assert "Walcheren, woensdag 25 november, middag, 0 van 2 bezet, gat" in said
    assert html.count('scope="row"') == 11 + 1  # an area with a signpost is never connected
    assert "<caption>" in html
    assert 'href="#after-table">Sla tabel over' in html


def test_an_area_shows_its_worst_region(client: Client) -> None:
    broad = a_coordinator(region="AR11", password=PASSWORD)
    client.force_login(broad)
    on(NEXT_WEEK, a_desk(a_line()), a_ready_lawyer(), a_ready_lawyer())

    said = page(client, f"{PAGE}?week=2026-11-25&open=huur")

    assert "Huurrecht, woensdag 25 november, ochtend, 0 van 2 bezet, gat, geen piketpost" in said
    assert "Walcheren, woensdag 25 november, ochtend, 2 van 2 bezet, op norm" in said
    only = page(client, f"{PAGE}?week=2026-11-25&regio=walcheren")
    assert "Huurrecht, woensdag 25 november, ochtend, 2 van 2 bezet, op norm" in only


def test_only_problems_leaves_out_what_is_well(client: Client) -> None:
    desk = a_desk(a_line(), areas="*")
    for day in range(15):
        at = wall.day_of(clock.now()) + timedelta(days=day)
        if at.weekday() < 5:
            on(at, desk, a_ready_lawyer(), a_ready_lawyer())
    Duty.objects.update(confirmed_at=clock.now())

    assert "Geen gaten in 14 dagen" in page(client)
    assert "Geen problemen in deze periode" in page(client, f"{PAGE}?problemen=1&week=2026-11-23")
    assert "Huurrecht" in page(client, f"{PAGE}?week=2026-11-23")


def test_thirteen_weeks_show_the_worst_of_each_week(client: Client) -> None:
    on(NEXT_WEEK, a_desk(a_line()), a_ready_lawyer(), a_ready_lawyer())

    said = page(client, f"{PAGE}?weken=13")

    assert "Huurrecht, week 48, 0 van 2 bezet, gat" in said
    assert "Huurrecht, week 6, 0 van 2 bezet, gat" in said


@pytest.mark.parametrize(
    "query",
    ["week=x", "week=9999-01-01", "weken=7", "regio=zwolle", "regio=%00", "lijn=99", "open=x,huur", "problemen=2"],
)
def test_an_address_that_makes_no_sense_shows_the_usual_page(client: Client, query: str) -> None:
    a_desk(a_line())

    assert "Week 47" in page(client, f"{PAGE}?{query}")


def test_what_was_asked_for_and_could_not_be_is_listed(client: Client) -> None:
    desk = a_desk(a_line(), "Huur Walcheren")
    Hole.objects.create(
        desk=desk,
        person=a_lawyer("Bos"),
        starts_at=wall.moment(THURSDAY, 540),
        ends_at=wall.moment(THURSDAY, 780),
        reason="absent",
    )

    assert "Huur Walcheren, do 19 nov 09:00-13:00 Bos afwezig" in page(client)


def test_it_costs_a_fixed_number_of_statements(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    line = a_line()
    for _ in range(8):
        a_desk(line)
    gaps.watch_gaps()
    queries.desks()

    with django_assert_max_num_queries(16):
        page(client, f"{PAGE}?weken=13&open=huur")


# --- A stretch of a desk ----------------------------------------------------------------------------------------------
def test_a_coordinator_puts_somebody_on_duty(client: Client) -> None:
    desk, bos = a_desk(a_line(), "Huur Walcheren"), a_ready_lawyer("Bos")
    on(THURSDAY, desk, a_ready_lawyer("Chen"))
    gaps.watch_gaps()
    gap = Gap.objects.get(starts_at=wall.moment(THURSDAY, 540))

    said = page(client, reverse("gap", args=[gap.pk]))
    assert "Zoek iemand voor Huur Walcheren, do 19 nov 9-13 u" in said
    assert "onder norm: 1 van 2, niemand ingeroosterd" in said
    assert "Chen, van dienst, 09:00-17:00" in said
    assert "Bos vrij" in said
    answer = client.post(stretch(desk, THURSDAY), {"wie": bos.pk}, follow=True)

    assert "Bos heeft nu de dienst" in plain(answer.content.decode())
    duty = Duty.objects.get(person=bos)
    assert (duty.position, duty.starts_at, duty.ends_at) == (
        2,
        wall.moment(THURSDAY, 540),
        wall.moment(THURSDAY, 780),
    )
    gap.refresh_from_db()
    assert gap.closed_at == clock.now()
    assert "er is iemand gevonden" in page(client, reverse("gap", args=[gap.pk]))


def test_a_duty_that_fell_vacant_leads_to_its_repair(client: Client) -> None:
    desk = a_desk(a_line())
    (duty,) = on(THURSDAY, desk, a_ready_lawyer())
    services.cancel_duty(duty_id=duty.pk, why="sick")
    assert "/regie/herstel/" not in client.get(stretch(desk, THURSDAY)).content.decode()

    CoverRequest.objects.create(
        number=417,
        kind="sick",
        duty=duty,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        closes_at=duty.ends_at,
    )

    assert f'href="/regie/herstel/{duty.pk}/"' in client.get(stretch(desk, THURSDAY)).content.decode()


def test_who_breaks_a_rule_needs_a_tick_and_nothing_is_lost(client: Client) -> None:
    desk, bos = a_desk(a_line()), a_lawyer("Bos")
    day = the_day(THURSDAY)
    Absence.objects.create(person=bos, starts_at=day.start, ends_at=day.end)

    refused = client.post(stretch(desk, THURSDAY), {"wie": bos.pk})

    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Bos: is niet beschikbaar. Vink aan dat dit is afgesproken" in html
    assert re.search(rf'value="{bos.pk}" checked', html)
    assert not Duty.objects.exists()
    client.post(stretch(desk, THURSDAY), {"wie": bos.pk, "afgesproken": "1"})
    assert Duty.objects.get().person_id == bos.pk


@pytest.mark.parametrize("who", ["", "x", "999999", "9" * 30])
def test_without_a_person_that_can_it_says_what_to_do(client: Client, who: str) -> None:
    desk = a_desk(a_line())
    a_lawyer()

    refused = client.post(stretch(desk, THURSDAY), {"wie": who})

    assert refused.status_code == 422
    assert "Kies" in plain(refused.content.decode())
    assert not Duty.objects.exists()


def test_who_cannot_is_refused_also_by_a_post(client: Client) -> None:
    desk, stranger = a_desk(a_line()), a_lawyer(areas=("arbeid",))

    refused = client.post(stretch(desk, THURSDAY), {"wie": stranger.pk, "afgesproken": "1"})

    assert "niet ingeschreven voor dit rechtsgebied" in refused.content.decode()
    assert not Duty.objects.exists()


@pytest.mark.parametrize("times", ["5-4", "4-5", "1795000000-1796000000", "99999999999-99999999999999999999"])
def test_a_stretch_that_cannot_be_is_not_found(client: Client, times: str) -> None:
    desk = a_desk(a_line())

    assert client.get(f"/regie/dekking/post/{desk.pk}/{times}/").status_code == 404
    assert client.get("/regie/dekking/gat/999/").status_code == 404


def test_a_gap_is_given_to_another_coordinator(client: Client) -> None:
    other = a_coordinator("Anna")
    a_desk(a_line())
    gaps.watch_gaps()
    gap = Gap.objects.get(starts_at=wall.moment(THURSDAY, 540))

    client.post(reverse("gap_owner", args=[gap.pk]), {"eigenaar": other.pk})
    assert Gap.objects.get(pk=gap.pk).owner_id == other.pk
    wrong = client.post(reverse("gap_owner", args=[gap.pk]), {"eigenaar": "x"}, follow=True)

    assert "Kies een coördinator van deze regio" in wrong.content.decode()
    assert Gap.objects.get(pk=gap.pk).owner_id == other.pk


def test_nobody_but_a_coordinator_of_the_region_opens_it() -> None:
    desk = a_desk(a_line())
    gaps.watch_gaps()
    gap = Gap.objects.get(starts_at=wall.moment(THURSDAY, 540))
    addresses = [stretch(desk, THURSDAY), reverse("gap", args=[gap.pk])]
    found = {}
    for persona, person in personas().items():
        visitor = Client()
        visitor.force_login(person)
        found[persona] = [visitor.get(address).status_code for address in addresses]
        found[persona].append(visitor.post(reverse("gap_owner", args=[gap.pk]), {"eigenaar": person.pk}).status_code)
        found[persona].append(visitor.post(stretch(desk, THURSDAY), {"wie": ""}).status_code)

    no = [403, 403, 403, 403]
    assert found == {
        "worker": no,
        "lawyer": no,
        "coordinator": [200, 200, 302, 422],
        "other_coordinator": no,
        "stranger": no,
    }
    assert Client().get(addresses[0]).status_code == 302
    assert services.watch_gaps() > 0
