"""Puts what the call machine says into words: names from the set-up, moments as people say them, Dutch by gettext."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from directory import queries as directory
from hotline.call.prompts import PROMPTS
from integrations import clock
from integrations.twilio import twiml
from integrations.twilio.verbs import Document, Say

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def write_document(document: Document, token: str, turn: int, notice: str = "") -> str:
    """The TwiML of a document: its steps become addresses of this leg at `turn`, its sentences become Dutch."""

    def address(step: str) -> str:
        if step.startswith(settings.PUBLIC_URL):
            return step
        place = step if "/" in step else f"{token}-{turn}/{step}"
        return f"{settings.PUBLIC_URL}/twilio/l/{place}"

    def say(sentence: Say) -> str:
        return in_words(sentence, notice)

    return twiml.render(document, say=say, address=address, voice=settings.TWILIO_VOICE)


def in_words(sentence: Say, notice: str = "") -> str:
    """One sentence with its values filled in."""
    text = _(PROMPTS[sentence.text])
    if "{" not in text:
        return text
    values = {name: WORDS[name](value) for name, value in sentence.values.items()}
    return text.format(**values, **({"notice": notice} if sentence.text == "notice" else {}))


def clock_time(moment: datetime) -> str:
    """'14 uur 30' today, 'morgen om 9 uur', 'maandag om 9 uur', 'maandag 4 januari om 9 uur'."""
    local, today = moment.astimezone(AMSTERDAM), clock.now().astimezone(AMSTERDAM).date()
    time = _("{hour} hours {minute}") if local.minute else _("{hour} hours")
    spoken = time.format(hour=local.hour, minute=local.minute)
    if local.date() == today:
        return spoken
    if local.date() == today + timedelta(days=1):
        return _("tomorrow at {time}").format(time=spoken)
    day = formats.date_format(local, "l" if local.date() - today < timedelta(days=7) else "l j F")
    return _("{day} at {time}").format(day=day, time=spoken)


def opening_time(moment: datetime | None) -> str:
    """As clock_time, at the start of a sentence."""
    if moment is None:
        return _("Later")
    spoken = clock_time(moment)
    if moment.astimezone(AMSTERDAM).date() == clock.now().astimezone(AMSTERDAM).date():
        spoken = _("today at {time}").format(time=spoken)
    return spoken[:1].upper() + spoken[1:]


def area_name(area_id: int | None) -> str:
    area = directory.set_up().area_by_id.get(area_id or 0)
    return area.short_name if area else _("all areas")


def region_name(region_id: int | None) -> str:
    region = directory.set_up().region_by_id.get(region_id or 0)
    return region.name if region else ""


def spelled(digits: str) -> str:
    """'1, 2, 3': each digit by itself, with a rest after it."""
    return ", ".join(digits)


def _keys(names: Callable[[int], str]) -> Callable[[Iterable[tuple[str, int]]], str]:
    def spoken(items: Iterable[tuple[str, int]]) -> str:
        return " ".join(f"{key} {names(value)}." for key, value in items)

    return spoken


def _signpost(area_id: int) -> str:
    return directory.set_up().area_by_id[area_id].signpost


def _organisation(organisation_id: int | None) -> str:
    return directory.organisation(organisation_id).name if organisation_id else ""


WORDS: Mapping[str, Callable[[Any], str]] = {
    "area": area_name,
    "region": region_name,
    "regions": _keys(region_name),
    "items": _keys(area_name),
    "at": clock_time,
    "other": clock_time,
    "opening": opening_time,
    "organisation": _organisation,
    "signpost": _signpost,
    "code": spelled,
}
