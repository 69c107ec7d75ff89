"""What the API takes: each field is checked by itself, so that all faults are told at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from directory import queries as directory
from directory.errors import NotKnown
from directory.queries import AreaAt
from hotline.api import words
from hotline.consultations import asking, thread
from hotline.consultations.outcomes import LONGEST
from hotline.core.lanes import ZONE
from integrations import clock

FURTHEST = timedelta(days=366)  # as far as duties are worth asking for
MOST_ON_PAGE = 100
LAST_PAGE = 1_000_000


class Given(serializers.Serializer[Any]):
    """A body or a query. A name that does not exist is a fault too: it would be a typing error that goes unnoticed."""

    def to_internal_value(self, data: Any) -> Any:
        names = list(data) if isinstance(data, Mapping) else []
        faults: dict[str, Any] = {
            str(name): [_("There is no such field.")] for name in names if name not in self.fields
        }
        try:
            values = super().to_internal_value(data)
        except ValidationError as refused:
            raise ValidationError({**_as_dict(refused.detail), **faults}) from None
        if faults:
            raise ValidationError(faults)
        return values


def _as_dict(detail: Any) -> dict[str, Any]:
    return dict(detail) if isinstance(detail, Mapping) else {"non_field_errors": detail}


class Text(serializers.CharField):
    """A string, and nothing that would have to be made one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Word(serializers.ChoiceField):
    """A Dutch code for one of the tables."""

    def __init__(self, words: Mapping[str, str], **options: Any) -> None:
        self.words = words
        super().__init__(choices=list(words.values()), **options)

    def to_internal_value(self, data: Any) -> str:
        found = [code for code, word in self.words.items() if data == word]
        if not found:
            raise ValidationError(_("Choose one of: %(valid)s.") % {"valid": ", ".join(self.words.values())})
        return found[0]

    def to_representation(self, value: Any) -> str:
        return self.words[str(value)]


class AreaCode(Text):
    """The slug of a legal area, as an AreaAt."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return directory.area(super().to_internal_value(data))
        except NotKnown as unknown:
            raise ValidationError(_("Choose one of: %(valid)s.") % {"valid": unknown.message}) from None


class RegionCode(Text):
    """AR code, slug of a sub-region or 'landelijk', as a RegionAt."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return directory.region(super().to_internal_value(data))
        except NotKnown as unknown:
            raise ValidationError(_("Choose one of: %(valid)s.") % {"valid": unknown.message}) from None


class VanDienstGevraagd(Given):
    rechtsgebied = AreaCode(help_text=gettext_lazy("Code of an area of law, such as huur."))
    regio = RegionCode(
        help_text=gettext_lazy("Code of a region: AR01 to AR11, a sub-region such as walcheren, or landelijk.")
    )
    moment = serializers.DateTimeField(
        required=False,
        help_text=gettext_lazy(
            "Moment (ISO 8601), within a year. Without a zone it is Dutch time; without a moment it is now."
        ),
    )

    def validate_moment(self, moment: datetime) -> datetime:
        if abs(moment - clock.now()) > FURTHEST:
            raise ValidationError(_("Choose a moment within a year."))
        return moment


class Bladeren(Given):
    pagina = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=LAST_PAGE, help_text=gettext_lazy("Which page.")
    )
    paginaGrootte = serializers.IntegerField(
        required=False, default=20, min_value=1, max_value=MOST_ON_PAGE, help_text=gettext_lazy("How many on a page.")
    )


class NieuweVraag(Given):
    rechtsgebied = AreaCode(help_text=gettext_lazy("Code of an area of law, such as huur."))
    regio = RegionCode(
        help_text=gettext_lazy("Code of a region: AR01 to AR11, a sub-region such as walcheren, or landelijk.")
    )
    termijn = Word(
        words.LANE,
        required=False,
        default=None,
        allow_null=True,
        help_text=gettext_lazy(
            "How soon. 'nu': the line calls both of you. Without it: 'vandaag' when laatsteDag is at most two working "
            "days away, else 'twee_dagen'."
        ),
    )
    vraag = Text(
        min_length=1,
        max_length=asking.MOST_LETTERS,
        help_text=gettext_lazy("The question in one sentence. No names, addresses or numbers of the client."),
    )
    achtergrond = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=asking.MOST_BACKGROUND,
        help_text=gettext_lazy("What happened, what was done already."),
    )
    laatsteDag = serializers.DateField(
        required=False,
        default=None,
        allow_null=True,
        help_text=gettext_lazy("Last day of the client's own term, if one runs. Always check the letter."),
    )

    def validate_rechtsgebied(self, area: AreaAt) -> AreaAt:
        if area.signpost:
            raise ValidationError(area.signpost)
        return area


class NieuwBericht(Given):
    tekst = Text(
        min_length=1, max_length=thread.MOST_LETTERS, help_text=gettext_lazy("What the asker writes to the lawyer.")
    )


class NieuweUitkomst(Given):
    uitkomst = Word(
        words.OUTCOME,
        help_text=gettext_lazy(
            "First line: geholpen, deels_geholpen, niet_geholpen. Lawyer: beantwoord, vervolg_nodig, over_te_dragen, "
            "ander_rechtsgebied, later."
        ),
    )
    toevoegingVoorkomen = serializers.BooleanField(
        required=False,
        default=None,
        allow_null=True,
        help_text=gettext_lazy("Whether a LAT or toevoeging was probably avoided."),
    )
    vervolgOp = serializers.DateField(
        required=False,
        default=None,
        allow_null=True,
        help_text=gettext_lazy("Day of a follow-up by this person, within a year; he is reminded."),
    )
    notitie = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=thread.MOST_LETTERS,
        help_text=gettext_lazy("A note in the thread, for who may read it."),
    )
    daarna = Word(
        words.THEN,
        required=False,
        default=None,
        allow_null=True,
        help_text=gettext_lazy("What an asker who was not, or only partly, helped wants next."),
    )

    def validate_vervolgOp(self, day: date | None) -> date | None:
        today = clock.now().astimezone(ZONE).date()
        if day is not None and not today <= day <= today + LONGEST:
            raise ValidationError(_("Choose a day from today, within a year."))
        return day
