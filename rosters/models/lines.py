"""Lines, desks and what a desk needs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MINUTES_IN_DAY = 24 * 60


class Line(models.Model):
    """A telephone number with opening hours and a direction."""

    class Direction(models.TextChoices):
        UP = "up", _("first line to lawyer")
        BACK = "back", _("lawyer to first line")

    number = models.CharField(max_length=16, unique=True, help_text="E.164")
    name = models.CharField(max_length=60)
    direction = models.CharField(max_length=4, choices=Direction.choices, default=Direction.UP)
    fallback_number = models.CharField(max_length=16, blank=True, help_text="staffed number for our own faults")
    notice = models.CharField(max_length=200, blank=True, help_text="spoken after the greeting's first word")
    notice_until = models.DateTimeField(null=True, blank=True)
    closed_on_holidays = models.BooleanField(default=True)
    cap_seconds = models.PositiveSmallIntegerField(default=90, help_text="area chosen to a person or a promise")
    ring_seconds = models.PositiveSmallIntegerField(default=20)
    stages = models.CharField(max_length=40, default="own,neighbour,country", help_text="in this order; may drop one")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class OpeningHours(models.Model):
    """Open on this weekday from `opens` to `closes`, in minutes of the local day; parts may touch at midnight."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    opens = models.PositiveSmallIntegerField(help_text="minutes after local midnight")
    closes = models.PositiveSmallIntegerField(help_text="1440 is midnight at the end of the day")

    class Meta:
        verbose_name_plural = "opening hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, opens__lt=F("closes"), closes__lte=MINUTES_IN_DAY), name="hours_in_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class Closure(models.Model):
    """The line is closed in [starts_at, ends_at), by whom and why."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120)
    closed_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="closure_has_length")]

    def __str__(self) -> str:
        return self.reason


class Part(models.Model):
    """A dagdeel of a line: a named half-open part of the day. A line without any has those of `core.dagdelen`."""

    class Name(models.TextChoices):
        MORNING = "ochtend", _("morning")
        AFTERNOON = "middag", _("afternoon")
        EVENING = "avond", _("evening")

    line = models.ForeignKey(Line, models.CASCADE, related_name="parts")
    name = models.CharField(max_length=12, choices=Name.choices)
    starts = models.PositiveSmallIntegerField(help_text="minutes after local midnight")
    ends = models.PositiveSmallIntegerField(help_text="1440 is midnight at the end of the day")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "name"], name="part_once"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends"), ends__lte=MINUTES_IN_DAY), name="part_in_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts}-{self.ends}"


class Desk(models.Model):
    """A piketpost: a line, one or more areas, one or more regions."""

    class Kind(models.TextChoices):
        PIKET = "piket", _("duty desk")
        COORDINATION = "regie", _("coordination desk")

    line = models.ForeignKey(Line, models.PROTECT, related_name="desks")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PIKET)
    name = models.CharField(max_length=80, unique=True)
    areas = models.ManyToManyField("directory.LegalArea", related_name="desks", blank=True)
    regions = models.ManyToManyField("directory.Region", related_name="desks")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Norm(models.Model):
    """How many people a desk needs in a dagdeel; an empty dagdeel holds for all of them."""

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="norms")
    dagdeel = models.CharField(max_length=12, blank=True, help_text="ochtend, middag, avond; empty for all")
    depth = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "dagdeel"], name="norm_once")]

    def __str__(self) -> str:
        return f"{self.desk} {self.dagdeel or '*'}: {self.depth}"
