"""Where duties come from: patterns, and roster versions with their planned duties."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations import clock
from rosters.models.lines import MINUTES_IN_DAY, Desk


class Pattern(models.Model):
    """On these weekdays, in one week of every `every_weeks`, this person holds this position for `minutes` minutes.

    A rotation of n people is n patterns with `every_weeks` n and `turn` 0 to n - 1 that share `rotation`. A change
    makes a new pattern that `replaces` the old one, so that the past stays as it was.
    """

    class OnHolidays(models.TextChoices):
        SKIP = "skip", _("skipped")
        STAFF = "staff", _("staffed")

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="patterns")
    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="patterns")
    position = models.PositiveSmallIntegerField(default=1)
    weekdays = models.CharField(max_length=7, help_text="digits, 0 is Monday: 01234 are the working days")
    starts = models.PositiveSmallIntegerField(help_text="minutes after local midnight")
    minutes = models.PositiveSmallIntegerField(help_text="length on the wall clock; may run past midnight")
    every_weeks = models.PositiveSmallIntegerField(default=1, help_text="1 is every week")
    turn = models.PositiveSmallIntegerField(default=0, help_text="which week of the cycle; 0 is the week of valid_from")
    rotation = models.UUIDField(null=True, blank=True, help_text="shared by the patterns of one rotation")
    on_holidays = models.CharField(max_length=6, choices=OnHolidays.choices, default=OnHolidays.STAFF)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced_by")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="first day without it")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lt=MINUTES_IN_DAY, minutes__gt=0, minutes__lte=7 * MINUTES_IN_DAY, position__gte=1),
                name="pattern_has_length",
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, turn__lt=F("every_weeks")), name="pattern_turn_in_its_cycle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk} {self.weekdays} {self.position}"


class RosterVersion(models.Model):
    """A roster for some desks in [starts_on, ends_on), local days: drafted, compared, published, and kept.

    One source fills a desk at a moment: a published temporary version, else the newest published one, else patterns.
    """

    class Kind(models.TextChoices):
        PLANNED = "version", _("roster")
        TEMPORARY = "temporary", _("temporary roster")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        UNDONE = "undone", _("taken back")
        DISCARDED = "discarded", _("thrown away")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PLANNED)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    name = models.CharField(max_length=80)
    desks = models.ManyToManyField(Desk, related_name="versions")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="first day without it")
    based_on = models.DateTimeField(help_text="the duties in force at this moment are what the draft was made from")
    revision = models.PositiveIntegerField(default=0, help_text="raised by each change of the draft")
    made_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    gaps_accepted = models.CharField(max_length=200, blank=True, help_text="why it was published with gaps")
    undone_at = models.DateTimeField(null=True, blank=True)
    undo = models.JSONField(
        default=dict, help_text="what publishing changed and whom it told: how to take it back within ten minutes"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="version_has_length")]
        indexes = [models.Index(fields=["state", "ends_on"], name="version_state_end")]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class PlannedDuty(models.Model):
    """A duty as a roster version has it. Versions overlap freely; only `Duty` is in force."""

    version = models.ForeignKey(RosterVersion, models.CASCADE, related_name="planned")
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="+")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_locked = models.BooleanField(default=False, help_text="stays where it is when the roster is computed again")
    based_on = models.ForeignKey(
        "rosters.Duty",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="the duty it was drafted from",
    )

    class Meta:
        verbose_name_plural = "planned duties"
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at"), position__gte=1), name="planned_has_length")
        ]
        indexes = [models.Index(fields=["version", "starts_at"], name="planned_version_start")]

    def __str__(self) -> str:
        return f"{self.person} {self.desk} {self.starts_at}"


class Hole(models.Model):
    """An occurrence that a pattern or version asks for and that cannot be: it is not made, and shows as a gap."""

    class Reason(models.TextChoices):
        PERSON_ON_DUTY = "person_on_duty", _("has another duty")
        POSITION_TAKEN = "position_taken", _("the position is taken")
        ABSENT = "absent", _("absent")
        NOT_QUALIFIED = "not_qualified", _("not registered for the area")
        NOT_ACTIVE = "not_active", _("no longer takes part")

    pattern = models.ForeignKey(Pattern, models.CASCADE, null=True, blank=True, related_name="holes")
    version = models.ForeignKey(RosterVersion, models.CASCADE, null=True, blank=True, related_name="holes")
    desk = models.ForeignKey(Desk, models.CASCADE, related_name="holes")
    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=16, choices=Reason.choices)
    found_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["desk", "starts_at"], name="hole_desk_start")]

    def __str__(self) -> str:
        return f"{self.desk} {self.starts_at}: {self.reason}"
