"""When people can, and what was agreed with them; busy times from their own calendars."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations import clock
from integrations.fields import EncryptedTextField


class Level(models.TextChoices):
    CAN = "can", _("can")
    RATHER_NOT = "rather_not", _("rather not")
    CANNOT = "cannot", _("cannot")


class Terms(models.Model):
    """What was agreed with a person who does duties. Without a row the defaults hold."""

    person = models.OneToOneField("directory.Person", models.CASCADE, primary_key=True, related_name="+")
    weight = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        help_text="agreed share of a full load; never from availability",
    )
    max_per_week = models.PositiveSmallIntegerField(default=5, help_text="duties in a calendar week")
    max_per_month = models.PositiveSmallIntegerField(null=True, blank=True, help_text="duties in a calendar month")
    rest_hours = models.PositiveSmallIntegerField(default=11, help_text="between duties that do not touch, of two days")

    class Meta:
        verbose_name_plural = "terms"
        constraints = [models.CheckConstraint(condition=Q(weight__gt=0), name="terms_weight")]

    def __str__(self) -> str:
        return f"{self.person}: {self.weight}"


class Round(models.Model):
    """A period for which availability is asked, with its deadline."""

    name = models.CharField(max_length=60)
    region = models.ForeignKey("directory.Region", models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="first day after it")
    deadline = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="round_has_length")]

    def __str__(self) -> str:
        return self.name


class Wish(models.Model):
    """How many duties a person wants in a round, at least and at most; given once the answer is in."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="wishes")
    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    min_duties = models.PositiveSmallIntegerField(null=True, blank=True)
    max_duties = models.PositiveSmallIntegerField(null=True, blank=True)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="wish_once"),
            models.CheckConstraint(
                condition=Q(min_duties__isnull=True) | Q(max_duties__isnull=True) | Q(min_duties__lte=F("max_duties")),
                name="wish_min_below_max",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.round}"


class WeeklyAvailability(models.Model):
    """Every week, on this weekday, in this dagdeel (empty: the whole day). An Absence goes before it."""

    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    dagdeel = models.CharField(max_length=12, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="first day without it")

    class Meta:
        verbose_name_plural = "weekly availability"
        constraints = [models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_weekday")]
        indexes = [models.Index(fields=["person", "valid_from"], name="weekly_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.weekday} {self.dagdeel}: {self.level}"


class Absence(models.Model):
    """In [starts_at, ends_at) this person cannot, would rather not, or (against his weekly habit) can."""

    class Reason(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        COURT = "court", _("court hearing")
        ILL = "ill", _("ill")
        CARE = "care", _("care")
        COURSE = "course", _("course")
        OTHER = "other", _("other")

    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.CANNOT)
    reason = models.CharField(max_length=8, choices=Reason.choices, default=Reason.OTHER)
    made_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="absence_has_length")]
        indexes = [models.Index("person", "ends_at", condition=Q(withdrawn_at__isnull=True), name="absence_person_end")]

    def __str__(self) -> str:
        return f"{self.person} {self.level} {self.starts_at}"


class BusySource(models.Model):
    """A calendar of somebody's own, by address or as a file: read only, and only 'busy' is kept of it."""

    class Kind(models.TextChoices):
        URL = "url", _("address")
        FILE = "file", _("file")

    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="busy_sources")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    name = models.CharField(max_length=60)
    url = EncryptedTextField(blank=True, help_text="opens somebody's calendar, so it is kept like a secret")
    etag = models.CharField(max_length=200, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="the last good state is of this moment")
    next_fetch_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True, help_text="code of what was wrong the last time")

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"


class BusyTime(models.Model):
    """Busy in [starts_at, ends_at); nothing else of the event is kept."""

    source = models.ForeignKey(BusySource, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="busy_has_length")]
        indexes = [models.Index(fields=["source", "ends_at"], name="busy_source_end")]

    def __str__(self) -> str:
        return f"{self.starts_at} - {self.ends_at}"
