"""The finished questions of the past months, drawn by lot, but the same lot every time. No database here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from hotline.demo.names import SEED
from hotline.demo.plan import ALL, ASKED_MOST, Size
from hotline.demo.stories import STORIES, Story
from hotline.demo.turns import AMSTERDAM

RESTED = 3  # days before today that are left to what is still open
BY_PHONE, MISSED_FIRST, USUAL_AREA, OFTEN_ASKED = 0.7, 0.15, 0.5, 0.7
OF_FIRST_WORKER = 0.1  # so that the README's worker has something to look back on
LAWYER_SAYS, WORKER_SAYS = 0.8, 0.85
AVOIDED, NOT_AVOIDED = 0.13, 0.7
FOLLOWS_UP = 0.2
SILENT_FOR = timedelta(days=16)  # who says nothing for ten working days: it closes by itself


@dataclass(frozen=True, slots=True)
class Case:
    """One question from the asking to the closing. `asker` is a place among the workers."""

    asked_at: datetime
    asker: int
    area: str
    by_phone: bool
    missed_first: bool  # the first lawyer did not answer, the second did
    talk: timedelta  # the conversation, or until the answer
    story: Story
    worker_says: str  # an outcome, or '' when he never said
    lawyer_says: str
    avoided: bool | None
    follow_up: bool  # the lawyer did something more a week later, and then it closed


def cases(size: Size, usual_areas: Sequence[str], today: date) -> list[Case]:
    """Oldest first, on working days in office hours."""
    lot = Random(SEED)  # noqa: S311 - demo data
    found = [_case(lot, size, usual_areas, today) for _number in range(size.finished)]
    return sorted(found, key=lambda case: case.asked_at)


def _case(lot: Random, size: Size, usual_areas: Sequence[str], today: date) -> Case:
    asker = 0 if lot.random() < OF_FIRST_WORKER else lot.randrange(size.workers)
    usual = usual_areas[asker]
    area = usual if usual and lot.random() < USUAL_AREA else lot.choice(_areas(lot))
    by_phone = lot.random() < BY_PHONE
    asked_at = _moment(lot, size, today)
    is_old = asked_at.date() < today - SILENT_FOR
    lawyer_speaks = lot.random() < LAWYER_SAYS
    worker_speaks = not lawyer_speaks or not is_old or lot.random() < WORKER_SAYS
    follow_up = worker_speaks and is_old and lot.random() < FOLLOWS_UP
    return Case(
        asked_at=asked_at,
        asker=asker,
        area=area,
        by_phone=by_phone,
        missed_first=by_phone and lot.random() < MISSED_FIRST,
        talk=timedelta(minutes=lot.randint(3, 18)) if by_phone else timedelta(minutes=lot.randint(40, 320)),
        story=lot.choice(STORIES[area]),
        worker_says=lot.choices(["helped", "partly"], [9, 1])[0] if worker_speaks else "",
        lawyer_says=("follow_up" if follow_up else "answered") if lawyer_speaks else "",
        avoided=_avoided(lot) if lawyer_speaks else None,
        follow_up=follow_up,
    )


def _areas(lot: Random) -> Sequence[str]:
    return ASKED_MOST if lot.random() < OFTEN_ASKED else ALL


def _avoided(lot: Random) -> bool | None:
    number = lot.random()
    return True if number < AVOIDED else False if number < AVOIDED + NOT_AVOIDED else None


def _moment(lot: Random, size: Size, today: date) -> datetime:
    days = list(_working_days(today - timedelta(days=size.days_back), today - timedelta(days=RESTED)))
    minutes = lot.randint(9 * 60, 16 * 60 + 45)
    return datetime.combine(lot.choice(days), time(minutes // 60, minutes % 60, lot.randrange(60)), AMSTERDAM)


def _working_days(since: date, until: date) -> Iterator[date]:
    day = since
    while day < until:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)
