"""How the rules of `core.eligible`, and the reasons for a rank, are said to people."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rosters.core import eligible
from rosters.core.eligible import Verdict

RULES = {
    eligible.NOT_QUALIFIED: gettext_lazy("not registered for this area of law"),
    eligible.EXPIRED: gettext_lazy("the registration has ended by then"),
    eligible.OTHER_REGION: gettext_lazy("works in another region"),
    eligible.ON_DUTY: gettext_lazy("has another duty at that time"),
    eligible.ABSENT: gettext_lazy("is not available then"),
    eligible.REST: gettext_lazy("too little rest between two duties"),
    eligible.WEEK_FULL: gettext_lazy("has the most duties for that week"),
    eligible.MONTH_FULL: gettext_lazy("has the most duties for that month"),
}
REASONS = {
    eligible.FREE: gettext_lazy("free"),
    eligible.KNOWS_DESK: gettext_lazy("knows the desk"),
    eligible.RATHER_NOT: gettext_lazy("would rather not"),
    eligible.NOT_READY: gettext_lazy("phone not tested"),
}


def rules_words(codes: Iterable[str]) -> str:
    """'heeft dan al een dienst, te weinig rust'."""
    return ", ".join(str(RULES.get(code, code)) for code in codes)


def reasons_words(verdict: Verdict) -> str:
    """'vrij, kent het gebied, 2 diensten onder gemiddelde'; of somebody who does not fit the rules he breaks."""
    if not verdict.fits:
        return rules_words(verdict.broken)
    said = []
    for code in verdict.reasons:
        if code in REASONS:
            said.append(str(REASONS[code]))
        elif code in (eligible.BELOW_AVERAGE, eligible.ABOVE_AVERAGE):
            said.append(_difference(verdict.difference))
    return ", ".join(said)


def _difference(difference: int) -> str:
    if difference < 0:
        text = ngettext("%(n)d duty below average", "%(n)d duties below average", -difference)
    else:
        text = ngettext("%(n)d duty above average", "%(n)d duties above average", difference)
    return text % {"n": abs(difference)}


def deal_words(ask_reasons: Iterable[str]) -> str:
    """The rules that somebody ticked when he offered a swap; '' for none."""
    ticked = [code for code in ask_reasons if code in RULES]
    return _("knows: %(rules)s") % {"rules": rules_words(ticked)} if ticked else ""
