"""Everything that is spoken or texted: in Dutch, short enough, and nothing that nobody says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from pytest_django import Settings

from directory import queries as directory
from hotline.call.prompts import PROMPTS
from hotline.models import Lane
from hotline.phone import speech, texting
from hotline.phone.texts import SMS
from integrations import clock, gsm7, sms
from integrations.links import LENGTH
from integrations.twilio.verbs import Say

A_MOMENT = datetime(2026, 11, 18, 13, 59, tzinfo=UTC)
NEXT_WEEK = datetime(2026, 12, 30, 22, 55, tzinfo=UTC)
CHARACTERS_A_SECOND = 15
PLANNED = 60  # four seconds of speech before the first key
DOMAINS = ["http://127.0.0.1:8000", "https://een-lang-domein.piketlijn.nl"]
KNOWN_FIELDS = {
    "reference", "area", "region", "lane", "at", "link", "page", "number", "desk", "when", "request", "who", "code",
}  # fmt: skip
SAME_IN_DUTCH = {"{notice}", "{regions}", "{signpost}"}


def sources() -> str:
    """All code of the telephone but the two lists themselves."""
    folder = Path(settings.BASE_DIR) / "hotline"
    files = [path for path in folder.rglob("*.py") if path.name not in {"texts.py", "prompts.py"}]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


# --- Spoken ---------------------------------------------------------------------------------------------------------


def test_every_prompt_has_its_dutch() -> None:
    for name, english in PROMPTS.items():
        with translation.override("nl"):
            dutch = translation.gettext(english)
        assert dutch != english or english in SAME_IN_DUTCH, name
        assert set(re.findall(r"{\w+}", dutch)) == set(re.findall(r"{\w+}", english)), name
        assert "<" not in dutch, name


def spoken(name: str, **values: Any) -> str:
    with translation.override("nl"):
        return speech.in_words(Say(name, values))


@pytest.mark.django_db
def test_the_first_sentences_take_four_seconds_with_every_area() -> None:
    for area in directory.set_up().areas:
        assert len(area.short_name) <= 14
        assert len(spoken("greet", area=area.id)) <= PLANNED
        assert spoken("greet", area=area.id).startswith(f"Piketlijn. Toets 1 voor {area.short_name}.")
    assert spoken("menu") == "Piketlijn. Kies een gebied."
    assert len(spoken("ident")) <= PLANNED


@pytest.mark.django_db
def test_the_whisper_takes_less_than_the_time_that_is_kept_for_it() -> None:
    """14 s are kept after a ring: the whisper, a pause, four seconds of waiting, and our answers."""
    area = max(directory.set_up().areas, key=lambda one: len(one.short_name))
    region = max(directory.set_up().regions, key=lambda one: len(one.name))
    first = spoken("whisper_urgent", area=area.id, region=region.id)
    seconds = len(first + spoken("whisper_else")) / CHARACTERS_A_SECOND
    assert 0.5 + seconds + 1 + 4 <= 14


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-18T14:30:00+01:00", "om 14 uur 30"),
        ("2026-11-18T14:00:00+01:00", "om 14 uur"),
        ("2026-11-19T09:00:00+01:00", "morgen om 9 uur"),
        ("2026-11-20T09:00:00+01:00", "vrijdag om 9 uur"),
        ("2027-01-04T09:00:00+01:00", "maandag 4 januari om 9 uur"),
    ],
)
def test_a_moment_is_spoken_as_people_say_it(at_ten_thirty: datetime, at: str, words: str) -> None:
    with translation.override("nl"):
        assert speech.clock_time(datetime.fromisoformat(at)) == words


def test_no_prompt_is_left_unspoken() -> None:
    code = sources()
    assert [name for name in PROMPTS if not re.search(rf"""["']{name}["']""", code)] == []


# --- Texts ----------------------------------------------------------------------------------------------------------


def longest(settings: Settings, name: str, at: datetime) -> str:
    """The text with the longest area and region, as it goes out."""
    area = max(directory.set_up().areas, key=lambda one: len(one.short_name))
    region = max(directory.set_up().regions, key=lambda one: len(one.name))
    with translation.override("nl"), clock.at(A_MOMENT):
        message = texting.message(
            name,
            "+31600000001",
            key="k",
            consultation_id=9_999_999 - 2400,
            area_id=area.id,
            region_id=region.id,
            lane=Lane.TWO_DAYS,
            at=at,
            desk="Piketpost Zeeland-West-Brabant alle gebieden, Landelijk socialezekerheidsrecht",
            page=f"{settings.PUBLIC_URL}/regie/te-regelen/",
            number="+31850000000",
            when="za 26 dec 20:30-23:30 en 4:30-6:30 u",
            request="99999",
            code="482913",
            who="Johannes van den Oudenrijn-S.",
        )
    return message.body.replace(sms.LINK, f"{settings.SHORT_URL}/c/{'a' * LENGTH}")


@pytest.mark.django_db
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_fits_one_message(settings: Settings, domain: str) -> None:
    settings.SHORT_URL = settings.PUBLIC_URL = domain
    for name in SMS:
        for at in (A_MOMENT, NEXT_WEEK):
            text = longest(settings, name, at)
            assert gsm7.is_gsm7(text), name
            assert gsm7.length(text) <= gsm7.ONE_MESSAGE, name
            assert text.startswith("Piket: "), name
            assert ("{reference}" in SMS[name]) is ("PK-9999999" in text), name


def test_every_text_has_its_dutch_and_tells_nothing_of_a_case() -> None:
    for name, english in SMS.items():
        with translation.override("nl"):
            dutch = translation.gettext(english)
        assert dutch != english, name
        fields = set(re.findall(r"{(\w+)}", english))
        assert set(re.findall(r"{(\w+)}", dutch)) == fields, name
        assert fields <= KNOWN_FIELDS, name


def test_no_text_is_left_unsent() -> None:
    code = sources()
    assert [name for name in SMS if not re.search(rf"""["']{name}["']""", code)] == []
