"""Refusals of the rosters. Each has a stable `code`, a `status` for the web, and a text that says what to do."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


class RosterError(Exception):
    """Something cannot be written or found; `code` is stable, the text is for the person who tried."""

    status = 409

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotKnown(RosterError):
    """A line, desk, duty or pattern that does not exist, or is none of this person's business."""

    status = 404


class DutyRefused(RosterError):
    """A duty that cannot be in force: the person or the position is taken, or its times are wrong."""


class SetUpRefused(RosterError):
    """A line, desk, norm or pattern that cannot be."""


class PauseRefused(RosterError):
    """A pause without an end that can be kept."""


class NotYours(RosterError):
    """The person may see it, and may not do this with it."""

    status = 403


class FormRefused(RosterError):
    """What was filled in cannot be used. `field` is the name of the field that it is about."""

    status = 400

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(code, message)
        self.field = field


class CoverRefused(RosterError):
    """A take-over, swap, sick call or request that cannot be, with what can."""


class RulesBroken(CoverRefused):
    """The person would break rules. `broken` are their codes; `can_tick`: he may, when he says that he knows it."""

    def __init__(self, broken: Sequence[str], words: str, *, can_tick: bool) -> None:
        if can_tick:
            self.status = 400
            text = _("This breaks a rule: %(rules)s. Tick that you know it, or leave it.")
        else:
            text = _("This cannot be: %(rules)s.")
        super().__init__("rules_broken", text % {"rules": words})
        self.broken = tuple(broken)
        self.can_tick = can_tick


class PlanRefused(RosterError):
    """A draft or published roster with which this cannot be done (now), with what can."""
