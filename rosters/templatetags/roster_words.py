"""Words and marks of the rosters for templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext_lazy as _

from directory import numbers
from rosters.agenda import DutyCard

register = template.Library()


class Mark(NamedTuple):
    """An icon, a word and a tone: '', active, good, ask or fault. Never a colour alone."""

    icon: str
    words: Any
    tone: str = ""


@register.filter
def place_words(position: int) -> Any:
    """1 is on duty, everything after it backup."""
    return _("on duty") if position == 1 else _("backup")


@register.filter
def phone(e164: str) -> str:
    """As people write it: 085 000 0000."""
    return numbers.shown(e164)


@register.inclusion_tag("web/parts/status.html")
def duty_tag(duty: DutyCard, now: datetime) -> dict[str, Mark]:
    """Where a duty stands for its holder."""
    if duty.cover is not None:
        return {"mark": Mark("question", _("replacement sought"), "ask")}
    if duty.when.start <= now:
        return {"mark": Mark("clock", _("runs now"), "active")}
    if duty.confirmed_at:
        return {"mark": Mark("check", _("confirmed"), "good")}
    return {"mark": Mark("today", _("planned"))}
