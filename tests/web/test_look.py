"""The look: contrasts of the tokens, colours in one place, and nothing inline that the content policy would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "web" / "static" / "web" / "css"
TEMPLATES = [path for app in ("web", "rosters", "hotline") for path in (ROOT / app / "templates").rglob("*.html")]
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")


def tokens(selector: str) -> dict[str, str]:
    """The colours that a theme sets, on top of the light ones."""
    sheet = (CSS / "tokens.css").read_text()
    block = sheet.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--piket-color-([a-z-]+): (#[0-9a-f]{6});", block))


LIGHT = tokens(":root {")
DARK = LIGHT | tokens(':root[data-theme="dark"] {')
BY_DEVICE = LIGHT | tokens(':root:not([data-theme="light"]) {')


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        (words, ground)
        for words in ("text", "text-muted", "primary", "primary-strong", "error", "success", "warning")
        for ground in ("bg", "surface", "raised")
    ]
    + [
        ("on-primary", "primary"),
        ("on-primary", "primary-strong"),
        ("primary", "primary-soft"),
        ("primary-strong", "primary-soft"),
        ("error", "error-soft"),
        ("success", "success-soft"),
        ("warning", "warning-soft"),
        ("on-practice", "practice"),
        ("text", "primary-soft"),
        ("text", "warning-soft"),
        ("text", "error-soft"),
        ("text", "success-soft"),
        ("text-muted", "primary-soft"),
    ]
    + [(f"on-heat-{state}", f"heat-{state}") for state in ("gap", "below", "fragile", "met", "above", "closed")],
)
def test_words_stand_out_from_their_ground(theme: dict[str, str], words: str, ground: str) -> None:
    assert contrast(theme[words], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("part", "ground"), [("input-border", "bg"), ("input-border", "surface"), ("primary", "bg")])
def test_edges_of_controls_stand_out(theme: dict[str, str], part: str, ground: str) -> None:
    assert contrast(theme[part], theme[ground]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_one_of_the_two_focus_colours_stands_out_anywhere(theme: dict[str, str]) -> None:
    assert contrast(theme["focus-line"], theme["focus-ring"]) >= 9


def test_dark_by_device_and_dark_by_choice_are_the_same() -> None:
    assert BY_DEVICE == DARK


def test_colours_are_in_the_tokens_only() -> None:
    found = {path.name: HEX.findall(path.read_text()) for path in CSS.glob("*.css") if path.name != "tokens.css"}
    assert not {name: colours for name, colours in found.items() if colours}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_templates_hold_nothing_inline(path: Path) -> None:
    """The content policy refuses inline scripts, styles and event attributes; a page must not count on them."""
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_every_icon_that_is_asked_for_exists() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "web/static/web/icons.svg").read_text()))
    asked = {name for path in TEMPLATES for name in re.findall(r'{% icon "([a-z-]+)"', path.read_text())}
    assert asked <= drawn
