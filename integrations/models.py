"""Rows of what leaves the building, what is due, and the links we hand out. Knows no lawyer and no duty."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations import clock


class OutboxMessage(models.Model):
    """One effect outside this building, written in the transaction that caused it; delivered at least once."""

    class Kind(models.TextChoices):
        SMS = "sms", _("text message")
        MAIL = "mail", _("mail")
        CALL = "call", _("place a call")
        REDIRECT = "redirect", _("redirect a call")
        HANGUP = "hangup", _("end a call")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("unknown")  # a request that timed out: it may or may not have arrived
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    to = models.CharField(max_length=254, help_text="E.164 number, mail address or vendor call id")
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True, help_text="text with {link} where a one-time link goes; blanked after 24 hours")
    payload = models.JSONField(default=dict, help_text="kind's own fields: url of a call, link to mint")
    about = models.CharField(max_length=80, blank=True, help_text="opaque key of what it is about")
    dedupe_key = models.CharField(max_length=120, unique=True)
    report = models.CharField(max_length=40, blank=True, help_text="kind of Due row filed with the result")
    priority = models.SmallIntegerField(default=5, help_text="0 first: calls 0, texts during a call 1, mail 5")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    vendor_id = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index("priority", "not_before", condition=Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["about"], name="outbox_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class Due(models.Model):
    """Work for a later moment; config/due.py maps `kind` to the service that does it."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("due_at", condition=Q(done_at__isnull=True), name="due_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Lease(models.Model):
    """Whoever holds the row may do the named work until it runs out."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"


class Link(models.Model):
    """A link that opens without login: 50 bits, stored hashed, bound to one person, object and action, used once."""

    token_hash = models.CharField(max_length=64, unique=True)
    whom = models.BigIntegerField(help_text="id of the person it was made for")
    action = models.CharField(max_length=20)
    about = models.CharField(max_length=80, help_text="opaque key of the object")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.action} {self.about}"


class LinkMiss(models.Model):
    """A link that was guessed, replayed or too old: counted, so that guessing is noticed and slowed."""

    source_hash = models.CharField(max_length=64, help_text="keyed hash of the address it came from")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["source_hash", "at"], name="link_miss_source")]

    def __str__(self) -> str:
        return f"miss {self.at}"
