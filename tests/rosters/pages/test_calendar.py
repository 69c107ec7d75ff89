"""Agenda koppelen: the address in three taps, its alarm and its end; a coordinator's desks, an assistant's lawyer."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Assistance
from integrations import clock
from rosters.models import Feed
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_thirty")]
PAGE = "/rooster/agenda/"


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(person: Any, query: str = "") -> str:
    answer = as_(person).get(PAGE + query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def addresses_on(page: str) -> list[str]:
    return re.findall(r'value="(http[^"]+/agenda/[a-z2-7]{40}\.ics)"', page)


def test_the_page_gives_one_address_in_three_ways_and_a_field() -> None:
    lawyer = builders.a_lawyer()
    page = page_of(lawyer)
    (address,) = addresses_on(page)
    assert "<h1>Agenda koppelen</h1>" in page
    assert "Agenda-apps lopen uren achter; wijzigingen sms'en we." in page
    assert "Nog nooit opgehaald" in page
    links = {urlsplit(link).netloc: link for link in re.findall(r'href="((?:webcal|https)://[^"]+)"', page)}
    assert links["127.0.0.1:8000"] == address.replace("http://", "webcal://")
    assert parse_qs(urlsplit(links["calendar.google.com"]).query)["cid"] == [address.replace("http://", "webcal://")]
    assert parse_qs(urlsplit(links["outlook.office.com"]).query)["url"] == [address]
    assert Client().get(urlsplit(address).path).status_code == 200
    assert addresses_on(page_of(lawyer)) == [address]
    assert "no-store" in as_(lawyer).get(PAGE).headers["Cache-Control"]


def test_it_says_who_fetched_it_last_and_how_long_ago() -> None:
    lawyer = builders.a_lawyer()
    (address,) = addresses_on(page_of(lawyer))
    Client().get(urlsplit(address).path, headers={"User-Agent": "Google-Calendar-Importer"})
    clock.forward(timedelta(hours=3))
    assert "Laatst opgehaald door Google: 3\xa0uur geleden" in page_of(lawyer)
    Client().get(urlsplit(address).path, headers={"User-Agent": "curl/8"})
    assert "Laatst opgehaald door een ander programma: 0\xa0minuten geleden" in page_of(lawyer)


def test_an_alarm_and_invitations_are_chosen_and_stay_chosen() -> None:
    lawyer = builders.a_lawyer()
    page_of(lawyer)
    feed = Feed.objects.get()
    as_(lawyer).post(reverse("feed_settings", args=[feed.pk]), {"alarm": "30", "uitnodigen": "on"})
    feed.refresh_from_db()
    assert (feed.alarm_minutes, feed.invites_since) == (30, clock.now())
    page = page_of(lawyer)
    assert '<option value="30" selected>30 minuten ervoor</option>' in page
    assert 'name="uitnodigen" checked' in page
    as_(lawyer).post(reverse("feed_settings", args=[feed.pk]), {"alarm": ""})
    feed.refresh_from_db()
    assert (feed.alarm_minutes, feed.invites_since) == (None, None)


@pytest.mark.parametrize("alarm", ["7", "-15", "x", "9" * 30])
def test_an_alarm_that_is_not_in_the_list_is_refused(alarm: str) -> None:
    lawyer = builders.a_lawyer()
    page_of(lawyer)
    feed = Feed.objects.get()
    answer = as_(lawyer).post(reverse("feed_settings", args=[feed.pk]), {"alarm": alarm}, follow=True)
    assert "Kies een van de momenten in de lijst." in answer.content.decode()
    feed.refresh_from_db()
    assert feed.alarm_minutes is None


def test_revoking_ends_the_old_address_and_shows_a_new_one() -> None:
    lawyer = builders.a_lawyer()
    (old,) = addresses_on(page_of(lawyer))
    answer = as_(lawyer).post(reverse("feed_revoke", args=[Feed.objects.get().pk]), follow=True)
    (new,) = addresses_on(answer.content.decode())
    assert new != old
    assert "Het oude adres werkt niet meer" in answer.content.decode()
    assert Client().get(urlsplit(old).path).status_code == 410


def test_nobody_changes_the_feed_of_another() -> None:
    lawyer, other = builders.a_lawyer(), builders.a_lawyer()
    (address,) = addresses_on(page_of(lawyer))
    feed = Feed.objects.get()
    as_(other).post(reverse("feed_revoke", args=[feed.pk]))
    as_(other).post(reverse("feed_settings", args=[feed.pk]), {"alarm": "30"})
    assert addresses_on(page_of(lawyer)) == [address]
    assert Feed.objects.get(pk=feed.pk).alarm_minutes is None


def test_a_coordinator_without_duties_makes_addresses_for_his_desks_and_regions_only() -> None:
    desk = builders.a_desk(builders.a_line(), "Huurrecht Walcheren")
    far = builders.a_desk(builders.a_line(), "Huurrecht Zwolle", regions=["zwolle"])
    coordinator = builders.a_coordinator()
    page = page_of(coordinator)
    assert addresses_on(page) == []
    assert "Huurrecht Walcheren" in page
    assert "Huurrecht Zwolle" not in page
    client = as_(coordinator)
    for wanted in (f"desk:{desk.pk}", f"region:{builders.region_id()}"):
        client.post(reverse("feed_new"), {"wat": wanted})
    assert len(addresses_on(page_of(coordinator))) == 2
    for refused in (f"desk:{far.pk}", "desk:", "person:1", "", "desk:99999"):
        answer = client.post(reverse("feed_new"), {"wat": refused}, follow=True)
        assert "piket-alert--fault" in answer.content.decode()
    assert Feed.objects.count() == 2


def test_an_assistant_gets_an_address_of_his_own_that_ends_with_his_work() -> None:
    lawyer, assistant = builders.a_lawyer("mr. Sanne de Vries"), builders.a_person("Anna Assistent")
    Assistance.objects.create(assistant=assistant, person=lawyer)
    (hers,) = addresses_on(page_of(lawyer))
    page = page_of(assistant, f"?voor={lawyer.pk}")
    (his,) = addresses_on(page)
    assert his != hers
    assert "Diensten van mr. Sanne de Vries in je agenda" in page
    assert "uitnodigen" not in page
    builders.a_duty(builders.a_desk(builders.a_line()), lawyer, starts=24)
    assert Client().get(urlsplit(his).path).content.count(b"BEGIN:VEVENT") == 1
    Assistance.objects.update(ends_on=builders.today())
    assert Client().get(urlsplit(his).path).status_code == 410
    assert Client().get(urlsplit(hers).path).status_code == 200
    assert as_(assistant).get(f"{PAGE}?voor={lawyer.pk}").status_code == 403


def test_nobody_gets_the_address_of_another_by_asking() -> None:
    lawyer, other = builders.a_lawyer(), builders.a_lawyer()
    assert as_(other).get(f"{PAGE}?voor={lawyer.pk}").status_code == 403
    assert Feed.objects.count() == 0


def test_settings_of_an_unknown_feed_say_that_it_is_gone() -> None:
    answer = as_(builders.a_lawyer()).post(reverse("feed_revoke", args=[77]), follow=True)
    assert "Dit agenda-adres bestaat niet meer" in answer.content.decode()
