"""manage.py catalogue: bring the Dutch catalogues in line with the sources, compile them, or check them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import catalogue
from config.translatable import SourceError


class Command(BaseCommand):
    help = "Extract messages into <app>/locale/nl and compile them; no arguments: every app. Prints what has no Dutch."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", help="names of apps; none for all")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--compile", action="store_true", help="only make the .mo files of the .po files")
        what.add_argument("--check", action="store_true", help="change nothing; exit 1 when anything is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._do(_chosen(options["apps"]), options)
        except SourceError as error:
            raise CommandError(str(error)) from error

    def _do(self, folders: list[Path], options: dict[str, Any]) -> None:
        if options["check"]:
            found = [fault for folder in folders for fault in catalogue.faults(folder)]
            if found:
                raise CommandError("\n".join([*found, f"{len(found)} faults in the catalogues"]))
            self.stdout.write("catalogues: complete")
            return
        for folder in folders:
            if options["compile"]:
                catalogue.compile_catalogue(folder)
                continue
            entries = catalogue.update(folder)
            for entry in entries.untranslated_entries():
                self.stdout.write(f"{folder.name}: no Dutch yet for {entry.msgid!r}")
            self.stdout.write(f"{folder.name}: {len(entries)} messages, {entries.percent_translated()} % translated")


def _chosen(names: list[str]) -> list[Path]:
    folders = {folder.name: folder for folder in catalogue.own_apps()}
    unknown = [name for name in names if name not in folders]
    if unknown:
        raise CommandError(f"No such app: {', '.join(unknown)}. Choose from {', '.join(folders)}.", returncode=2)
    return [folders[name] for name in names] or list(folders.values())
