"""Asking others to take a duty over: give away, swap, replace; and who was asked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrations import clock
from rosters.models.duties import Duty


class CoverRequest(models.Model):
    """A vervangingsverzoek: [starts_at, ends_at) of a duty looks for somebody else.

    The duty stays its holder's until somebody takes it; after a sick call or no-show it is cancelled at once and
    `duty` is the one that fell vacant.
    """

    class Kind(models.TextChoices):
        GIVE = "give", _("give away")
        SWAP = "swap", _("swap")
        ABSENCE = "absence", _("absence")
        SICK = "sick", _("sick call")
        NO_SHOW = "no_show", _("no-show")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN = "taken", _("taken over")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("nobody found")

    number = models.PositiveIntegerField(unique=True, help_text="what is texted back: JA 417")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="cover_requests")
    starts_at = models.DateTimeField(help_text="the part of the duty that is offered")
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    closes_at = models.DateTimeField(help_text="then nobody was found; the duty stays whose it is")
    next_step_at = models.DateTimeField(null=True, blank=True, help_text="remind, widen or close")
    taken_by = models.ForeignKey("directory.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_duty = models.ForeignKey(Duty, models.SET_NULL, null=True, blank=True, related_name="+")
    undo_until = models.DateTimeField(null=True, blank=True, help_text="'toch niet' until this moment")
    broke_rules = models.CharField(max_length=120, blank=True, help_text="rules that the taker broke knowingly")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="cover_has_length"),
            models.UniqueConstraint(fields=["duty"], condition=Q(state="open"), name="cover_one_open_per_duty"),
        ]
        indexes = [
            models.Index("next_step_at", condition=Q(state="open", next_step_at__isnull=False), name="cover_step")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.state}"


class CoverAsk(models.Model):
    """One person who is asked to take over, or who offers a duty of his own in exchange."""

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        YES = "yes", _("yes")
        NO = "no", _("no")

    request = models.ForeignKey(CoverRequest, models.CASCADE, related_name="asks")
    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField(help_text="1 is asked first")
    reasons = models.JSONField(default=list, help_text="codes of why this rank")
    asked_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=4, choices=Answer.choices, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    in_return = models.ForeignKey(Duty, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "person"], name="ask_once")]

    def __str__(self) -> str:
        return f"{self.request} {self.person}: {self.answer or '?'}"
