"""The sweep of this process: a thread beside the web server, or the foreground of `manage.py sweep`.

Without a broker it sweeps every second and sends at once when poked. With a broker the workers do that: a poke is
published to them, and this thread only steps in when nobody has swept for a while (dead worker, beat or broker).
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections

from config import broker
from config.due import SERVICES, WATCHES
from integrations import clock, sweep, wake
from integrations.twilio import rest

STEP_IN_AFTER = timedelta(seconds=5)
MANY = 50  # a round that found this much is followed by the next at once
QUIET = 60  # seconds between two log lines about the same trouble

logger = logging.getLogger("piketlijn.background")

_thread: threading.Thread | None = None


def start() -> None:
    """Start the thread, once per process; also in the children of this process, as they are forked."""
    global _thread
    if settings.TESTING or (_thread is not None and _thread.is_alive()):
        return
    if _thread is None:
        os.register_at_fork(after_in_child=start)
    _thread = threading.Thread(target=run, name="sweep", daemon=True)
    _thread.start()


def run(stopped: Callable[[], bool] = lambda: False, *, publishes: bool | None = None) -> None:
    """Until `stopped`: a round every second, and what was poked for in between at once. Survives every failure."""
    rest.warm_up()
    with_broker = bool(settings.CELERY_BROKER_URL) if publishes is None else publishes
    round_, hurry = (_watch_over, _publish) if with_broker else (_sweep, _send)
    every = settings.SWEEP_EVERY.total_seconds()
    next_round = 0.0
    while not stopped():
        woken = wake.wait(max(0.0, next_round - time.monotonic()))
        if time.monotonic() >= next_round:
            next_round = time.monotonic() + every
            if _guarded(round_) >= MANY:
                next_round = 0.0
        elif woken:
            _guarded(hurry)


def _sweep() -> int:
    return sweep.tick(SERVICES, WATCHES)


def _send() -> int:
    return sweep.send()


def _publish() -> int:
    return 0 if broker.publish_send() else _send()


def _watch_over() -> int:
    broker.look()
    last = sweep.last_tick()
    if last is not None and clock.now() - last < STEP_IN_AFTER:
        return 0
    return _sweep()


_last_logged = 0.0


def _guarded(work: Callable[[], int]) -> int:
    """Do it with a live database connection; trouble is logged once a minute and tried again by the next round."""
    global _last_logged
    close_old_connections()
    try:
        return work()
    except Exception:  # the edge of the process: a database that is away must not end the sweep for good
        if time.monotonic() - _last_logged > QUIET or not _last_logged:
            _last_logged = time.monotonic()
            logger.exception("the sweep failed; it tries again every second")
        return 0
    finally:
        close_old_connections()
