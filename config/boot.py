"""What every process that serves or sweeps asks itself before it starts."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections
from django.urls import resolve

import directory.queries
import rosters.queries
from config import background

logger = logging.getLogger("piketlijn.boot")


def check() -> None:
    """Raise ImproperlyConfigured when this must not start, with the cure; warn of what is merely unwise.

    A database that is away or empty stops nothing: the answers of last resort to a caller need none.
    """
    try:
        if settings.REAL_VENDOR and directory.queries.has_demo_people():
            raise ImproperlyConfigured(
                "There are demo people in this database and TELEPHONY is a real vendor, which would ring real phones."
                " Use TELEPHONY=lab, or an empty database."
            )
        if lines := lines_without_fallback():
            logger.warning(
                "FALLBACK_NUMBER is not set and %s has none of its own: after a fault of ours a caller is only"
                " promised a call back. Set it to a staffed number.",
                lines,
            )
    except Error as error:
        logger.warning("not checked at the start, the database does not answer: %s", type(error).__name__)


def serve() -> None:
    """What wsgi.py and asgi.py do when they are loaded: check, then sweep in a thread beside the web server."""
    check()
    resolve("/twilio/voice")  # reads every view now, for which the first caller would have to wait
    connections.close_all()  # a server that forks later must not share this connection with its children
    background.start()


def lines_without_fallback() -> str:
    """The names of the lines that end nowhere when we fail, empty when every call has a staffed number behind it."""
    if settings.FALLBACK_NUMBER:
        return ""
    return ", ".join(line.name for line in rosters.queries.lines() if not line.fallback_number)
