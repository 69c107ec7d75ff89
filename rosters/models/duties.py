"""What is in force: duties and pauses; and how often the duties of somebody or of a desk changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations import clock
from rosters.models.lines import Desk
from rosters.models.plans import Pattern, RosterVersion


class Duty(models.Model):
    """In force: one person on one desk in [starts_at, ends_at), position 1 on duty, 2 backup, ...

    Person, desk and times of a row never change. A take-over cancels it and makes rows that name it in `came_from`; so
    the chain A -> B -> C can be read back, and each row is one event in a calendar.
    """

    class Origin(models.TextChoices):
        PATTERN = "pattern", _("pattern")
        PLANNED = "version", _("roster")
        TEMPORARY = "temporary", _("temporary roster")
        COORDINATOR = "coordinator", _("coordinator")
        COVER = "cover", _("taken over")
        SWAP = "swap", _("swapped")
        REPAIR = "repair", _("repair")

    class Ended(models.TextChoices):
        COORDINATOR = "coordinator", _("by a coordinator")
        GIVEN = "given", _("given away")
        SWAPPED = "swapped", _("swapped")
        SICK = "sick", _("reported sick")
        NO_SHOW = "no_show", _("did not show up")
        REPLACED = "replaced", _("replaced by a roster")
        PATTERN = "pattern", _("pattern changed")
        UNDONE = "undone", _("taken back")
        SPLIT = "split", _("split")
        LEFT = "left", _("no longer takes part")

    class Step(models.TextChoices):
        REMIND = "remind", _("reminder")
        NUDGE = "nudge", _("second reminder")
        ALARM = "alarm", _("unconfirmed: told to a coordinator")
        START = "start", _("start")

    desk = models.ForeignKey(Desk, models.PROTECT, related_name="duties")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="duties")
    position = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.COORDINATOR)
    pattern = models.ForeignKey(Pattern, models.SET_NULL, null=True, blank=True, related_name="duties")
    version = models.ForeignKey(RosterVersion, models.SET_NULL, null=True, blank=True, related_name="duties")
    came_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="became")
    number = models.ForeignKey(
        "directory.PhoneNumber", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="the number that this duty rings; empty: the person's first choice",
    )  # fmt: skip
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now, help_text="LAST-MODIFIED of its event")
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of its event")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_how = models.CharField(max_length=12, blank=True, help_text="sms, link, page, call or coordinator")
    next_step = models.CharField(max_length=8, blank=True, choices=Step.choices)
    next_step_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=120, blank=True, help_text="a code of Ended, or free text")
    cancelled_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), position__gte=1), name="duty_has_length_and_position"
            ),
        ]
        indexes = [
            # The last four columns are for the coverage: it finds all it counts here, in the order in which it groups.
            models.Index(
                "desk",
                "starts_at",
                "ends_at",
                "person",
                "number",
                "confirmed_at",
                condition=Q(cancelled_at__isnull=True),
                name="duty_desk_start",
            ),
            models.Index("person", "starts_at", condition=Q(cancelled_at__isnull=True), name="duty_person_start"),
            models.Index(
                "next_step_at", condition=Q(cancelled_at__isnull=True, next_step_at__isnull=False), name="duty_step"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.desk} {self.starts_at}"


class Pause(models.Model):
    """The person is not rung in [starts_at, ends_at). Ended early: ends_at moves forward to that moment."""

    class Source(models.TextChoices):
        PAGE = "page", _("page")
        KEY = "key", _("telephone key")
        SMS = "sms", _("text message")
        LINK = "link", _("link")
        COORDINATOR = "coordinator", _("coordinator")

    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="pauses")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=12, choices=Source.choices)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_at__lte=F("ends_at")), name="pause_has_end")]
        indexes = [models.Index(fields=["person", "ends_at"], name="pause_person_end")]

    def __str__(self) -> str:
        return f"{self.person} until {self.ends_at}"


class Revision(models.Model):
    """How often the duties of a person or a desk changed: a feed's ETag is made of it, in one indexed read."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        DESK = "desk", _("desk")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    object_id = models.BigIntegerField()
    number = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.number}"
