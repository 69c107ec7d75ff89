"""Who would be rung, made by the same code as the router: for `manage.py who`, /nu/ and the API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from directory import queries as directory
from directory.queries import AreaAt, RegionAt
from hotline.facts import gather, policy_of
from integrations import clock
from rosters import queries as rosters
from rosters.queries import LineAt
from routing.core.decide import Reason, Skip, decide, ring_list
from routing.core.facts import Facts

ABOUT_NOW = timedelta(minutes=5)  # who is ringing or talking now says nothing about a moment further away


@dataclass(frozen=True, slots=True)
class WouldRing:
    """A place in the order. `seconds` is 0 for who is only reached when somebody before declines at once."""

    person_id: int
    name: str
    number: str
    desk: str
    position: int
    seconds: int
    stage: str
    duty_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """On duty there, and not rung."""

    person_id: int
    name: str
    desk: str
    reason_code: str
    reason: str  # in the active language


@dataclass(frozen=True, slots=True)
class WhoWouldRing:
    """`line` None: no line has a desk for this area in this region. A closed line rings nobody until it opens."""

    area: AreaAt
    region: RegionAt
    at: datetime
    line: LineAt | None
    is_open: bool
    opens_at: datetime | None
    ring: tuple[WouldRing, ...]
    skipped: tuple[Passed, ...]


def who_would_ring(
    area: str, region: str, at: datetime | None = None, lane: str = "vandaag", line: LineAt | None = None
) -> WhoWouldRing:
    """A dry run of one call about `area` (slug) in `region` (code) at a moment (default now); writes nothing.

    Raises directory.errors.NotKnown with the valid slugs or codes.
    """
    now = clock.now()
    at = at or now
    asked, place = directory.area(area), directory.region(region)
    line = line or line_for(asked.id, place.id)
    if line is None:
        return WhoWouldRing(asked, place, at, None, False, None, (), ())
    cap_at = at + timedelta(seconds=line.cap_seconds)
    facts = gather(line=line, area_id=asked.id, region_id=place.id, lane=lane, at=at, cap_at=cap_at)
    if abs(at - now) > ABOUT_NOW:
        facts = _without_calls(facts)
    policy = policy_of(line)
    planned = ring_list(facts, policy, at)
    on_list = {step.person.person_id for step in planned}
    return WhoWouldRing(
        area=asked,
        region=place,
        at=at,
        line=line,
        is_open=line.hours.is_open(at),
        opens_at=line.hours.next_opening(at),
        ring=tuple(
            WouldRing(
                person_id=step.person.person_id,
                name=step.person.name,
                number=step.person.number or "",
                desk=step.person.desk,
                position=step.person.position,
                seconds=step.seconds,
                stage=step.stage,
                duty_ends_at=step.person.duty_ends_at,
            )
            for step in planned
        ),
        skipped=tuple(_passed(skip) for skip in decide(facts, policy, at).skipped if skip.person_id not in on_list),
    )


def line_for(area_id: int, region_id: int) -> LineAt | None:
    """The line to call about this: the first one's number if its desks serve it, else the oldest whose desks do."""
    serving = [
        line for line in rosters.lines() if line.direction == "up" and rosters.desks_for(line.id, area_id, region_id)
    ]
    preferred = (line for line in serving if line.number == settings.HOTLINE_NUMBER)
    return next(preferred, serving[0] if serving else None)


def reason_text(code: str) -> str:
    """Why somebody on duty is not rung, in the active language."""
    return {
        Reason.EXCLUDED: _("is not asked about this question"),
        Reason.EXCLUDED_OFFICE: _("the office is not asked about this question"),
        Reason.NO_NUMBER: _("has no verified number"),
        Reason.OFF_DUTY: _("the duty is over"),
        Reason.IN_CONVERSATION: _("in conversation"),
        Reason.RINGING: _("is being rung"),
        Reason.JUST_RUNG: _("was just rung for another call"),
        Reason.PROMISE: _("has promised to call somebody back now"),
        Reason.PAUSED: _("on a pause"),
        Reason.TRIED: _("was rung already"),
        Reason.WRAPPING_UP: _("is wrapping up a conversation"),
        Reason.RING_CAP: _("was rung six times within the hour"),
        Reason.NOT_ANSWERING: _("did not confirm the duty and missed a call: after the backup"),
    }[Reason(code)]


def _passed(skip: Skip) -> Passed:
    return Passed(skip.person_id, skip.name, skip.desk, str(skip.reason_code), reason_text(skip.reason_code))


def _without_calls(facts: Facts) -> Facts:
    return replace(facts, presence=tuple(replace(known, open_offer="") for known in facts.presence))
