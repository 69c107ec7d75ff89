"""Rounds in which availability is asked, how many duties somebody wants, and what a coordinator agreed with him."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from directory import queries as directory
from directory.access import COORDINATOR
from integrations import clock
from rosters.core import wall
from rosters.errors import FormRefused, NotKnown, NotYours
from rosters.models import Round, Terms, Wish
from rosters.services.availability import require_keeper

MOST_WISHED = 99
MOST_WEIGHT = Decimal(10)


@transaction.atomic
def open_round(*, by: int, name: str, region_id: int, starts_on: date, ends_on: date, deadline: datetime) -> Round:
    """Ask for availability in [starts_on, ends_on), before `deadline` (aware). Raises NotYours, FormRefused."""
    if not directory.in_scope(by, COORDINATOR, region_id):
        raise NotYours("not_your_region", _("This is not a region of yours. Choose another one."))
    name, now = name.strip(), clock.now()
    if not name or len(name) > 60:
        raise FormRefused("name", _("Give the round a name of at most 60 characters."), field="name")
    if starts_on >= ends_on:
        raise FormRefused("period", _("The last day lies before the first. Correct the days."), field="ends_on")
    if ends_on - starts_on > timedelta(days=366):
        raise FormRefused("period", _("A round is a year at most. Choose a shorter period."), field="ends_on")
    if deadline <= now:
        raise FormRefused("deadline", _("The deadline has passed. Choose a moment to come."), field="deadline")
    if deadline > wall.moment(ends_on, 0):
        raise FormRefused("deadline", _("The deadline lies after the period. Choose an earlier one."), field="deadline")
    return Round.objects.create(name=name, region_id=region_id, starts_on=starts_on, ends_on=ends_on, deadline=deadline)


@transaction.atomic
def give_wish(*, round_id: int, person_id: int, by: int, min_duties: int | None, max_duties: int | None) -> Wish:
    """His availability for the round is in, with how many duties he wants. Also after the deadline: then it is late.

    Raises NotKnown, NotYours, FormRefused.
    """
    require_keeper(person_id, by)
    if not Round.objects.filter(pk=round_id).exists():
        raise NotKnown("round_unknown", _("This round is gone. Load the page again."))
    for number, field in ((min_duties, "min_duties"), (max_duties, "max_duties")):
        if number is not None and not 0 <= number <= MOST_WISHED:
            raise FormRefused("number", _("Give a number from 0 to 99, or leave it empty."), field=field)
    if min_duties is not None and max_duties is not None and min_duties > max_duties:
        raise FormRefused("number", _("At least is more than at most. Correct one of them."), field="max_duties")
    wish, _made = Wish.objects.update_or_create(
        round_id=round_id,
        person_id=person_id,
        defaults={"min_duties": min_duties, "max_duties": max_duties, "given_at": clock.now()},
    )
    return wish


@transaction.atomic
def agree_terms(
    *, person_id: int, by: int, weight: Decimal, max_per_week: int, max_per_month: int | None, rest_hours: int
) -> Terms:
    """What a coordinator agreed with somebody of his region; nobody agrees it with himself.

    Raises NotYours, FormRefused.
    """
    require_coordinator_of(person_id, by)
    if not Decimal(0) < weight <= MOST_WEIGHT:
        raise FormRefused("weight", _("A weight is more than 0 and at most 10. 1 is a full share."), field="weight")
    if not 1 <= max_per_week <= 14:
        raise FormRefused("max_per_week", _("Give a number from 1 to 14."), field="max_per_week")
    if max_per_month is not None and not 1 <= max_per_month <= 62:
        raise FormRefused("max_per_month", _("Give a number from 1 to 62, or leave it empty."), field="max_per_month")
    if not 0 <= rest_hours <= 72:
        raise FormRefused("rest_hours", _("Give a number of hours from 0 to 72."), field="rest_hours")
    terms, _made = Terms.objects.update_or_create(
        person_id=person_id,
        defaults={
            "weight": weight,
            "max_per_week": max_per_week,
            "max_per_month": max_per_month,
            "rest_hours": rest_hours,
        },
    )
    return terms


def coordinates(by: int, person_id: int) -> bool:
    """Whether `by` is a coordinator of a region of this person, and somebody else."""
    is_coordinator = by != person_id and directory.in_scope(by, COORDINATOR)
    return is_coordinator and person_id not in directory.assisted_by(by) and directory.may_act_for(by, person_id)


def require_coordinator_of(person_id: int, by: int) -> None:
    if not coordinates(by, person_id):
        raise NotYours("not_coordinator", _("Only a coordinator of this person's region changes agreements."))
