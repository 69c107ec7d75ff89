"""A form field for several files. What is in them the service judges; here only what need not be read first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Cleans to a list, empty without files. A file that is too large is refused before its bytes are read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", ManyFilesInput)
        super().__init__(*args, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        for file in given:
            if file.size > settings.MAX_FILE_BYTES:
                limit = settings.MAX_FILE_BYTES // (1024 * 1024)
                raise ValidationError(
                    _("“%(name)s” is larger than %(limit)s MB. Send a smaller file."),
                    params={"name": file.name, "limit": limit},
                    code="too_large",
                )
        return list(given)
