"""Plain functions with defaults that put people, places and duties in the database, through the services.

Each app's engineer adds his own below. Every person gets a verified number from the demo range, unless told otherwise.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from directory import queries as directory
from directory import services as directory_services
from directory.core import dial_code
from hotline.models import Consultation, Offer
from integrations import clock
from rosters import services as roster_services

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PASSWORD = "een-lang-wachtwoord"
_serial = itertools.count(1)


# --- directory ----------------------------------------------------------------------------------------------------
def a_number() -> str:
    """A demo number that no other builder of this run has given out; those below 1000 are free for tests to name."""
    return f"+3160000{1000 + next(_serial) % 9000}"


def a_code() -> str:
    """A dial code with a right check digit."""
    return dial_code.complete(next(_serial))


def today() -> date:
    """The day it is in Amsterdam."""
    return clock.now().astimezone(AMSTERDAM).date()


def area_id(slug: str = "huur") -> int:
    return directory.area(slug).id


def region_id(code: str = "walcheren") -> int:
    return directory.region(code).id


def an_organisation(kind: str, name: str = "", regions: Iterable[str] = ("walcheren",), main_number: str = "") -> Any:
    return directory_services.create_organisation(
        name=name or f"Organisatie {next(_serial)}",
        kind=kind,
        region_ids=[region_id(code) for code in regions],
        main_number=main_number,
        verified=bool(main_number),
    )


def a_loket(name: str = "", regions: Iterable[str] = ("walcheren",), main_number: str = "") -> Any:
    """A first-line organisation; with a main number it calls without a code."""
    return an_organisation("first_line", name, regions, main_number)


def an_office(name: str = "", regions: Iterable[str] = ("walcheren",)) -> Any:
    """A law office."""
    return an_organisation("office", name, regions)


def a_person(
    name: str = "",
    *,
    organisation: Any = None,
    number: str | None = None,
    verified: bool = True,
    password: str | None = None,
    **fields: Any,
) -> Any:
    """Somebody without a role. `number=''` gives no telephone; `password` makes logging in possible."""
    serial = next(_serial)
    person = directory_services.create_person(
        email=fields.pop("email", f"persoon{serial}@example.nl"),
        name=name or f"Persoon {serial}",
        organisation_id=organisation.pk if organisation else None,
        password=password,
        **fields,
    )
    if number != "":
        directory_services.add_number(person_id=person.pk, number=number or a_number(), verified=verified)
    return person


def a_worker(
    name: str = "",
    *,
    organisation: Any = None,
    region: str = "walcheren",
    area: str | None = "huur",
    usual_region: bool = True,
    **fields: Any,
) -> Any:
    """A first-line worker with a usual area and region; `area=None` hears the menu."""
    person = a_person(
        name,
        organisation=organisation or a_loket(regions=(region,)),
        usual_area_id=area_id(area) if area else None,
        usual_region_id=region_id(region) if usual_region else None,
        **fields,
    )
    directory_services.assign_role(person_id=person.pk, role="worker", organisation_id=person.organisation_id)
    return person


def a_lawyer(
    name: str = "",
    *,
    organisation: Any = None,
    region: str = "walcheren",
    areas: Iterable[str] = ("huur",),
    **fields: Any,
) -> Any:
    """A lawyer of an office of his own, registered for `areas`; `is_generalist=True` for all of them."""
    person = a_person(name, organisation=organisation or an_office(regions=(region,)), **fields)
    directory_services.assign_role(person_id=person.pk, role="lawyer", region_id=region_id(region))
    for slug in areas:
        directory_services.qualify(person_id=person.pk, area_id=area_id(slug))
    return person


def a_coordinator(name: str = "", *, region: str = "walcheren", **fields: Any) -> Any:
    person = a_person(name, **fields)
    directory_services.assign_role(person_id=person.pk, role="coordinator", region_id=region_id(region))
    return person


def an_administrator(name: str = "", **fields: Any) -> Any:
    person = a_person(name, **fields)
    directory_services.assign_role(person_id=person.pk, role="administrator")
    return person


def a_stranger(name: str = "", **fields: Any) -> Any:
    """Somebody who can log in and has no role anywhere."""
    return a_person(name, **fields)


def personas(region: str = "walcheren", other_region: str = "zwolle") -> dict[str, Any]:
    """The five of every permission test; each can log in with PASSWORD."""
    return {
        "worker": a_worker("Wim Werker", region=region, password=PASSWORD),
        "lawyer": a_lawyer("Ada Advocaat", region=region, password=PASSWORD),
        "coordinator": a_coordinator("Coby Coördinator", region=region, password=PASSWORD),
        "other_coordinator": a_coordinator("Otto Elders", region=other_region, password=PASSWORD),
        "stranger": a_stranger("Vera Vreemd", password=PASSWORD),
    }


# --- rosters ------------------------------------------------------------------------------------------------------
OFFICE_HOURS = tuple((weekday, 9 * 60, 17 * 60) for weekday in range(5))
ALL_HOURS = tuple((weekday, 0, 24 * 60) for weekday in range(7))


def a_line(
    name: str = "", *, number: str = "", hours: Iterable[tuple[int, int, int]] = OFFICE_HOURS, **fields: Any
) -> Any:
    """A line that is open in office hours; `hours` are (weekday, opens, closes) in minutes after midnight."""
    serial = next(_serial)
    line = roster_services.create_line(
        number=number or f"+31851{serial % 1_000_000:06d}", name=name or f"Lijn {serial}", **fields
    )
    roster_services.set_hours(line_id=line.pk, parts=hours)
    return line


def an_all_hours_line(name: str = "", **fields: Any) -> Any:
    """A line that is open day and night, every day."""
    return a_line(name, hours=ALL_HOURS, **{"closed_on_holidays": False, **fields})


def a_desk(
    line: Any,
    name: str = "",
    *,
    areas: Iterable[str] = ("huur",),
    regions: Iterable[str] = ("walcheren",),
    kind: str = "piket",
) -> Any:
    """A piketpost; `areas='*'` serves every area that is connected."""
    everything = [area.id for area in directory.set_up().areas if not area.signpost]
    return roster_services.create_desk(
        line_id=line.pk,
        name=name or f"Piketpost {next(_serial)}",
        area_ids=everything if areas == "*" else [area_id(slug) for slug in areas],
        region_ids=[region_id(code) for code in regions],
        kind=kind,
    )


def a_duty(desk: Any, person: Any, position: int = 1, *, starts: float = -1, hours: float = 4) -> Any:
    """A duty that starts `starts` hours from now (an hour ago) and lasts `hours`."""
    start = clock.now() + timedelta(hours=starts)
    return roster_services.add_duty(
        desk_id=desk.pk,
        person_id=person.pk,
        position=position,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
    )


# --- hours ----------------------------------------------------------------------------------------------------------
def an_offer(lawyer: Any, state: str = "talked", *, duty: Any = None, seconds: int | None = 240, **fields: Any) -> Any:
    """An offer by phone to this lawyer, now, in the state in which it ended."""
    asked = Consultation.objects.create(
        channel="phone",
        line_id=duty.desk.line_id if duty else a_line().pk,
        area_id=area_id(),
        region_id=region_id(),
        lane="nu",
        status="closed",
    )
    return Offer.objects.create(
        consultation=asked,
        lawyer=lawyer,
        duty=duty,
        channel=fields.pop("channel", "phone"),
        state=state,
        seconds=seconds if state == "talked" else None,
        offered_at=clock.now(),
        ended_at=clock.now(),
        **fields,
    )
