"""publiccode.yml has every mandatory key of the standard, within its limits, and agrees with the repository."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
TYPES = {
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
}
MAINTENANCE = {"internal", "contract", "community", "none"}


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    with (ROOT / "publiccode.yml").open(encoding="utf-8") as file:
        loaded = yaml.safe_load(file)
    assert isinstance(loaded, dict)
    return loaded


def test_the_mandatory_keys_are_there(publiccode: dict[str, Any]) -> None:
    mandatory = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    assert mandatory - publiccode.keys() == set()
    assert publiccode["url"].startswith("https://")
    assert publiccode["platforms"]
    assert publiccode["developmentStatus"] in STATUSES
    assert publiccode["softwareType"] in TYPES
    assert isinstance(publiccode["localisation"]["localisationReady"], bool)
    assert "uri" in publiccode.get("organisation", {"uri": ""})


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_description_keeps_to_the_lengths_of_the_standard(publiccode: dict[str, Any], language: str) -> None:
    description = publiccode["description"][language]
    assert 0 < len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert len(description["genericName"]) <= 35
    assert all(0 < len(feature) <= 100 for feature in description["features"])
    assert description["features"]


def test_somebody_maintains_it(publiccode: dict[str, Any]) -> None:
    maintenance = publiccode["maintenance"]
    assert maintenance["type"] in MAINTENANCE
    people = maintenance["contractors" if maintenance["type"] == "contract" else "contacts"]
    assert all(person["name"] for person in people)
    assert people


def test_it_agrees_with_the_project_and_the_licence(publiccode: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert publiccode["softwareVersion"] == project["version"]
    assert publiccode["legal"]["license"] == project["license"]["text"] == "EUPL-1.2"
    assert publiccode["releaseDate"] >= date(2026, 11, 1)


def test_its_languages_are_those_of_the_settings(publiccode: dict[str, Any], settings: Any) -> None:
    assert publiccode["localisation"]["availableLanguages"] == [code for code, _ in settings.LANGUAGES]
