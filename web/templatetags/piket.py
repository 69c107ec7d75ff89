"""Tags and filters for every template: icons, fields, faces, and times as people say them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrations import clock

register = template.Library()
SMALL_WORDS = {"mr.", "dr.", "drs.", "prof.", "mw.", "dhr.", "de", "den", "der", "van", "het", "ter", "ten", "te", "'t"}


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """An icon of icons.svg; without `words` it says nothing to a screen reader."""
    href = f"{static('web/icons.svg')}#{name}"
    if words:
        return format_html('<svg class="piket-icon" role="img" aria-label="{}"><use href="{}"/></svg>', words, href)
    return format_html('<svg class="piket-icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.inclusion_tag("web/form/field.html")
def field(bound: BoundField, *, optional: bool = False, short: bool = False) -> dict[str, Any]:
    """A text, select, date or file field with label, hint and fault. Fields are required unless marked."""
    return {"field": bound, "optional": optional, "short": short, "limit": bound.field.widget.attrs.get("data-limit")}


@register.inclusion_tag("web/form/tiles.html")
def tiles(bound: BoundField, *, layout: str = "") -> dict[str, Any]:
    """A choice of one as tiles. `layout`: '', 'rows', 'three' or 'chips'."""
    return {"field": bound, "layout": layout}


@register.inclusion_tag("web/form/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Everything that is wrong, each with a link to its field; nothing when all is well."""
    faults: list[tuple[str, str]] = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        faults += [("", fault) for fault in form.non_field_errors()]
        for bound in form:
            where = f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
            faults += [(where, fault) for fault in bound.errors]
    return {"faults": faults}


@register.filter
def initials(name: str) -> str:
    """'mr. Sanne de Vries' -> 'SV': the face of whoever has no photograph."""
    words = [word for word in name.split() if word.lower() not in SMALL_WORDS]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def clock_time(moment: datetime) -> str:
    """14:05, in Amsterdam."""
    return formats.date_format(timezone.localtime(moment), "G:i")


@register.filter
def when(moment: datetime) -> str:
    """'14:05' today, 'morgen 9:00', 'gisteren 9:00', otherwise 'wo 25 nov 9:00'."""
    local, today = timezone.localtime(moment), timezone.localtime(clock.now()).date()
    hour = formats.date_format(local, "G:i")
    if local.date() == today:
        return hour
    if local.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": hour}
    if local.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": hour}
    return formats.date_format(local, "D j b G:i")


@register.filter
def at(moment: datetime) -> str:
    """The same inside a sentence: 'om 14:05', 'morgen om 9:00', 'wo 25 nov om 9:00'."""
    local, today = timezone.localtime(moment), timezone.localtime(clock.now()).date()
    hour = formats.date_format(local, "G:i")
    if local.date() == today:
        return _("at %(time)s") % {"time": hour}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow at %(time)s") % {"time": hour}
    if local.date() == today - timedelta(days=1):
        return _("yesterday at %(time)s") % {"time": hour}
    return _("%(day)s at %(time)s") % {"day": formats.date_format(local, "D j b"), "time": hour}


@register.filter
def before(moment: datetime) -> str:
    """'vóór 14:00', 'vóór morgen 9:00'; a moment at midnight is the end of the day before: 'uiterlijk ma 23 nov'."""
    local, today = timezone.localtime(moment), timezone.localtime(clock.now()).date()
    if local.time() != time(0):
        return _("before %(time)s") % {"time": when(moment)}
    day = local.date() - timedelta(days=1)
    if day == today:
        return _("by the end of today")
    return _("by the end of %(day)s") % {"day": formats.date_format(day, "D j b")}


@register.filter
def till(end: datetime, start: datetime) -> str:
    """'9:00–13:00', and '20:00–ma 20:00' when it ends on another day."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    ends = formats.date_format(last, "G:i" if first.date() == last.date() else "D G:i")
    return f"{formats.date_format(first, 'G:i')}–{ends}"


@register.filter
def main_part(text: str) -> str:
    """'Sociale verzekeringen (UWV, SVB)' -> 'Sociale verzekeringen'."""
    return str(text).partition(" (")[0]


@register.filter
def in_brackets(text: str) -> str:
    """'Sociale verzekeringen (UWV, SVB)' -> 'UWV, SVB'; '' without."""
    return str(text).partition(" (")[2].rstrip(")")


@register.filter
def duration(seconds: int | timedelta | None) -> str:
    """'0:24', '11:05': minutes and seconds."""
    if seconds is None:
        return ""
    whole = int(seconds.total_seconds()) if isinstance(seconds, timedelta) else int(seconds)
    return f"{max(whole, 0) // 60}:{max(whole, 0) % 60:02d}"


@register.filter
def since(moment: datetime) -> str:
    """How long ago, as minutes and seconds."""
    return duration(clock.now() - moment)
