"""A throw-away database with the directory and rosters of this one. The source is read once and never written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models

from directory import snapshot as directory_snapshot
from rosters import snapshot as roster_snapshot
from rosters.core.weekly import MAX_DUTY

COPIED = ("directory", "rosters")
IN_MEMORY: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": ":memory:",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous=OFF;"},
    "ATOMIC_REQUESTS": False,
    "AUTOCOMMIT": True,
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": False,
    "TIME_ZONE": None,
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
    "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
}


@contextmanager
def throw_away(since: datetime, until: datetime) -> Iterator[None]:
    """Inside, `default` is a database in memory; only the duties that touch [since, until) are copied."""
    copied = {model: _rows(model, since, until) for model in _tables()}
    before = connections["default"]
    settings_before, mail_before = connections.settings["default"], settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    connections.settings["default"] = IN_MEMORY
    del connections["default"]
    try:
        _make_tables()
        _fill(copied)
        _forget()
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings_before
        connections["default"] = before
        settings.EMAIL_BACKEND = mail_before
        _forget()


def _make_tables() -> None:
    """Straight from the models: there is no history to migrate, and the reference data is copied."""
    with connections["default"].schema_editor() as editor:
        for model in apps.get_models():
            editor.create_model(model)


def _tables() -> list[type[models.Model]]:
    """Every table of the copied apps, also those between two others."""
    return [model for label in COPIED for model in apps.get_app_config(label).get_models(include_auto_created=True)]


def _rows(model: type[models.Model], since: datetime, until: datetime) -> list[dict[str, Any]]:
    found = model._default_manager.all()
    if model._meta.label == "rosters.Duty":
        found = found.filter(starts_at__gt=since - MAX_DUTY, starts_at__lt=until, ends_at__gt=since)
    names = [field.attname for field in model._meta.concrete_fields]
    rows = list(found.values(*names))
    if model._meta.label == "rosters.Duty":
        # A simulation is about calls: nobody there answers a reminder, and thousands of them would only cost time.
        rows = [{**row, "next_step": "", "next_step_at": None} for row in rows]
    return rows


def _fill(copied: dict[type[models.Model], list[dict[str, Any]]]) -> None:
    connection = connections["default"]
    with connection.constraint_checks_disabled():
        for model, found in copied.items():
            model._default_manager.bulk_create([model(**row) for row in found], batch_size=500)


def _forget() -> None:
    directory_snapshot.forget_here()
    roster_snapshot.forget_here()
