"""A feed as the page shows it: its address for each kind of program, and who fetched it last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from directory import queries as directory
from directory.access import COORDINATOR
from rosters import snapshot
from rosters.feeds.clients import OTHER
from rosters.feeds.kept import whose
from rosters.feeds.reading import in_scope
from rosters.models import Feed
from rosters.services.feeds import address_of

GOOGLE = "https://calendar.google.com/calendar/r"
OUTLOOK = "https://outlook.office.com/calendar/0/addfromweb"


@dataclass(frozen=True, slots=True)
class Shown:
    id: int
    kind: str
    whose: str
    address: str
    webcal: str  # opens the calendar program of a phone or a Mac
    google: str
    outlook: str
    alarm_minutes: int | None
    invites: bool
    fetched_at: datetime | None
    fetched_by: str  # '' for a program that we do not know


@dataclass(frozen=True, slots=True)
class Choice:
    """A desk or region whose feed a coordinator may have; `value` is what the form sends: 'desk:3'."""

    value: str
    words: str


def shown(feed: Feed) -> Shown:
    address = address_of(feed)
    name = whose(feed.kind, feed.object_id)
    webcal = f"webcal:{address.partition(':')[2]}"
    return Shown(
        id=feed.pk,
        kind=feed.kind,
        whose=name,
        address=address,
        webcal=webcal,
        google=f"{GOOGLE}?{urlencode({'cid': webcal})}",
        outlook=f"{OUTLOOK}?{urlencode({'url': address, 'name': f'Piket {name}'})}",
        alarm_minutes=feed.alarm_minutes,
        invites=feed.invites_since is not None,
        fetched_at=feed.fetched_at,
        fetched_by="" if feed.fetched_by == OTHER else feed.fetched_by,
    )


def handed_out(holder_id: int) -> list[Shown]:
    """The feeds of desks and regions that a coordinator has, by name; without those outside his regions by now."""
    mine = [role.region_id for role in directory.roles_of(holder_id) if role.role == COORDINATOR]
    found = Feed.objects.filter(holder_id=holder_id).exclude(kind=Feed.Kind.PERSON).order_by("kind", "pk")
    return [shown(feed) for feed in found if in_scope(feed.kind, feed.object_id, mine)]


def choices_for(coordinator_id: int) -> tuple[list[Choice], list[Choice]]:
    """The desks and the regions of a coordinator, by name."""
    mine = directory.regions_in_scope(coordinator_id, COORDINATOR)
    desks = [Choice(f"{Feed.Kind.DESK}:{one.id}", one.name) for one in snapshot.current().desks if one.regions & mine]
    regions = [Choice(f"{Feed.Kind.REGION}:{one.id}", one.name) for one in directory.set_up().regions if one.id in mine]
    return sorted(desks, key=lambda one: one.words), sorted(regions, key=lambda one: one.words)
