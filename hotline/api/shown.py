"""What the API answers, from the queries' plain values. No case text but in the thread; no number but a line's."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from directory import queries as directory
from directory.queries import RegionAt
from hotline.api import words
from hotline.api.given import Word

Shown = serializers.Serializer[Any]
Name = serializers.CharField
ROOT = "/api/v1"


def address_of(reference: str) -> str:
    return f"{settings.PUBLIC_URL}{ROOT}/vragen/{reference}"


class Moment(serializers.DateTimeField):
    """In UTC, with Z."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


# --- Places ---------------------------------------------------------------------------------------------------------
class Rechtsgebied(Shown):
    code = Name(source="slug")
    naam = Name(source="name")
    korteNaam = Name(source="short_name", help_text=gettext_lazy("As the telephone menu says it."))
    verwijzing = Name(
        source="signpost", help_text=gettext_lazy("Not for this line: where the question belongs. Mostly empty.")
    )


class Regio(Shown):
    code = Name()
    naam = Name(source="name")
    soort = Word(words.REGION, source="kind")
    ligtIn = serializers.SerializerMethodField(help_text=gettext_lazy("Code of the region around it."))

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_ligtIn(self, region: RegionAt) -> str | None:
        above = directory.set_up().region_by_id.get(region.parent_id or 0)
        return above.code if above else None


class Lijn(Shown):
    naam = Name(source="line.name")
    nummer = Name(source="line.number", help_text=gettext_lazy("The number to call."))
    open = serializers.BooleanField(source="is_open", help_text=gettext_lazy("Whether it answers at that moment."))
    opentOp = Moment(source="opens_at", allow_null=True, help_text=gettext_lazy("First open moment from then on."))


class Gebeld(Shown):
    naam = Name(source="name")
    piketpost = Name(source="desk")
    positie = serializers.IntegerField(source="position", help_text=gettext_lazy("1 is dienst, 2 is achterwacht."))
    trap = Word(words.STAGE, source="stage", help_text=gettext_lazy("Where the desk lies, seen from the region asked."))
    tot = Moment(source="duty_ends_at", help_text=gettext_lazy("End of the duty."))
    belSeconden = serializers.IntegerField(
        source="seconds", help_text=gettext_lazy("How long it rings; 0 beyond the longest wait of the line.")
    )


class Overgeslagen(Shown):
    naam = Name(source="name")
    piketpost = Name(source="desk")
    reden = Name(source="reason")


class GebiedKort(Shown):
    code = Name(source="slug")
    naam = Name(source="name")


class RegioKort(Shown):
    code = Name()
    naam = Name(source="name")


class VanDienst(Shown):
    rechtsgebied = GebiedKort(source="area")
    regio = RegioKort(source="region")
    moment = Moment(source="at")
    verwijzing = Name(
        source="area.signpost", help_text=gettext_lazy("Where the question belongs instead. Mostly empty.")
    )
    lijn = serializers.SerializerMethodField()
    belvolgorde = Gebeld(source="ring", many=True, help_text=gettext_lazy("Who would be rung, the first one first."))
    overgeslagen = Overgeslagen(source="skipped", many=True, help_text=gettext_lazy("On duty, and not rung now."))

    @extend_schema_field(Lijn(allow_null=True))
    def get_lijn(self, found: Any) -> Any:
        return Lijn(found).data if found.line is not None else None


# --- Questions ------------------------------------------------------------------------------------------------------
class VanGebied(Shown):
    code = Name(source="area_slug")
    naam = Name(source="area")


class VanRegio(Shown):
    code = Name(source="region_code")
    naam = Name(source="region")


class VolgendeStap(Shown):
    stap = Word(words.STEP, source="next_step")
    omschrijving = Name(source="next_step_label")
    eigenaar = Name(source="owner", help_text=gettext_lazy("Who owes it: a name, or a role in words."))
    vanJou = serializers.BooleanField(source="mine")
    uiterlijk = Moment(source="next_due_at")

    def to_representation(self, instance: Any) -> Any:
        """None for a question that has ended: it has no next step."""
        return super().to_representation(instance) if instance.next_step else None


class VraagKort(Shown):
    referentie = Name(source="reference")
    url = serializers.SerializerMethodField()
    kanaal = Word(words.CHANNEL, source="channel")
    rechtsgebied = VanGebied(source="*")
    regio = VanRegio(source="*")
    termijn = Word(words.LANE, source="lane")
    status = Word(words.STATUS)
    organisatie = Name(source="organisation")
    vrager = Name(source="asker")
    advocaat = Name(source="lawyer", help_text=gettext_lazy("Who accepted it; empty before that."))
    volgendeStap = VolgendeStap(source="*", allow_null=True)
    ingediendOp = Moment(source="created_at")
    beeindigdOp = Moment(source="ended_at", allow_null=True)

    @extend_schema_field(serializers.URLField())
    def get_url(self, question: Any) -> str:
        return address_of(question.reference)


class Gebeurtenis(Shown):
    op = Moment(source="at")
    wie = Name(source="who", help_text=gettext_lazy("Empty for the line itself."))
    tekst = Name(source="text")


class Uitkomst(Shown):
    zijde = Word(words.SIDE, source="side")
    uitkomst = Word(words.OUTCOME, source="value")
    door = Name(source="who")
    op = Moment(source="at")
    toevoegingVoorkomen = serializers.BooleanField(source="certificate_avoided", allow_null=True)


class Vervolg(Shown):
    eigenaar = Name(source="owner")
    vanJou = serializers.BooleanField(source="is_mine")
    dag = serializers.DateField(source="due_on")
    gedaanOp = Moment(source="done_at", allow_null=True)


class Vraag(VraagKort):
    """Where a question stands. Its text is in the thread."""

    aannemenVoor = Moment(
        source="accept_by", allow_null=True, help_text=gettext_lazy("Until when the lawyer who is asked may accept.")
    )
    antwoordVoor = Moment(source="answer_due_at", allow_null=True)
    laatsteDag = serializers.DateField(source="deadline", allow_null=True)
    uitkomsten = Uitkomst(source="outcomes", many=True)
    vervolgen = Vervolg(source="follow_ups", many=True)
    tijdlijn = Gebeurtenis(source="timeline", many=True)


class VragenPagina(Shown):
    aantal = serializers.IntegerField(help_text=gettext_lazy("Of all pages together."))
    volgende = serializers.URLField(allow_null=True)
    vorige = serializers.URLField(allow_null=True)
    resultaten = VraagKort(many=True)


class Bericht(Shown):
    soort = Word(words.MESSAGE, source="kind")
    auteur = Name(source="author")
    tekst = Name(source="body")
    op = Moment(source="at")


class Bijlage(Shown):
    naam = Name(source="name")
    mediatype = Name(source="content_type")
    bytes = serializers.IntegerField(source="size")
    auteur = Name(source="author")
    op = Moment(source="at")


class Berichten(Shown):
    """The text of a question: what was asked, and what was written since."""

    referentie = Name(source="reference")
    vraag = Name(source="question", help_text=gettext_lazy("Empty for a question asked by telephone."))
    achtergrond = Name(source="background")
    berichten = Bericht(source="messages", many=True)
    bijlagen = Bijlage(source="files", many=True)
