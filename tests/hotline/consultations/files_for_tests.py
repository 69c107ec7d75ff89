"""A small file that is allowed."""

from __future__ import annotations

from hotline.consultations.files import Upload


def a_text(name: str = "brief.txt") -> Upload:
    return Upload(name, b"Geachte heer, de borg")
