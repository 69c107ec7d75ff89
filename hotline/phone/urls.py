"""The addresses that the telephone vendor calls."""

from __future__ import annotations

from django.urls import path

from hotline.phone import webhooks

urlpatterns = [
    path("twilio/voice", webhooks.voice, name="voice"),
    path("twilio/voice/<str:word>", webhooks.voice, name="voice_again"),
    path("twilio/l/<str:token>/status", webhooks.leg_status, name="leg_status"),
    path("twilio/l/<str:leg>/<str:word>", webhooks.leg, name="leg"),
    path("twilio/sms", webhooks.sms, name="sms"),
]
