"""Reads a body of JSON: of limited size, and without what JSON does not have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser

from hotline.api.problems import TooLarge

MOST_BYTES = 256 * 1024


class JsonBody(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge
        try:
            return json.loads(raw, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise ValidationError(_("This is not JSON in UTF-8.")) from None


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)
