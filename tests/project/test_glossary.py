"""docs/glossary.md joins the code's words and the screen's words, and is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model, TextChoices
from django.utils import translation

ROOT = Path(__file__).resolve().parent.parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
OURS = ("directory", "rosters", "routing", "hotline", "integrations")
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models() if not model._meta.auto_created]


def choices_in(owner: object, prefix: str = "") -> list[tuple[str, type[TextChoices]]]:
    return [
        (f"{prefix}{name}", value)
        for name, value in vars(owner).items()
        if isinstance(value, type) and issubclass(value, TextChoices) and value is not TextChoices
    ]


CHOICES = [group for model in MODELS for group in choices_in(model, f"{model.__name__}.")]
CHOICES += [group for app in OURS for group in choices_in(apps.get_app_config(app).models_module)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_glossary_has_a_dutch_word_for_every_table(model: type[Model]) -> None:
    assert re.search(rf"^\| `{model.__name__}` \| [^|]+ \| [^|]+ \|$", GLOSSARY, re.MULTILINE)


@pytest.mark.parametrize(("name", "choices"), CHOICES, ids=[name for name, _ in CHOICES])
def test_the_glossary_gives_every_code_with_the_dutch_of_the_catalogue(name: str, choices: type[TextChoices]) -> None:
    with translation.override("nl"):
        words = ", ".join(f"`{choice.value}` {choice.label}" for choice in choices if choice.value)
    assert f"| `{name}` | {words} |" in GLOSSARY.splitlines()


def test_the_glossary_names_nothing_that_is_gone() -> None:
    known = {model.__name__ for model in MODELS} | {name for name, _ in CHOICES}
    named = re.findall(r"^\| `([\w.]+)` \|", GLOSSARY, re.MULTILINE)
    assert [name for name in named if name not in known] == []
