"""Words and marks of the coverage: a state is never told by its colour alone."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rosters.core import coverage as core
from rosters.core.eligible import Verdict
from rosters.core.intervals import Interval
from rosters.coverage_page import WEEK, Column, Shown
from rosters.telling import time_words
from rosters.verdict_words import rule_words, words_of

register = template.Library()

STATE_WORDS = {
    core.GAP: gettext_lazy("gap"),
    core.BELOW: gettext_lazy("below the norm"),
    core.FRAGILE: gettext_lazy("fragile"),
    core.MET: gettext_lazy("at the norm"),
    core.ABOVE: gettext_lazy("above the norm"),
    core.CLOSED: gettext_lazy("line closed"),
}
MARKS = {core.GAP: "✕", core.BELOW: "▽", core.FRAGILE: "•", core.ABOVE: "+"}
PART_WORDS = {
    "ochtend": gettext_lazy("morning"),
    "middag": gettext_lazy("afternoon"),
    "avond": gettext_lazy("evening"),
    core.REST_OF_DAY: gettext_lazy("outside the dagdelen"),
}
PART_SHORT = {
    "ochtend": gettext_lazy("mor."),
    "middag": gettext_lazy("aft."),
    "avond": gettext_lazy("eve."),
    core.REST_OF_DAY: gettext_lazy("rest"),
}


@register.filter
def state_words(state: str) -> Any:
    return STATE_WORDS[state]


@register.filter
def state_mark(state: str) -> str:
    return MARKS.get(state, "")


@register.filter
def part_words(part: str) -> Any:
    return PART_WORDS.get(part, part)


@register.filter
def part_short(part: str) -> Any:
    return PART_SHORT.get(part, part)


@register.filter
def stretch(when: Interval) -> str:
    """'do 12 nov 9-13 u'."""
    return time_words(when)


@register.filter
def column_words(column: Column) -> str:
    """'dinsdag 24 november, middag', or of a week 'week 48'."""
    day = formats.date_format(column.day, "l j F")
    if column.part == WEEK:
        return _("week {number}").format(number=column.day.isocalendar().week)
    return f"{day}, {part_words(column.part)}"


@register.filter
def cell_figures(shown: Shown) -> str:
    """'0/2'; a dash when closed."""
    return "-" if shown.cell.state == core.CLOSED else f"{shown.cell.people}/{shown.cell.norm}"


@register.filter
def cell_words(shown: Shown) -> str:
    """What a screen reader says after the headings: '0 van 2 bezet, gat, vangnet 3'."""
    cell = shown.cell
    if cell.state == core.CLOSED:
        return str(STATE_WORDS[cell.state])
    said = [
        _("{people} of {norm} filled").format(people=cell.people, norm=cell.norm),
        str(STATE_WORDS[cell.state]),
    ]
    if shown.no_desk:
        said.append(_("no desk"))
    if cell.state == core.FRAGILE and cell.solid < cell.norm:
        said.append(_("{n} unconfirmed or not ready").format(n=cell.people - cell.solid))
    if cell.net:
        said.append(_("safety net {n}").format(n=cell.net))
    if cell.shared and cell.is_problem:
        said.append(_("{n} shared with other areas or regions").format(n=cell.shared))
    return ", ".join(said)


@register.filter
def why(verdict: Verdict) -> str:
    return words_of(verdict)


@register.filter
def rules(verdict: Verdict) -> str:
    return rule_words(verdict.broken)


@register.filter
def seconds(moment: Any) -> int:
    """For an address."""
    return int(moment.timestamp())
