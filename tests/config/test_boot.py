"""What must be true before anything serves or sweeps."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config import background, boot
from tests.builders import a_lawyer, a_line

pytestmark = pytest.mark.django_db


def test_demo_people_and_a_real_vendor_do_not_go_together(settings: Settings) -> None:
    settings.FALLBACK_NUMBER = "+31850000009"
    demo = a_lawyer()
    demo.is_demo = True
    demo.save()
    settings.REAL_VENDOR = False
    boot.check()
    settings.REAL_VENDOR = True
    with pytest.raises(ImproperlyConfigured, match="demo people"):
        boot.check()
    with pytest.raises(CommandError, match="demo people"):
        call_command("sweep")
    demo.is_demo = False
    demo.save()
    boot.check()


def test_warns_of_a_line_with_nobody_behind_it(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    a_line(name="Amsterdam")
    boot.check()
    assert "Amsterdam" in caplog.text
    caplog.clear()
    settings.FALLBACK_NUMBER = "+31850000009"
    boot.check()
    assert caplog.text == ""


def test_no_sweep_starts_in_a_test() -> None:
    background.start()
    assert background._thread is None
