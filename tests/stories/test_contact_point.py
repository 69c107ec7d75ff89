"""A contact point: first-line workers rostered on a line back, from pattern to feed, as lawyers are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from integrations import clock
from rosters import eligibility, ledger, queries
from rosters import services as roster_services
from rosters.core.intervals import Interval
from rosters.services import covering, taking
from tests import builders

PAGES = ("/rooster/", "/ruilen/", "/beschikbaarheid/", "/uren/", "/rooster/agenda/")
MORNING, FOUR_HOURS = 9 * 60, 240


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk(db: None, at_ten_thirty: datetime) -> Any:
    return builders.a_desk(builders.a_line("Piketlijn terug", direction="back"), "Aanspreekpunt Walcheren")


def test_workers_of_the_region_and_nobody_else_can_serve_a_contact_point(desk: Any, at_ten_thirty: datetime) -> None:
    here, elsewhere = builders.a_worker("Hier"), builders.a_worker("Daar", region="zwolle")
    lawyer = builders.a_lawyer("Ada")
    when = Interval(at_ten_thirty + timedelta(days=1), at_ten_thirty + timedelta(days=1, hours=4))
    found = {one.id: one.broken for one in eligibility.verdicts(desk.pk, when)}
    assert found == {here.pk: (), elsewhere.pk: ("other_region",)}
    assert eligibility.verdict(desk.pk, when, lawyer.pk) is None


def test_from_pattern_to_hours_a_worker_has_what_a_lawyer_has(desk: Any, at_ten_thirty: datetime) -> None:
    """Rostered, opened, in the calendar, given away and taken over, and counted."""
    wim, bea = builders.a_worker("Wim Werker"), builders.a_worker("Bea Bijstand")
    assert {as_(wim).get(page).status_code for page in ("/rooster/", "/beschikbaarheid/", "/uren/")} == {403}
    roster_services.add_pattern(
        desk_id=desk.pk,
        person_id=wim.pk,
        weekdays="01234",
        starts=MORNING,
        minutes=FOUR_HOURS,
        valid_from=builders.today(),
    )
    assert queries.does_duties(wim.pk)
    roster_services.keep_filled()
    assert [one.person_id for one in queries.on_duty([desk.pk], at_ten_thirty)] == [wim.pk]
    assert {page: as_(wim).get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
    address = roster_services.hand_out_own_feeds(person_ids=[wim.pk])[wim.pk]
    calendar = Client().get(urlsplit(address).path)
    assert calendar.status_code == 200
    assert "Aanspreekpunt Walcheren" in calendar.content.decode()
    later = next(
        one for one in queries.duties_of(wim.pk, at_ten_thirty + timedelta(days=5), at_ten_thirty + timedelta(days=8))
    )
    request = covering.open_request(duty_id=later.id, kind="give", by=wim.pk)
    taking.take(request_id=request.pk, person_id=bea.pk, by=bea.pk)
    assert as_(bea).get("/rooster/").status_code == 200
    clock.forward(timedelta(days=9))
    window = ledger.month(builders.today()).window
    done = ledger.done_by([wim.pk, bea.pk], *window)
    assert [one.minutes for one in done[bea.pk]] == [FOUR_HOURS]
    assert {one.minutes for one in done[wim.pk] if not one.is_running} == {FOUR_HOURS}
    assert "Aanspreekpunt Walcheren" in as_(bea).get("/uren/").content.decode()
