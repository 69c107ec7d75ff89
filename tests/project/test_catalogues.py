"""The Dutch catalogues are complete, and the tool that keeps them sees every message."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from config import catalogue
from config.translatable import Message, SourceError, in_python, in_template, sources

APPS = catalogue.own_apps()


@pytest.mark.parametrize("app", APPS, ids=[app.name for app in APPS])
def test_every_message_of_the_app_has_its_dutch(app: Path) -> None:
    assert "\n".join(catalogue.faults(app)) == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('_("Duty")', Message("Duty")),
        ('lazy("Duty " "line")', Message("Duty line")),
        ('ngettext("{n} day", "{n} days", 2)', Message("{n} day", "{n} days")),
        ('pgettext("verb", "call")', Message("call", context="verb")),
        ('translation.gettext("Duty")', Message("Duty")),
        ('PROMPTS: dict[str, str] = {"greet": "Welcome."}', Message("Welcome.")),
    ],
)
def test_finds_the_message_of_a_line_of_python(line: str, message: Message) -> None:
    imports = (
        "from django.utils import translation\n"
        "from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext, pgettext\n"
    )
    assert list(in_python(imports + line)) == [message]


def test_takes_no_message_from_a_variable_or_from_an_underscore_of_another_kind() -> None:
    for variable in ("PROMPTS[key]", "WORDS.get(kind, OTHER)", "finding.level"):
        assert list(in_python(f"from django.utils.translation import gettext\ngettext({variable})")) == []
    assert list(in_python('_("not ours")')) == []


@pytest.mark.parametrize("line", ['_(f"{name} rings")', '_("{} rings".format(name))', '_("a" + name)'])
def test_refuses_to_translate_what_was_formatted_already(line: str) -> None:
    with pytest.raises(SourceError, match="source:2"):
        list(in_python("from django.utils.translation import gettext as _\n" + line))


@pytest.mark.parametrize(
    ("template", "messages"),
    [
        ('{% translate "Duty" %}', [Message("Duty")]),
        ("{% trans 'It\\'s 10%' as sum %}", [Message("It's 10%%")]),
        ('{% translate "call" context "verb" %}', [Message("call", context="verb")]),
        ('{% include "x.html" with title=_("Duty") %}{{ _("Now")|upper }}', [Message("Duty"), Message("Now")]),
        (
            "{% blocktranslate trimmed %}\n  On duty:\n  {{ name }}, 100%\n{% endblocktranslate %}",
            [Message("On duty: %(name)s, 100%%")],
        ),
        (
            "{% blocktranslate count n=many %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            [Message("%(n)s day", "%(n)s days")],
        ),
        ('{% comment %}{% translate "no" %}{% endcomment %}{# _("no") #}{% translate variable %}', []),
    ],
)
def test_finds_the_messages_of_a_template(template: str, messages: list[Message]) -> None:
    assert list(in_template(template)) == messages


def test_refuses_a_block_that_is_not_closed() -> None:
    with pytest.raises(SourceError, match="not closed"):
        list(in_template("{% blocktranslate %}Duty"))


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app of three messages, in a folder of its own."""
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        'title = _("Hello {name}")\n'
        'days = ngettext("{count} day", "{count} days", 3)\n'
    )
    (folder / "templates" / "page.html").write_text('{% load i18n %}{% translate "Shop" %}')
    return folder


def translate(app: Path, **words: str) -> None:
    entries = catalogue.read(app)
    for entry in entries:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "één dag", 1: "{count} dagen"}
        else:
            entry.msgstr = words.get(entry.msgid.split()[0].lower(), entry.msgid)
    entries.save(str(catalogue.catalogue_path(app)))


def test_an_update_keeps_what_was_translated_and_drops_what_is_gone(app: Path) -> None:
    catalogue.update(app)
    translate(app, hello="Dag {name}", shop="Winkel")
    (app / "templates" / "page.html").write_text("nothing")

    updated = catalogue.update(app)

    assert {entry.msgid: entry.msgstr for entry in updated} == {"Hello {name}": "Dag {name}", "{count} day": ""}
    assert [entry.msgstr_plural for entry in updated if entry.msgid_plural] == [{0: "één dag", 1: "{count} dagen"}]


def test_a_second_update_changes_no_byte(app: Path) -> None:
    catalogue.update(app)
    translate(app, hello="Dag {name}")
    catalogue.update(app)
    before = catalogue.catalogue_path(app).read_bytes()

    catalogue.update(app)

    assert catalogue.catalogue_path(app).read_bytes() == before


def test_the_compiled_file_holds_the_translations(app: Path) -> None:
    catalogue.update(app)
    translate(app, hello="Dag {name}")
    catalogue.compile_catalogue(app)

    compiled = polib.mofile(str(catalogue.catalogue_path(app).with_suffix(".mo")))

    assert {entry.msgid: entry.msgstr for entry in compiled}["Hello {name}"] == "Dag {name}"


def test_the_check_names_each_fault(app: Path) -> None:
    catalogue.update(app)
    translate(app, hello="Dag {naam}", shop="")
    (app / "models.py").write_text('from django.utils.translation import gettext as _\n_("New")\n')
    (app / "views.py").write_text('from django.utils.translation import gettext as _\n_("Hello {name}")\n')

    assert catalogue.faults(app) == [
        "shop: missing: 'New' (shop/models.py)",
        "shop: stale: '{count} day'",
        "shop: placeholders differ: 'Hello {name}'",
        "shop: not translated: 'Shop'",
        "shop: not compiled: run manage.py catalogue",
    ]


def test_the_check_tells_of_a_text_that_another_app_translates_otherwise(app: Path) -> None:
    (app / "views.py").write_text('from django.utils.translation import gettext as _\n_("administrator")\n')
    (app / "templates" / "page.html").unlink()
    catalogue.update(app)
    translate(app, administrator="baas")
    catalogue.compile_catalogue(app)

    assert catalogue.faults(app) == ["shop: shown otherwise: 'administrator' as 'beheerder'"]


def test_a_value_without_words_needs_no_dutch(app: Path) -> None:
    (app / "prompts.py").write_text('PROMPTS: dict[str, str] = {"notice": "{notice}"}\n')

    assert Message("{notice}") not in sources(app)
