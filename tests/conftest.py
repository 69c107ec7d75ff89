"""What every test has: a throw-away place for files, a clock that can be moved, no outside network."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import settings as walks
from pytest_django import Settings

from directory import snapshot
from integrations import clock

walks.register_profile("ci", derandomize=True)  # a change is judged by the same examples each time; at home others
walks.load_profile("ci" if os.environ.get("CI") else "default")

A_WEDNESDAY = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # 10:30 in Amsterdam, an ordinary working day


@pytest.fixture(autouse=True)
def own_files(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    if "live_server" not in request.fixturenames:  # every test client would look through all static files first
        settings.WHITENOISE_USE_FINDERS = False
    settings.VAR_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path  # whitenoise warns when the folder of collected files is not there
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at_ten_thirty() -> Iterator[datetime]:
    """Time stands still on a Wednesday, 10:30 in Amsterdam; move it with `clock.forward`."""
    with clock.at(A_WEDNESDAY):
        yield A_WEDNESDAY


@pytest.fixture(autouse=True)
def fresh_directory(request: pytest.FixtureRequest) -> None:
    """No set-up remembered from another test; reference data is there, also after a test that emptied the tables."""
    snapshot.forget_here()
    marker = request.node.get_closest_marker("django_db")
    if marker is None and not {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        return
    commits = "live_server" in request.fixturenames or (marker is not None and marker.kwargs.get("transaction"))
    request.getfixturevalue("transactional_db" if commits else "db")
    importlib.import_module("directory.migrations.0002_reference_data").load(apps, None)
