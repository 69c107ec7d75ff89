"""A real browser on a real server, for tests marked `browser`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@dataclass
class Open:
    """`open_as(person, path, dark=False, width=1280, scripts=True)`: a page as that person sees it."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)  # errors in the console of the page that was opened last
    contexts: dict[tuple[Any, ...], BrowserContext] = field(default_factory=dict)

    def __call__(self, person: Any, path: str, *, dark: bool = False, width: int = 1280, scripts: bool = True) -> Page:
        page = self._context_of(person, dark, width, scripts).new_page()
        self.complaints.clear()
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.goto(path)
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _context_of(self, person: Any, dark: bool, width: int, scripts: bool) -> BrowserContext:
        """One for each reader and look, so that a page that is opened next is as fast as for a person."""
        key = (person and person.pk, dark, width, scripts)
        if key not in self.contexts:
            self.contexts[key] = context = self.browser.new_context(
                base_url=self.address,
                viewport={"width": width, "height": 800},
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
                locale="nl-NL",
            )
            if person is not None:
                client = Client()
                client.force_login(person)
                value = client.cookies["sessionid"].value
                context.add_cookies([{"name": "sessionid", "value": value, "url": self.address}])
        return self.contexts[key]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: set CHROMIUM")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the tests
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Open]:
    opened = Open(browser, live_server.url)
    yield opened
    for context in opened.contexts.values():
        context.close()
