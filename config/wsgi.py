"""The web application for gunicorn and runserver, with the sweep in a thread beside it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config import boot  # noqa: E402 - it needs Django set up

boot.serve()
