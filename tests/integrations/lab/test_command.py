"""`manage.py lab` refuses what it cannot do, in one clear line."""

from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings


@pytest.mark.parametrize("address", ["8010", "127.0.0.1", "127.0.0.1:poort", ":8010", "127.0.0.1:99999"])
def test_a_bad_address_is_refused(address: str) -> None:
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:"):
        call_command("lab", address)


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="cannot be used"):
        call_command("lab", f"127.0.0.1:{taken.getsockname()[1]}")


def test_it_does_not_run_beside_a_real_vendor(settings: Settings) -> None:
    settings.REAL_VENDOR = True
    with pytest.raises(CommandError, match="real telephone vendor"):
        call_command("lab")


def test_chaos_is_a_chance() -> None:
    with pytest.raises(CommandError, match="0 to 1"):
        call_command("lab", "--chaos=2")
