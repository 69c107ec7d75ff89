"""App configuration of hotline."""

from __future__ import annotations

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "hotline"
