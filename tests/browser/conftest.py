"""One house as `make demo` runs it, and a real browser to look at it with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.processes.conftest import tell
from tests.processes.databases import Sqlite
from tests.processes.house import PATIENCE, ROOT, House

__all__ = ["tell"]

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
PICTURES = ROOT / "build" / "browser"
Open = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM} (Debian: apt-get install chromium; elsewhere set CHROMIUM)")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The web server and the lab, with the small demo in a SQLite file."""
    house = House.built(tmp_path_factory.mktemp("demo") / "house", Sqlite)
    try:
        house.start("web", "lab")
        yield house
    finally:
        house.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """A page of somebody who shares no cookies with the others. Pictures are kept when the test fails."""
    pages: list[Page] = []
    failed_before = request.session.testsfailed
    with ExitStack() as contexts:

        def opened(address: str) -> Page:
            context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE * 1000)
            page = context.new_page()
            pages.append(page)
            page.goto(address)
            return page

        yield opened
        if request.session.testsfailed > failed_before:
            for place, page in enumerate(pages):
                with suppress(Error):
                    page.screenshot(path=PICTURES / f"{request.node.name}-{place}.png", full_page=True)
