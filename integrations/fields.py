"""Text that lies encrypted in the database. Keys come from FIELD_KEYS: the first encrypts, all of them decrypt."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The cipher of the present FIELD_KEYS, newest key first."""
    return _cipher(tuple(settings.FIELD_KEYS))


def encrypt(text: str) -> str:
    return cipher().encrypt(text.encode()).decode("ascii") if text else ""


def decrypt(stored: str) -> str:
    """The text again. Raises cryptography.fernet.InvalidToken when no key fits."""
    return cipher().decrypt(stored.encode("ascii")).decode() if stored else ""


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # Django's class takes none at run time  # type: ignore[type-arg]  # not generic when the program runs
    """A TextField that cannot be searched or read in the database; an empty text stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(super().get_prep_value(value) or "")

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only 'is it empty' can be asked of a ciphertext."""
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None
