"""The Celery application: beat asks for a sweep every second, workers do it. Rows are the truth, Celery only wakes.

celery -A config worker    and    celery -A config beat
"""

from __future__ import annotations

import os
from typing import Any

import django
from celery import Celery
from celery.signals import worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config import boot  # noqa: E402 - the models need Django set up, and Celery imports this file first
from config.due import SERVICES, WATCHES  # noqa: E402
from integrations import sweep as integrations_sweep  # noqa: E402

# A publisher gives up soon (its rows are safe and it sweeps itself), also where the broker takes and never answers;
# a worker waits a second for a task, so it does not. Redis alone knows the second group.
_PATIENCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
_REDIS = {"socket_connect_timeout": 1, "socket_timeout": 3, "socket_keepalive": True}

app = Celery("piketlijn", broker=settings.CELERY_BROKER_URL or None)
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    enable_utc=True,
    broker_connection_timeout=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options=_PATIENCE | (_REDIS if settings.CELERY_BROKER_URL.startswith("redis") else {}),
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    beat_schedule_filename=str(settings.VAR_DIR / "celerybeat-schedule"),
    beat_max_loop_interval=1,
    beat_schedule={
        "sweep": {"task": "sweep", "schedule": settings.SWEEP_EVERY, "options": {"expires": 2.0}},
    },
)


@app.task(name="sweep", time_limit=60, soft_time_limit=50, max_retries=0)
def sweep() -> None:
    """One round. What it does not get done, the next one does."""
    integrations_sweep.tick(SERVICES, WATCHES)


@app.task(name="send", time_limit=60, soft_time_limit=50, max_retries=0)
def send() -> None:
    """Send at once what a web process has just written."""
    integrations_sweep.send()


@worker_init.connect
def _check(**kwargs: Any) -> None:
    try:
        boot.check()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error
