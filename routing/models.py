"""Every decision with the facts it was made from, so that any night can be replayed and explained."""

from __future__ import annotations

from django.db import models


class Decision(models.Model):
    """What `decide` said at a moment about one consultation."""

    about = models.CharField(max_length=40, help_text="opaque key, such as call:12 or vraag:7")
    at = models.DateTimeField()
    facts = models.JSONField()
    outcome = models.JSONField(help_text="ring, wait or give_up, with a reason per skipped candidate")

    class Meta:
        indexes = [models.Index(fields=["about", "at"], name="decision_about")]

    def __str__(self) -> str:
        return f"{self.about} {self.at}"
