"""Words of planners for templates: names in a difference, hours, reasons, states of a roster."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from rosters import telling
from rosters.core.eligible import NOT_READY, REST
from rosters.core.intervals import Interval
from rosters.models import Hole, RosterVersion
from rosters.plan_board import hours_words
from rosters.plan_names import Names
from rosters.templatetags.roster_words import Mark

register = template.Library()
STATES = {
    RosterVersion.State.DRAFT: Mark("file", _("draft"), "ask"),
    RosterVersion.State.PUBLISHED: Mark("done", _("published"), "good"),
    RosterVersion.State.UNDONE: Mark("back", _("taken back")),
    RosterVersion.State.DISCARDED: Mark("cross", _("thrown away")),
}
WARNINGS = {REST: _("too little rest between two duties"), NOT_READY: _("cannot be rung yet: no tested number")}

register.filter("planned_hours", hours_words)


@register.filter
def hours(when: Interval) -> str:
    """'do 12 nov 9-13 u'."""
    return telling.time_words(when)


@register.filter
def hole_hours(hole: Hole) -> str:
    return telling.time_words(Interval(hole.starts_at, hole.ends_at))


@register.filter
def person_of(person_id: int | None, names: Names) -> str:
    return names.person(person_id)


@register.filter
def desk_of(desk_id: int, names: Names) -> str:
    return names.desk(desk_id)


@register.filter
def warning_words(code: str) -> Any:
    return WARNINGS[code]


@register.filter
def iso(day: date) -> str:
    return day.isoformat()


@register.inclusion_tag("web/parts/status.html")
def version_tag(version: RosterVersion) -> dict[str, Mark]:
    return {"mark": STATES[RosterVersion.State(version.state)]}
