"""Words of the statement of hours: its state, and minutes as hours."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from hotline.statements.queries import State

register = template.Library()
TONES = {State.CONCEPT: "", State.SUBMITTED: "ask", State.AGREED: "good"}


@register.filter
def state_words(state: str) -> str:
    return str(State(state).label)


@register.filter
def state_tone(state: str) -> str:
    return TONES[State(state)]


@register.filter
def hours_words(minutes: int) -> str:
    """'3 uur', '3 uur 20', '20 minuten'."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s minutes") % {"minutes": rest}
    if not rest:
        return _("%(hours)s hours") % {"hours": hours}
    return _("%(hours)s hours %(minutes)s") % {"hours": hours, "minutes": rest}
