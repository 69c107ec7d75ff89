"""Refusals of the directory. Each has a stable `code` and a text that says what to do."""

from __future__ import annotations


class DirectoryError(Exception):
    """Something cannot be written or found; `code` is stable, the text is for the person who tried."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NumberRefused(DirectoryError):
    """A telephone number that the line will not ring."""


class NotKnown(DirectoryError):
    """A slug, code or id that is not in the directory."""
