"""Words and marks of availability: a level is never told by its colour alone."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy

from rosters import stated_words
from rosters.core.intervals import Interval
from rosters.stated import MIXED
from rosters.templatetags.roster_words import Mark
from rosters.texts_busy import words_of_fault

register = template.Library()

ICONS = {"can": "check", "rather_not": "question", "cannot": "cross", MIXED: "clock"}


@register.filter
def level_words(level: str) -> Any:
    return gettext_lazy("partly") if level == MIXED else stated_words.level_words(level)


@register.filter
def level_icon(level: str) -> str:
    return ICONS[level]


@register.filter
def reason_words(reason: str) -> str:
    return stated_words.reason_words(reason)


@register.filter
def weekday_words(weekday: int) -> Any:
    return WEEKDAYS[weekday]


@register.filter
def fault_words(code: str) -> str:
    return words_of_fault(code)


@register.filter
def period_words(when: Interval) -> str:
    return stated_words.period_words(when)


@register.inclusion_tag("web/parts/status.html")
def tag(icon: str, words: str, tone: str = "") -> dict[str, Mark]:
    """A status of its own: an icon, a word and a tone (good, ask, fault, active)."""
    return {"mark": Mark(icon, words, tone)}
