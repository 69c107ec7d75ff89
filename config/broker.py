"""What a web process has to do with the broker: publish 'send now', and know whether it answers. Never in a request."""

from __future__ import annotations

import logging
import time

LOOK_EVERY = 15.0  # seconds
QUIET = 60.0  # seconds between two log lines about the same dead broker

logger = logging.getLogger("piketlijn.broker")

_reachable: bool | None = None
_looked_at = 0.0
_logged_at = 0.0


def is_reachable() -> bool | None:
    """As the background thread of this process found it; None: no broker, or not looked yet."""
    return _reachable


def publish_send() -> bool:
    """Ask a worker to send what waits. Whether the broker took it; a second or two at most, never an exception."""
    from config.celery import app  # noqa: PLC0415 - only processes with a broker need the library

    try:
        app.send_task("send", retry=False, expires=5, ignore_result=True)
    except Exception as error:  # the edge to a library that raises what its transports raise
        _note(False, error)
        return False
    _note(True)
    return True


def look() -> None:
    """Find out whether the broker answers, if that is a while ago."""
    global _looked_at
    if _looked_at and time.monotonic() - _looked_at < LOOK_EVERY:
        return
    _looked_at = time.monotonic()
    try:
        answers()
    except Exception as error:  # as in publish_send
        _note(False, error)
    else:
        _note(True)


def answers() -> None:
    """Raise what the library raises when the broker does not answer within two seconds."""
    from config.celery import app  # noqa: PLC0415 - as above

    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)


def _note(reachable: bool, error: Exception | None = None) -> None:
    global _reachable, _logged_at
    if error is not None and (not _logged_at or time.monotonic() - _logged_at > QUIET):
        _logged_at = time.monotonic()
        logger.error("the broker does not answer (%s): this process sweeps itself", type(error).__name__)
    if reachable and _reachable is False:
        logger.warning("the broker answers again")
        _logged_at = 0.0
    _reachable = reachable
