"""Wakes the background thread of this process, so that what was just written goes out at once."""

from __future__ import annotations

import os
import threading

_woken = threading.Event()


def poke() -> None:
    """Say that there is something to deliver. Costs nothing, fails never; without a thread it does nothing."""
    _woken.set()


def wait(seconds: float) -> bool:
    """Sleep until poked, `seconds` at most. Whether we were poked."""
    woken = _woken.wait(seconds)
    _woken.clear()
    return woken


def _renew() -> None:
    global _woken
    _woken = threading.Event()  # the parent's may be locked by a thread that this process does not have


os.register_at_fork(after_in_child=_renew)
