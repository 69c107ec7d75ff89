"""What `load_demo` tells: the JSON of its last line, and var/lab.json for the phone lab."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from hotline.demo.load import Loaded
from hotline.demo.plan import (
    FIRST_LINE,
    FIRST_LINE_NAME,
    PASSWORD,
    SECOND_LINE_NAME,
    SECOND_LINE_NUMBER,
    PlannedPerson,
)


def summary(loaded: Loaded) -> dict[str, Any]:
    """The keys of architecture section 7. The first lawyer is the one on duty for the first worker."""
    plan = loaded.plan
    lawyers = sorted(plan.lawyers, key=lambda one: _id_of(loaded, one) != loaded.first_lawyer_id)
    return {
        "line": {"name": FIRST_LINE_NAME, "number": settings.HOTLINE_NUMBER},
        "workers": [
            _person(loaded, one) | {"area": one.usual_area or None, "region": one.region}
            for one in plan.workers
            if one.email in loaded.contacts
        ],
        "lawyers": [
            _person(loaded, one) | {"feed": loaded.feeds[loaded.contacts[one.email].id]}
            for one in lawyers
            if one.email in loaded.contacts
        ],
        "coordinators": [_person(loaded, one) for one in plan.coordinators if one.email in loaded.contacts],
    }


def write_lab_file(loaded: Loaded) -> Path:
    """Who has which phone, for the lab; replaced whole, because the lab may be reading it."""
    people = [
        {"name": loaded.contacts[one.email].name, "role": one.role, "number": _number(loaded, one), "email": one.email}
        for one in loaded.plan.people
        if one.email in loaded.contacts
    ]
    people += [
        {"name": one.name, "role": "organisation", "number": one.main_number, "email": ""}
        for one in FIRST_LINE
        if one.main_number
    ]
    lines = [
        {"name": FIRST_LINE_NAME, "number": settings.HOTLINE_NUMBER},
        {"name": SECOND_LINE_NAME, "number": SECOND_LINE_NUMBER},
    ]
    path = Path(settings.VAR_DIR) / "lab.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"lab.{os.getpid()}.json")
    fresh.write_text(json.dumps({"lines": lines, "people": people}, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)
    return path


def _person(loaded: Loaded, planned: PlannedPerson) -> dict[str, str | None]:
    return {
        "name": loaded.contacts[planned.email].name,
        "login": planned.email,
        "password": PASSWORD,
        "number": _number(loaded, planned),
        "code": planned.code,
    }


def _number(loaded: Loaded, planned: PlannedPerson) -> str:
    """The number that rings; of somebody without a verified one, the one he was given."""
    return loaded.contacts[planned.email].number or planned.number


def _id_of(loaded: Loaded, planned: PlannedPerson) -> int:
    contact = loaded.contacts.get(planned.email)
    return contact.id if contact else 0
