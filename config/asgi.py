"""The web application for ASGI servers, with the sweep in a thread beside it."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()

from config import boot  # noqa: E402 - it needs Django set up

boot.serve()
