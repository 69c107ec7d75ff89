"""A day on the telephone in a minute: Poisson calls on a throw-away copy, over the same doors as the real vendor."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve

from directory.models import Person, PhoneNumber, RoleAssignment
from hotline.models import Call
from hotline.simulation import judge
from hotline.simulation.people import Manners
from integrations import clock, sweep
from integrations.lab.local import LocalHttpClient
from integrations.lab.network import Network
from integrations.lab.phones import NotPossible
from integrations.lab.rest import Rest
from integrations.lab.webhooks import Doors, at_once
from integrations.sweep import Watches
from integrations.twilio import rest
from rosters.models import Line

A_SECOND = timedelta(seconds=1)
SETTLE = timedelta(hours=30)
"""How long after the last call promises are still kept before all is judged."""
STRANGERS = 0.03
GARBAGE_AFTER = 50_000
"""Objects before the collector looks: a run makes millions of short-lived ones and hardly a cycle."""
Progress = Callable[[int, int], None]
Services = Mapping[str, Callable[[str], object]]


@dataclass(frozen=True, slots=True)
class Plan:
    calls: int
    seed: int
    chaos: float
    per_hour: float


@dataclass(slots=True)
class Day:
    """The engine with the product behind it, and the agenda of one simulation."""

    network: Network
    manners: Manners
    random: Random
    services: Services
    watches: Watches
    requests: int = 0
    made: int = 0


@dataclass(slots=True)
class Told:
    """What one copy of the town tells after its part of the calls."""

    ended: Counter[str]
    broken: list[str]
    to_lawyer: list[float]
    webhooks: int
    misbehaved: Counter[str]


def simulate(plan: Plan, services: Services, watches: Watches, progress: Progress) -> Told:
    """Run the plan on the present `default` database (a throw-away one) and judge it."""
    start = datetime.fromtimestamp(clock.now().timestamp() // 60 * 60, UTC)
    gc.set_threshold(GARBAGE_AFTER)
    with clock.at(start):
        day = _open(plan, services, watches, start)
        with rest.use_http_client(LocalHttpClient(Rest(day.network))):
            _run(plan, day, progress)
        return Told(
            Counter(Call.objects.values_list("end", flat=True)),
            judge.broken(bad_vendor=plan.chaos > 0),
            judge.lawyer_seconds(),
            day.requests,
            Counter(day.network.misbehaviour.happened),
        )


def report(parts: list[Told], seconds: float) -> dict[str, Any]:
    """The parts together. `seconds` is wall time; `broken` must be empty."""
    ended = sum((part.ended for part in parts), Counter[str]())
    to_lawyer = sorted(second for part in parts for second in part.to_lawyer)
    return {
        "calls": sum(ended.values()),
        "ended": {end: ended.get(end, 0) for end in ("connected", "callback", "withdrawn")},
        "broken": [line for part in parts for line in part.broken],
        "time_to_lawyer_s": {f"p{part}": _quantile(to_lawyer, part / 100) for part in (50, 90, 99)},
        "seconds": round(seconds, 1),
        "webhooks": sum(part.webhooks for part in parts),
        "misbehaved": dict(sum((part.misbehaved for part in parts), Counter[str]())),
    }


def _open(plan: Plan, services: Services, watches: Watches, start: datetime) -> Day:
    def post(url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str, str]:
        day.requests += 1
        request = _request(url, params, headers)
        view, args, kwargs = resolve(request.path_info)
        response = view(request, *args, **kwargs)
        return response.status_code, response.headers.get("Content-Type", ""), response.content.decode()

    door = f"{settings.PUBLIC_URL}/twilio/voice"
    network = Network(
        at_once(post),
        account=settings.TWILIO_ACCOUNT_SID,
        tokens=settings.TWILIO_AUTH_TOKEN,
        doors=Doors(door, status=door, sms=f"{settings.PUBLIC_URL}/twilio/sms"),
        at=start,
        chaos=plan.chaos,
        seed=plan.seed,
        moved=clock.move_to,
    )
    random = Random(plan.seed)  # noqa: S311 - a run that can be repeated is the purpose
    day = Day(network, Manners(network, random), random, services, watches)
    return day


def _request(url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> WSGIRequest:
    """The vendor's request as the web server would hand it over."""
    parts, body = urlsplit(url), urlencode(params).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or 443),
        "HTTP_HOST": parts.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
    }
    environ.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()})
    return WSGIRequest(environ)


def _run(plan: Plan, day: Day, progress: Progress) -> None:
    callers = _people(day)
    line = _line()
    at = day.network.now
    for n in range(plan.calls):
        at += timedelta(seconds=day.random.expovariate(plan.per_hour / 3600))
        day.network.after((at - day.network.now).total_seconds(), _dial, day, line, callers)
        if n == plan.calls - 1:
            last = at
    made, quiet_until, seen = 0, day.network.now, -1
    end = last + SETTLE
    while day.network.now < end:
        event = day.network.next_at()
        if event is None and quiet_until >= end:
            return
        day.network.advance(min(event or end, max(quiet_until, day.network.now), end))
        if day.requests != seen:
            seen, quiet_until = day.requests, sweep.next_moment(day.watches) or end
        if day.network.now >= quiet_until:
            sweep.look(day.services, day.watches)  # alone on this copy: no lease to ask for
            sweep.send()
            # The real sweep looks again a second later.
            quiet_until = max(sweep.next_moment(day.watches) or end, day.network.now + A_SECOND)
        if day.made - made >= 25:
            made = day.made
            progress(made, plan.calls)


def _people(day: Day) -> list[str]:
    """Phones for everybody with a number; returns the numbers that call: workers' and organisations' main ones."""
    workers = set(RoleAssignment.objects.filter(role="worker").values_list("person_id", flat=True))
    callers: list[str] = []
    for number in PhoneNumber.objects.order_by("pk"):
        phone = day.network.phone(number.e164)
        if number.person_id in workers or number.organisation_id is not None:
            callers.append(number.e164)
            day.manners.caller(phone)
        else:
            day.manners.lawyer(phone)
    return callers


def _line() -> str:
    first = Line.objects.filter(number=settings.HOTLINE_NUMBER).first() or Line.objects.order_by("pk").first()
    if first is None or not Person.objects.exists():
        raise LookupError("no line or no people: run `manage.py load_demo --size small` first")
    return first.number


def _dial(day: Day, line: str, callers: list[str]) -> None:
    """Somebody calls who is not in a call; a few have a number that nobody knows."""
    if day.random.random() < STRANGERS:
        number = f"+3160000{day.random.randrange(9000, 9999)}"
        phone = day.network.phone(number)
        day.manners.caller(phone)
    else:
        phone = day.network.phone(day.random.choice(callers))
    try:
        leg = phone.dial(line)
    except NotPossible:
        day.network.after(30, _dial, day, line, callers)
        return
    day.made += 1
    day.manners.loses_patience(leg)


def _quantile(values: list[float], part: float) -> float | None:
    return round(values[min(len(values) - 1, int(part * len(values)))], 1) if values else None
