"""The line of a consultation, with its hours: which one takes a question, and what its clocks run on."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hotline.core.lanes import OpeningHours
from hotline.errors import FormRefused
from hotline.models import Consultation
from rosters import queries as rosters
from rosters.queries import LineAt


def line_of(consultation: Consultation) -> LineAt:
    return rosters.line(consultation.line_id)


def hours_of(consultation: Consultation) -> OpeningHours:
    return line_of(consultation).hours


def line_for(area_id: int, region_id: int, now: datetime) -> LineAt:
    """The line that takes a question asked online: one with a desk that serves it, open now if there is such a one.

    Raises FormRefused when no line serves the area in this region.
    """
    serving = [
        line for line in rosters.lines() if line.direction == "up" and rosters.desks_for(line.id, area_id, region_id)
    ]
    if not serving:
        raise FormRefused(
            "no_line", _("No line answers questions about this area. Choose another area or call us."), field="area"
        )
    return next((line for line in serving if line.hours.is_open(now)), serving[0])
