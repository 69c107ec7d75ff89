"""What is watched over: gaps in the cover, calendar feeds, and the balance of a period."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations import clock
from rosters.models.lines import Desk


class Gap(models.Model):
    """A desk that lacks people in [starts_at, ends_at): seen since when, whose it is, who was told and when."""

    class Kind(models.TextChoices):
        EMPTY = "gat", _("gap")
        THIN = "onder_norm", _("below the norm")

    class Cause(models.TextChoices):
        NOBODY_ROSTERED = "nobody_rostered", _("nobody rostered")
        ALL_ABSENT = "all_absent", _("everybody who could is absent")
        NOBODY_QUALIFIED = "nobody_qualified", _("no lawyer qualified")

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="gaps")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    cause = models.CharField(max_length=16, choices=Cause.choices)
    depth = models.PositiveSmallIntegerField(help_text="people at the worst minute")
    norm = models.PositiveSmallIntegerField()
    owner = models.ForeignKey("directory.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    first_seen_at = models.DateTimeField(default=clock.now)
    alarmed_at = models.DateTimeField(null=True, blank=True, help_text="the owner was texted")
    called_at = models.DateTimeField(null=True, blank=True, help_text="the owner was rung")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="gap_has_length"),
            models.UniqueConstraint(
                fields=["desk", "starts_at"], condition=Q(closed_at__isnull=True), name="gap_once_while_open"
            ),
        ]
        indexes = [models.Index("starts_at", condition=Q(closed_at__isnull=True), name="gap_open_start")]

    def __str__(self) -> str:
        return f"{self.desk} {self.starts_at}: {self.kind}"


class Feed(models.Model):
    """A calendar feed that was handed out. Its token is computed from `revoked`, so nothing usable lies at rest."""

    class Kind(models.TextChoices):
        PERSON = "person", _("own duties")
        DESK = "desk", _("duties of a desk")
        REGION = "region", _("duties of a region")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    object_id = models.BigIntegerField(help_text="id of the person, desk or region")
    holder = models.ForeignKey("directory.Person", models.CASCADE, related_name="feeds")
    revoked = models.PositiveIntegerField(default=0, help_text="raised to end the address that was handed out")
    alarm_minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="VALARM before a duty")
    invites_since = models.DateTimeField(
        null=True, blank=True, help_text="duties that are made from then on are mailed as invitations too"
    )
    fetched_at = models.DateTimeField(null=True, blank=True)
    fetched_by = models.CharField(max_length=80, blank=True, help_text="name of the calendar program")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "holder"], name="feed_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class FeedText(models.Model):
    """The calendar of a feed as it was written for one revision of its duties."""

    feed = models.OneToOneField(Feed, models.CASCADE, primary_key=True, related_name="text")
    revision = models.CharField(max_length=64)
    body = models.BinaryField()
    written_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.feed} at {self.revision}"


class Balance(models.Model):
    """What a person did in a closed period, carried over to the next. Recomputed while the period can still change."""

    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="first day after the period")
    duties = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    unpopular = models.PositiveIntegerField(default=0, help_text="duties in unpopular dagdelen")
    holidays = models.PositiveIntegerField(default=0, help_text="duties on holidays")
    closed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "starts_on"], name="balance_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.starts_on}"
