"""A desk with a lawyer who has duties, and a calendar program that fetches his feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from django.http import HttpResponse
from django.test import Client

from directory import snapshot as places
from rosters import snapshot
from rosters.models import Feed
from rosters.services import feeds
from tests import builders

Fetch = Callable[..., Any]


@dataclass
class Town:
    desk: Any
    lawyer: Any
    coordinator: Any
    feed: Feed

    def path(self, feed: Feed | None = None) -> str:
        """The path of the address as it is now."""
        feed = feed or self.feed
        feed.refresh_from_db()
        return urlsplit(feeds.address_of(feed)).path


@pytest.fixture
def town(db: None, at_ten_thirty: datetime) -> Town:
    desk = builders.a_desk(builders.a_line(), "Huurrecht Walcheren")
    lawyer = builders.a_lawyer("mr. Sanne de Vries")
    feed = feeds.hand_out_feed(kind="person", object_id=lawyer.pk, holder_id=lawyer.pk)
    places.forget_here()
    snapshot.forget_here()
    return Town(desk, lawyer, builders.a_coordinator("Coby"), feed)


@pytest.fixture
def fetch() -> Fetch:
    """Asks for a path as a calendar program: no cookies, no login."""

    def asked(path: str, *, etag: str = "", agent: str = "Google-Calendar-Importer", **more: Any) -> Any:
        headers = {"User-Agent": agent, **({"If-None-Match": etag} if etag else {})}
        return Client().get(path, headers=headers, **more)

    return asked


def events(answer: HttpResponse) -> list[Any]:
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
