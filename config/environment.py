"""Reads the environment for settings.py: every NAME also as NAME_FILE; a bad value stops the boot with one line."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv

TELEPHONY = ("lab", "twilio")


def env() -> FileAwareEnv:
    """A reader that takes NAME, or the content of the file that NAME_FILE points at."""
    return FileAwareEnv()


def text(name: str, default: str = "") -> str:
    """A stripped text; empty counts as unset."""
    return str(env().str(name, default=default)).strip() or default


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name}={value!r}: choose one of {', '.join(options)}.")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name}={value!r}: use 1 or 0.")
    return value in {"1", "true", "yes", "on"}


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def web_address(name: str, default: str) -> str:
    """An http(s) address without a trailing slash."""
    value = text(name, default).rstrip("/")
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name}={value!r}: give a full address such as https://piket.example.nl.")
    return value


def mail_address(name: str) -> str:
    """A bare mail address, without a name and without a tag; empty when unset."""
    value = text(name)
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,40}@[A-Za-z0-9.-]{1,200}", value):
        raise ImproperlyConfigured(f"{name}={value!r}: give a mail address such as piket@example.nl, without a '+'.")
    return value


def is_loopback(address: str) -> bool:
    """Whether an http(s) address points at this machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret kept in `path`, made once with owner-only rights; two processes that start together agree."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # One that exists was made before, or by the other process this moment: it is read below.
    with suppress(FileExistsError), open(path, "x", encoding="ascii", opener=_owner_only) as file:
        file.write(make())
    for _ in range(100):  # the other process may be between creating and writing
        if value := path.read_text(encoding="ascii").strip():
            return value
    raise ImproperlyConfigured(f"{path} is empty: remove it and start again.")


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def new_secret() -> str:
    return secrets.token_urlsafe(48)


def new_field_key() -> str:
    return Fernet.generate_key().decode("ascii")


def new_account() -> str:
    return "AC" + secrets.token_hex(16)


def field_keys(values: list[str]) -> list[str]:
    """Check that each FIELD_KEYS entry is a 32-byte urlsafe base64 key."""
    for value in values:
        try:
            Fernet(value)
        except ValueError as error:
            raise ImproperlyConfigured(
                "FIELD_KEYS: each key is 32 bytes in urlsafe base64; make one with `manage.py doctor --new-field-key`."
            ) from error
    return values
