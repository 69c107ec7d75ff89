"""The only writers of the directory. Every verb is keyword-only and one transaction."""

from __future__ import annotations

from directory.services.assisting import assist, end_assistance
from directory.services.people import (
    NewPerson,
    add_people,
    assign_role,
    create_person,
    end_role,
    qualify,
    remember_region,
    set_dial_code,
    set_password,
    update_person,
    withdraw_qualification,
)
from directory.services.phones import add_number, mark_suspect, remove_number, verify_number
from directory.services.places import (
    create_organisation,
    move_municipality,
    save_area,
    save_region,
    set_neighbours,
    update_organisation,
)
from directory.services.proof import (
    NewCode,
    check_code,
    make_primary,
    mark_tested,
    mark_texted,
    new_code,
    take_away,
)

__all__ = [
    "NewCode",
    "NewPerson",
    "add_number",
    "add_people",
    "assign_role",
    "assist",
    "check_code",
    "create_organisation",
    "create_person",
    "end_assistance",
    "end_role",
    "make_primary",
    "mark_suspect",
    "mark_tested",
    "mark_texted",
    "move_municipality",
    "new_code",
    "qualify",
    "remember_region",
    "remove_number",
    "save_area",
    "save_region",
    "set_dial_code",
    "set_neighbours",
    "set_password",
    "take_away",
    "update_organisation",
    "update_person",
    "verify_number",
    "withdraw_qualification",
]
