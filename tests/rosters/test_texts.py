"""Every text message and mail about duties: in Dutch, short enough, with nothing about a client, and somewhere sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from pytest_django import Settings

from integrations import gsm7, sms
from integrations.links import LENGTH
from rosters import telling
from rosters.texts import MAILS, SMS

DOMAINS = ["http://127.0.0.1:8000", "https://een-lang-domein.piketlijn.nl"]
LONGEST = {
    "who": "Johannes Wilhelmus van den Oudenrijn-Schimmelpenninck",
    "desk": "Piketpost Zeeland-West-Brabant alle gebieden, Landelijk socialezekerheidsrecht",
    "when": "wo 30 dec 9:30 - za 2 jan 9:30 u",
    "other": "wo 30 dec 9:30 - za 2 jan 9:30 u",
    "until": "wo 13:30 u",
    "number": "085 000 0000",
    "phone": "085 000 0000",
    "more": "24",
    "count": "24",
    "roster": "2027-Q1",
    "day": "wo 30 dec 2026",
    "hours": "elke ma, di, wo, do, vr 9-13 u",
}
INSIDE = {"client", "cliënt", "rechtzoekende", "zaak", "dossier", "vraagtekst"}  # words that a text has no need of


def fields(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def dutch(text: str) -> str:
    with translation.override("nl"):
        return translation.gettext(text)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("name", SMS)
def test_every_text_fits_one_message(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, domain: str, name: str
) -> None:
    monkeypatch.setattr(telling, "LINK_LENGTH", len(f"{domain}/k/") + LENGTH)
    with translation.override("nl"):
        number = "99999" if name.startswith("cover_asked") else LONGEST["number"]  # of the request, not of the line
        text = telling.sms_text(name, {**LONGEST, "number": number, "page": f"{domain}/regie/herstel/9999999/"})
    text = text.replace(sms.LINK, f"{domain}/v/{'a' * LENGTH}")
    assert gsm7.is_gsm7(text)
    assert gsm7.length(text) <= gsm7.ONE_MESSAGE
    assert text.startswith("Piket: ")


@pytest.mark.parametrize("name", SMS)
def test_every_text_has_its_dutch_and_tells_nothing_of_a_case(name: str) -> None:
    said = dutch(SMS[name])
    assert said != SMS[name]
    assert fields(said) == fields(SMS[name])
    assert not INSIDE & set(re.findall(r"\w+", said.lower()))


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_has_its_dutch_and_tells_nothing_of_a_case(name: str) -> None:
    for english in (MAILS[name].subject, MAILS[name].body):
        said = dutch(english)
        assert said != english
        assert fields(said) == fields(english)
        assert not INSIDE & set(re.findall(r"\w+", said.lower()))


def test_no_text_is_left_unsent() -> None:
    folders = [Path(settings.BASE_DIR) / name for name in ("rosters", "hotline")]
    files = [path for folder in folders for path in folder.rglob("*.py") if path.name != "texts.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    names = {name.removesuffix("_many") for name in {**SMS, **MAILS}}  # 'gap_soon' and of more than one 'gap_soon_many'
    assert [name for name in names if not re.search(rf"""["']{name}["']""", code)] == []
