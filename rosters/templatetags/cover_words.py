"""Marks of requests for cover."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from rosters.cover_board import RequestCard
from rosters.templatetags.roster_words import Mark

register = template.Library()


@register.inclusion_tag("web/parts/status.html")
def cover_tag(card: RequestCard) -> dict[str, Mark]:
    """Where a request stands, in an icon and a word."""
    if card.is_open and card.answer == "yes":
        return {"mark": Mark("question", _("you offered a swap"), "ask")}
    if card.is_open and card.answer == "no":
        return {"mark": Mark("cross", _("you said no"))}
    if card.is_open:
        return {"mark": Mark("question", _("replacement sought"), "ask")}
    if card.state == "taken":
        return {"mark": Mark("check", _("taken over"), "good")}
    if card.state == "withdrawn":
        return {"mark": Mark("cross", _("withdrawn"))}
    return {"mark": Mark("clock", _("nobody found"), "fault")}
