"""A coordinator puts somebody on duty where people are lacking."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rosters import eligibility
from rosters.core.intervals import Interval
from rosters.core.weekly import MAX_DUTY
from rosters.errors import DutyRefused
from rosters.models import Duty
from rosters.services.duties import POSITIONS, add_duty, hold, refuse_times
from rosters.verdict_words import rule_words


@transaction.atomic
def put_on_duty(*, desk_id: int, person_id: int, when: Interval, agreed: bool = False) -> Duty:
    """Put a person on the first free position of a desk. `agreed`: he knows which of his own rules it breaks.

    Raises NotKnown; DutyRefused: not_eligible, breaks_rules (without `agreed`), desk_full, and those of `add_duty`.
    """
    refuse_times(when.start, when.end)
    hold([desk_id], [person_id])
    verdict = eligibility.verdict(desk_id, when, person_id)
    if verdict is None or not verdict.may_take:
        reason = rule_words(verdict.broken) if verdict else _("does no duties on this desk")
        raise DutyRefused("not_eligible", _("This person cannot take it: {reason}.").format(reason=reason))
    if verdict.broken and not agreed:
        raise DutyRefused(
            "breaks_rules",
            _("{name}: {rules}. Tick that this was agreed, or choose somebody else.").format(
                name=verdict.name, rules=rule_words(verdict.broken)
            ),
        )
    taken = set(
        Duty.objects.filter(
            desk_id=desk_id,
            cancelled_at__isnull=True,
            starts_at__gt=when.start - MAX_DUTY,
            starts_at__lt=when.end,
            ends_at__gt=when.start,
        ).values_list("position", flat=True)
    )
    free = next((position for position in POSITIONS if position not in taken), None)
    if free is None:
        raise DutyRefused("desk_full", _("Every position of this desk is taken then. Choose another time."))
    return add_duty(desk_id=desk_id, person_id=person_id, starts_at=when.start, ends_at=when.end, position=free)
