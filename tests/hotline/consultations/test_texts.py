"""Every text we send about a consultation: Dutch, within one SMS, and nothing of the client or the case."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from pytest_django import Settings

from hotline.consultations import telling
from hotline.consultations.texts import MAILS, SMS, WHY
from hotline.models import Lane
from integrations import clock, gsm7, sms
from tests.hotline.consultations.story import World, mails_to

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
TOKEN = "abcdefghij"
SHORT = ["http://127.0.0.1:8000", "https://een-lang-domein.piketlijn.nl"]  # the second is 30 characters of domain
LONGEST = {
    "reference": "PK-9999999",
    "area": "bestuursrecht.",
    "region": "Zeeland-West-Brabant en de hele rest van het zuidwesten van Nede",
    "organisation": "Sociaal raadslieden van de samenwerkende gemeenten in het noordoosten van Groningen",
    "until": "wo 18 nov 14:00",
    "answer_by": "vr 20 nov 17:00",
    "who": "mr. Wilhelmina Alexandrina van der Heuvel-Sint-Jansteen tot Nijenrode",
    "why": "er is niemand van dienst die we kunnen vragen",
    "name": "Ymkje-Fardau Øst-Çelik",
}


def values(short_url: str, lane: str = Lane.TWO_DAYS) -> dict[str, str]:
    return {**LONGEST, "lane": str(Lane(lane).label), "page": f"{short_url}/vragen/PK-9999999/"}


@pytest.mark.parametrize("short_url", SHORT)
@pytest.mark.parametrize("lane", Lane.values)
@pytest.mark.parametrize("name", SMS)
def test_every_sms_fits_with_the_longest_names(settings: Settings, name: str, lane: str, short_url: str) -> None:
    settings.SHORT_URL = settings.PUBLIC_URL = short_url
    with translation.override("nl"):
        text = telling.sms_text(name, values(short_url, lane))
    sent = text.replace(sms.LINK, f"{short_url}/c/{TOKEN}")
    assert gsm7.is_gsm7(sent)
    assert gsm7.length(sent) <= gsm7.ONE_MESSAGE
    assert "PK-9999999" in sent
    assert "wo 18 nov 14:00" in sent


@pytest.mark.parametrize("name", SMS)
def test_no_sms_says_who_asks_or_what(name: str) -> None:
    fields = set(re.findall(r"\{(\w+)\}", SMS[name]))
    assert fields <= {"reference", "area", "region", "lane", "until", "link", "page"}


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_can_be_filled_in_and_has_one_way_on(name: str) -> None:
    with translation.override("nl"):
        subject, body = telling.mail_text(name, values(SHORT[0]))
    assert "PK-9999999" in subject
    assert "\n" not in subject
    assert "{" not in subject + body.replace(sms.LINK, "")
    assert body.startswith("Dag Ymkje")
    assert body.endswith("Piketlijn")
    assert body.count(sms.LINK) <= 1


@pytest.mark.parametrize("name", MAILS)
def test_no_subject_names_anybody_but_colleagues(name: str) -> None:
    fields = set(re.findall(r"\{(\w+)\}", MAILS[name].subject))
    assert fields <= {"reference", "area", "region", "until", "who"}


def test_every_text_has_its_dutch() -> None:
    with translation.override("nl"):
        for text in [
            *SMS.values(),
            *(mail.subject for mail in MAILS.values()),
            *(mail.body for mail in MAILS.values()),
        ]:
            assert translation.gettext(text) != text
        for why in WHY.values():
            assert translation.gettext(why) != why


def test_accents_that_no_sms_knows_are_left_out() -> None:
    assert sms.plain("Fryslân, cliënt, ï, Ærø, Çelik, łódź, 漢") == "Fryslan, client, i, Ærø, Çelik, ?odz, ?"
    assert sms.plain("‘een’ – “twee”…") == "'een' - \"twee\"..."


def test_the_longest_name_is_cut_first_and_says_so() -> None:
    text = sms.fit("{a} {b}", {"a": "kort", "b": "Zeeland-West-Brabant"}, cut=("a", "b"), limit=18)
    assert text == "kort Zeeland-West."
    assert sms.fit("{a}", {"a": "x" * 160}, cut=("a",)) == "x" * 160
    with pytest.raises(ValueError, match="too long"):
        sms.fit("{a}" + "y" * 157, {"a": "lang"}, cut=("a",))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW + timedelta(hours=1), "11:30"),
        (NOW + timedelta(days=1), "morgen 10:30"),
        (NOW + timedelta(days=2), "vr 20 nov 10:30"),
        (date(2026, 11, 25), "wo 25 nov"),
        (None, "-"),
    ],
)
def test_moments_are_said_as_people_say_them(at: datetime | date | None, said: str) -> None:
    with clock.at(NOW), translation.override("nl"):
        assert telling.moment(at) == said


def test_messages_are_dutch_whatever_the_language_of_who_acts(world: World) -> None:
    with translation.override("en"):
        world.ask()
    assert "wacht op jou" in mails_to(world.first)[0]
