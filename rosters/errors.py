"""Refusals of the rosters. Each has a stable `code` and a text that says what to do."""

from __future__ import annotations


class RosterError(Exception):
    """Something cannot be written or found; `code` is stable, the text is for the person who tried."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotKnown(RosterError):
    """A line, desk, duty or pattern that does not exist."""


class DutyRefused(RosterError):
    """A duty that cannot be in force: the person or the position is taken, or its times are wrong."""


class SetUpRefused(RosterError):
    """A line, desk, norm or pattern that cannot be."""


class PauseRefused(RosterError):
    """A pause without an end that can be kept."""
