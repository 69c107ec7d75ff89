"""One duty by the hand of a coordinator: given to somebody, or cancelled. The person is told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from integrations import clock
from rosters import eligibility, telling
from rosters.core.eligible import BREAKABLE, EXPIRED, NOT_QUALIFIED, ON_DUTY
from rosters.core.intervals import Interval
from rosters.cover_words import rules_words
from rosters.errors import DutyRefused, FormRefused
from rosters.models import Duty
from rosters.planners import refuse_stranger
from rosters.services.duties import add_duty, cancel_duty, hold_duty, refuse_times
from rosters.services.roster_news import AT_ONCE, BY_SMS, ROSTER_PATH
from rosters.services.versions import refuse_outside_hours


@transaction.atomic
def give_duty(
    *,
    by: int,
    desk_id: int,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    position: int = 1,
    outside_hours: bool = False,
    agreed: bool = False,
) -> Duty:
    """Give somebody a duty. `agreed`: he said yes to what breaks a rule of his own (absent, rest, maximum).

    Raises NotYours, DutyRefused (as `add_duty`), FormRefused: ended, outside_hours, person_unfit, rules_broken.
    """
    refuse_stranger(by, [desk_id])
    refuse_times(starts_at, ends_at)
    when = Interval(starts_at, ends_at)
    if ends_at <= clock.now():
        raise FormRefused("ended", _("What has been stays as it was. Choose a later time."), field="day")
    refuse_outside_hours(desk_id, when, outside_hours)
    verdict = eligibility.verdict(desk_id, when, person_id)
    if verdict is None or {NOT_QUALIFIED, EXPIRED} & set(verdict.broken):
        raise FormRefused(
            "person_unfit", _("This person is not registered for this desk. Choose somebody else."), field="person"
        )
    own = [rule for rule in verdict.broken if rule in BREAKABLE]
    if own and not agreed and ON_DUTY not in verdict.broken:
        raise FormRefused(
            "rules_broken",
            _("%(name)s: %(rules)s. Choose somebody else, or tick that you agreed on it.")
            % {"name": verdict.name, "rules": rules_words(own)},
            field="agreed",
        )
    duty = add_duty(desk_id=desk_id, person_id=person_id, starts_at=starts_at, ends_at=ends_at, position=position)
    _tell("duty_given", duty)
    return duty


@transaction.atomic
def end_duty(*, duty_id: int, by: int) -> Duty:
    """Cancel a duty that is not over. Twice is once. Raises NotKnown, NotYours, DutyRefused (over)."""
    duty = hold_duty(duty_id)
    refuse_stranger(by, [duty.desk_id])
    if duty.cancelled_at is not None:
        return duty
    if duty.ends_at <= clock.now():
        raise DutyRefused("over", _("What has been stays as it was. Choose a later time."))
    duty = cancel_duty(duty_id=duty_id, by=by)
    _tell("duty_ended", duty)
    return duty


def _tell(text: str, duty: Duty) -> None:
    now = clock.now()
    with translation.override(settings.LANGUAGE_CODE):
        when = telling.time_words(Interval(duty.starts_at, duty.ends_at))
    telling.tell(
        text, [duty.person_id], key=str(duty.pk), urgent=duty.starts_at < now + AT_ONCE,
        by_sms=duty.starts_at < now + BY_SMS, when=when, desk=duty.desk.name,
        page=f"{settings.PUBLIC_URL}{ROSTER_PATH}",
    )  # fmt: skip
