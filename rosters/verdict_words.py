"""Why somebody fits a duty or does not, in words: the codes of `core.eligible`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rosters.core import eligible
from rosters.core.eligible import Verdict

WORDS: Mapping[str, Any] = {
    eligible.NOT_QUALIFIED: _("not registered for this area"),
    eligible.EXPIRED: _("the registration has ended by then"),
    eligible.OTHER_REGION: _("works in another region"),
    eligible.ON_DUTY: _("has another duty then"),
    eligible.ABSENT: _("said not to be available"),
    eligible.REST: _("too little rest between two duties"),
    eligible.WEEK_FULL: _("has the most duties of a week already"),
    eligible.MONTH_FULL: _("has the most duties of a month already"),
    eligible.FREE: _("free"),
    eligible.KNOWS_DESK: _("knows this desk"),
    eligible.RATHER_NOT: _("would rather not"),
    eligible.NOT_READY: _("number not tested lately"),
}


def words_of(verdict: Verdict) -> str:
    """'vrij, kent deze piketpost, 2 diensten minder dan gemiddeld'."""
    return ", ".join(_said(code, verdict) for code in verdict.reasons)


def rule_words(codes: Iterable[str]) -> str:
    """The rules that would be broken."""
    return ", ".join(str(WORDS[code]) for code in codes)


def _said(code: str, verdict: Verdict) -> str:
    n = abs(verdict.difference)
    if code == eligible.BELOW_AVERAGE:
        return ngettext("{n} duty below the average", "{n} duties below the average", n).format(n=n)
    if code == eligible.ABOVE_AVERAGE:
        return ngettext("{n} duty above the average", "{n} duties above the average", n).format(n=n)
    return str(WORDS[code])
