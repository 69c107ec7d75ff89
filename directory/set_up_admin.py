"""Set-up pages whose forms call a service: the service checks and writes, the page only shows.

Used by the admin of this app and of the apps above it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from directory.errors import DirectoryError

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm


class ServiceForm(ModelForm):
    """A form that is saved by `write`, in the place of the model's own validation and save."""

    refusals: tuple[type[Exception], ...] = (DirectoryError,)

    def write(self, typed: dict[str, Any]) -> Any:
        """Call the service with what was typed and return the row. Its refusals are shown above the form."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.instance = self.write(self.cleaned_data)
        except self.refusals as refusal:
            self.add_error(None, forms.ValidationError(str(refusal), code=getattr(refusal, "code", "refused")))

    def save(self, commit: bool = True) -> Any:
        """The row is written already."""
        return self.instance

    def save_m2m(self) -> None:
        """The service wrote these as well."""


class SetUpAdmin(ModelAdmin):
    """Nothing can be deleted, unless a subclass with `may_remove` says by `remove` which service does it."""

    actions: Any = None
    may_remove = False
    list_per_page = 50

    def remove(self, row: Any) -> None:
        """Call the service that takes the row away."""
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_remove and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form's service has written it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The form's service has written these too."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.remove(row)


def id_of(row: Any) -> int | None:
    """The id of a chosen row, None for 'none'."""
    return None if row is None else int(row.pk)


def ids_of(rows: Any) -> list[int]:
    """The ids of chosen rows, in the order shown."""
    return [int(row.pk) for row in rows]
