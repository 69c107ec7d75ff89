"""The papers tell the truth: environment, doors, dependencies and the addresses they point at."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from hotline.call.letters import LETTERS
from hotline.call.state import STATES

ROOT = Path(__file__).resolve().parent.parent.parent
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(title: str) -> str:
    """The part of the README under one heading."""
    return text_of("README.md").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(table: str) -> list[str]:
    return [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| `")]


def test_the_environment_table_is_what_the_settings_read() -> None:
    read = set(re.findall(r'env\.[\w.()]*\("([A-Z_]+)"', text_of("config/settings.py")))
    assert {name.strip("`") for name in first_cells(section("Environment"))} == read


def test_every_make_target_of_the_door_table_exists_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", text_of("Makefile"), re.MULTILINE)) - {"help"}
    assert set(re.findall(r"`make ([a-z]+)", section("Doors that stay stable"))) == targets


def test_every_command_of_the_door_table_exists() -> None:
    named = set(re.findall(r"`manage\.py (\w+)", section("Doors that stay stable")))
    assert named - get_commands().keys() == set()


@pytest.mark.parametrize(
    "path", ["/twilio/voice", "/twilio/sms", "/api/v1/openapi.json", "/healthz", "/readyz", "/metrics"]
)
def test_every_address_of_the_door_table_is_served(path: str) -> None:
    assert path in section("Doors that stay stable")
    try:
        resolve(path)
    except Resolver404:
        pytest.fail(f"{path} is promised in the README and not in config/urls.py")


def test_every_direct_dependency_has_its_line_and_the_other_way_round() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = [re.split(r"[\[<>=~ ]", line)[0] for line in wanted]
    rows = re.findall(
        r"^\| ([\w-]+) \| [^|]+ \| [^|]+ \| \d{4}-\d\d[^|]* \|$", text_of("docs/dependencies.md"), re.MULTILINE
    )
    assert sorted(rows) == sorted(names)


def test_the_page_of_the_call_has_every_state_and_every_letter_of_the_table() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|", text_of("docs/call-flow.md"), re.MULTILINE)
    named = {code for row in rows for code in re.findall(r"`(\w+)`", row)}
    assert named == {*STATES, *LETTERS} - {"end"}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_what_a_paper_points_at_exists(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", paper.read_text(encoding="utf-8")):
        assert (paper.parent / target).exists(), target


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_the_files_that_a_paper_names_exist(paper: Path) -> None:
    """Paths in `code` that start with a folder of ours; build/ and var/ are made by running."""
    folders = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in {"build", "var"})
    for target in re.findall(rf"`((?:{folders})/[\w./-]*)`", paper.read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
