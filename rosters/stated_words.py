"""What somebody said about when he can, in words: read back before it is kept."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rosters.core import quick_text, wall
from rosters.core.intervals import Interval
from rosters.core.quick_text import EveryWeek, Meaning
from rosters.models import Absence, Level
from rosters.telling import time_words

LEVEL_WORDS = {
    Level.CAN: gettext_lazy("can"),
    Level.RATHER_NOT: gettext_lazy("rather not"),
    Level.CANNOT: gettext_lazy("cannot"),
}
EXAMPLES = gettext_lazy(
    "Write for instance: elke woensdag, vr middag liever niet, 12-19 aug vakantie, di 17 nov 13-17."
)
REFUSALS: Mapping[str, object] = {
    quick_text.NOT_UNDERSTOOD: gettext_lazy("We do not understand this."),
    quick_text.WRONG_DAY: gettext_lazy("This day or time does not exist."),
    quick_text.BACKWARDS: gettext_lazy("This ends before it starts."),
    quick_text.PAST: gettext_lazy("This has passed."),
    quick_text.TOO_LONG: gettext_lazy("This is too long: at most a year, or 92 days with a part of the day."),
    quick_text.WRONG_WEEKDAY: gettext_lazy("That date is another day of the week."),
    quick_text.HABIT_TIMES: gettext_lazy("For every week, name a part of the day: ochtend, middag or avond."),
}


def refusal_words(code: str) -> str:
    """What is wrong with what was typed, and examples of what is right."""
    return f"{REFUSALS.get(code, REFUSALS[quick_text.NOT_UNDERSTOOD])} {EXAMPLES}"


def level_words(level: str) -> str:
    return str(LEVEL_WORDS[Level(level)])


def reason_words(reason: str) -> str:
    return str(Absence.Reason(reason).label) if reason in Absence.Reason.values else ""


def meaning_words(meaning: Meaning) -> str:
    """'elke woensdag, middag: kan niet', 'do 12 augustus 2027 t/m do 19 augustus 2027: kan niet (vakantie)'."""
    if isinstance(meaning, EveryWeek):
        days = _("every %(days)s") % {"days": ", ".join(str(WEEKDAYS[day]) for day in meaning.weekdays)}
    elif meaning.first == meaning.last:
        days = formats.date_format(meaning.first, "l j F Y")
    else:
        days = _("%(first)s up to and including %(last)s") % {
            "first": formats.date_format(meaning.first, "D j F Y"),
            "last": formats.date_format(meaning.last, "D j F Y"),
        }
    part = meaning.part
    if not isinstance(meaning, EveryWeek) and meaning.times:
        part = "-".join(f"{minutes // 60}:{minutes % 60:02d}" for minutes in meaning.times)
    when = f"{days}, {part}" if part else days
    reason = reason_words(meaning.reason)
    return f"{when}: {level_words(meaning.level)}{f' ({reason})' if reason else ''}"


def period_words(when: Interval) -> str:
    """Whole days as days, 'do 12 augustus 2027 t/m do 19 augustus 2027'; else with their hours."""
    start, end = (moment.astimezone(wall.AMSTERDAM) for moment in when)
    if start.time() != wall.MIDNIGHT or end.time() != wall.MIDNIGHT:
        return time_words(when)
    last = end.date() - wall.A_DAY
    if start.date() == last:
        return formats.date_format(last, "D j F Y")
    return _("%(first)s up to and including %(last)s") % {
        "first": formats.date_format(start.date(), "D j F Y"),
        "last": formats.date_format(last, "D j F Y"),
    }
