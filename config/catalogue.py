"""Our own message catalogues: what the sources ask for, merged into the .po, compiled to the .mo. No system tools.

Every app keeps `<app>/locale/nl/LC_MESSAGES/django.po` and its compiled `.mo`, both committed. The files hold no dates
and no line numbers, so that a diff shows words only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from django.apps import apps
from django.conf import settings
from django.utils import translation

from config.translatable import PLACEHOLDER, Message, sources

LANGUAGE = "nl"
METADATA = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def own_apps() -> list[Path]:
    """The folders of the apps of this repository, in alphabetical order."""
    folders = (Path(app.path) for app in apps.get_app_configs())
    return sorted(folder for folder in folders if folder.parent == settings.BASE_DIR)


def catalogue_path(app: Path) -> Path:
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(app: Path) -> polib.POFile:
    """The app's catalogue as it lies on disk; empty when there is none."""
    path = catalogue_path(app)
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def merged(app: Path) -> polib.POFile:
    """The catalogue that the sources ask for, with the translations that the present one has."""
    present = {_key(entry): entry for entry in read(app) if not entry.obsolete}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = dict(METADATA)
    for message, files in sorted(sources(app).items()):
        known = present.get(message)
        entry = polib.POEntry(
            msgid=message.text,
            msgid_plural=message.plural,
            msgctxt=message.context or None,
            occurrences=[(name, "") for name in sorted(files)],
        )
        if known:
            entry.msgstr, entry.msgstr_plural = known.msgstr, known.msgstr_plural
            entry.tcomment, entry.flags = known.tcomment, known.flags
        if message.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        catalogue.append(entry)
    return catalogue


def update(app: Path) -> polib.POFile:
    """Write the merged catalogue of an app and compile it; an app without messages gets no files."""
    catalogue = merged(app)
    if len(catalogue):
        path = catalogue_path(app)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, str(catalogue).encode() + b"\n")
    compile_catalogue(app)
    return catalogue


def compile_catalogue(app: Path) -> None:
    """Make the .mo of the .po as it lies there."""
    catalogue = read(app)
    if len(catalogue):
        _write(catalogue_path(app).with_suffix(".mo"), catalogue.to_binary())


def _write(path: Path, content: bytes) -> None:
    """Replace the file in one step: somebody may be reading it."""
    if path.exists() and path.read_bytes() == content:
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


# --- Check --------------------------------------------------------------------------------------------------------
def faults(app: Path) -> list[str]:
    """What is wrong with the catalogue of one app, a line each; empty when all is well."""
    asked, present = sources(app), read(app)
    entries = {_key(entry): entry for entry in present if not entry.obsolete}
    found = [f"missing: {message.text!r} ({min(asked[message])})" for message in sorted(asked.keys() - entries.keys())]
    found += [f"stale: {message.text!r}" for message in sorted(entries.keys() - asked.keys())]
    found += [f"obsolete: {entry.msgid!r}" for entry in present.obsolete_entries()]
    for message, entry in sorted(entries.items()):
        if entry.fuzzy:
            found.append(f"fuzzy: {message.text!r}")
        elif not all(_forms(entry)):
            found.append(f"not translated: {message.text!r}")
        elif not _same_placeholders(message, _forms(entry)):
            found.append(f"placeholders differ: {message.text!r}")
    compiled = catalogue_path(app).with_suffix(".mo")
    if entries and not (compiled.exists() and compiled.read_bytes() == present.to_binary()):
        found.append("not compiled: run manage.py catalogue")
    elif not found:
        found = [f"shown otherwise: {text!r} as {shown!r}" for text, shown in _overruled(entries.values())]
    return [f"{app.name}: {fault}" for fault in found]


def _forms(entry: polib.POEntry) -> list[str]:
    if not entry.msgid_plural:
        return [entry.msgstr]
    return [entry.msgstr_plural.get(0, ""), entry.msgstr_plural.get(1, "")]


def _same_placeholders(message: Message, translations: list[str]) -> bool:
    """Whether the Dutch fills in what the English does; a singular may leave out its count ('één vraag')."""
    text, singular = _placeholders(message.text), _placeholders(translations[0])
    if not message.plural:
        return singular == text
    plural = _placeholders(message.plural)
    return singular <= text | plural and len(text - singular) <= 1 and _placeholders(translations[1]) == plural


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _overruled(entries: Iterable[polib.POEntry]) -> Iterator[tuple[str, str]]:
    """Entries that a page shows otherwise, because an app listed earlier translates the same text in its own way."""
    with translation.override(LANGUAGE):
        for entry in entries:
            context, plural = entry.msgctxt or "", entry.msgid_plural or ""
            for count, wanted in zip((1, 2), _forms(entry), strict=False):
                shown = _shown(Message(entry.msgid, plural, context), count)
                if shown != wanted:
                    yield entry.msgid, shown


def _shown(message: Message, count: int) -> str:
    text, plural, context = message
    if plural and context:
        return translation.npgettext(context, text, plural, count)
    if plural:
        return translation.ngettext(text, plural, count)
    return str(translation.pgettext(context, text) if context else translation.gettext(text))
