"""Files: judged by their content, kept encrypted, given to who may read the question."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from pytest_django import Settings

from hotline.consultations import files, queries, services
from hotline.consultations.files import Upload
from hotline.errors import FileRefused, NotFound
from hotline.models import Attachment, Event
from tests.hotline.consultations.story import World, view


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40) + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40) + b"\xff\xd9"
DOCX = zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"))
ODT = zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<office:document-content/>"))
TEXT = "Geachte heer, één café".encode()
MACROS = zipped(
    ("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"\xd0\xcf")
)
PROGRAM = b"MZ\x90\x00\x03" + bytes(80)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("brief.pdf", PDF, files.PDF),
        ("BRIEF.PDF", PDF, files.PDF),
        ("foto.png", PNG, files.PNG),
        ("foto.jpg", JPEG, files.JPEG),
        ("foto.jpeg", JPEG, files.JPEG),
        ("brief.docx", DOCX, files.DOCX),
        ("brief.odt", ODT, files.ODT),
        ("notitie.txt", TEXT, files.TEXT),
        ("../../etc/passwd.txt", TEXT, files.TEXT),
    ],
)
def test_takes_what_is_what_it_says(name: str, content: bytes, content_type: str) -> None:
    assert files.checked(Upload(name, content)) == content_type


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("factuur.pdf", PROGRAM, "kind"),
        ("factuur.pdf", PNG, "disguised"),
        ("foto.png", PDF, "disguised"),
        ("brief.docx", ODT, "disguised"),
        ("brief.txt", PDF, "disguised"),
        ("brief.exe", TEXT, "disguised"),
        ("brief", PDF, "disguised"),
        ("brief.docx", MACROS, "kind"),
        ("map.zip", zipped(("a.txt", b"a")), "kind"),
        ("brief.docx", b"PK\x03\x04 geen zip", "kind"),
        ("brief.odt", zipped(("mimetype", b"application/zip"), ("content.xml", b"<a/>")), "kind"),
        ("pagina.txt", b"<html><script>alert(1)</script></html>", "kind"),
        ("oud.txt", bytes([0xE9, 0x20, 0x41]), "kind"),
        ("ruis.txt", b"tekst\x00met nul", "kind"),
        ("leeg.txt", b"", "empty"),
    ],
)
def test_refuses_what_is_something_else(name: str, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        files.checked(Upload(name, content))
    assert refused.value.code == code
    assert refused.value.field == "files"
    assert name in refused.value.message


def test_ten_megabytes_is_the_most(settings: Settings) -> None:
    settings.MAX_FILE_BYTES = 1024
    assert files.checked(Upload("a.txt", b"a" * 1024)) == files.TEXT
    with pytest.raises(FileRefused) as refused:
        files.checked(Upload("a.txt", b"a" * 1025))
    assert refused.value.code == "too_large"


def test_five_files_are_the_most(world: World) -> None:
    with pytest.raises(FileRefused) as refused:
        world.ask(uploads=[Upload(f"{number}.txt", TEXT) for number in range(6)])
    assert refused.value.code == "too_many"
    assert Attachment.objects.count() == 0


def test_name_and_bytes_lie_encrypted_outside_the_served_folders(world: World, settings: Settings) -> None:
    consultation = world.ask(uploads=[Upload("brief van Jansen.pdf", PDF)])
    attachment = Attachment.objects.get()
    path = files.path_of(attachment.stored_as)
    assert Path(settings.FILES_DIR) in path.parents
    assert b"%PDF" not in path.read_bytes()
    assert "Jansen" not in path.name
    stored = Attachment.objects.filter(pk=attachment.pk).extra(select={"raw": "name"}).values_list("raw", flat=True)[0]
    assert "Jansen" not in stored
    shown = view(world.worker, consultation).files[0]
    assert (shown.name, shown.content_type, shown.size) == ("brief van Jansen.pdf", files.PDF, len(PDF))
    assert queries.attachment_for(world.worker, shown.id).content == PDF


def test_a_file_that_is_refused_takes_the_others_away_again(world: World, settings: Settings) -> None:
    with pytest.raises(FileRefused):
        world.ask(uploads=[Upload("a.txt", TEXT), Upload("b.pdf", PROGRAM)])
    with pytest.raises(RuntimeError, match="afgebroken"), files.stored([Upload("a.txt", TEXT)]):
        raise RuntimeError("afgebroken")
    assert [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()] == []


def test_a_file_is_for_who_may_read_the_question_and_leaves_a_row(world: World) -> None:
    consultation = world.ask(uploads=[Upload("brief.pdf", PDF)])
    attachment = Attachment.objects.get()
    assert queries.attachment_for(world.first, attachment.pk).name == "brief.pdf"
    for person in (world.second, world.colleague, world.coordinator):
        with pytest.raises(NotFound):
            queries.attachment_for(person, attachment.pk)
    with pytest.raises(NotFound):
        queries.attachment_for(world.worker, attachment.pk + 1)
    read = Event.objects.get(consultation=consultation, kind="read")
    assert (read.actor_id, read.data) == (world.first.pk, {"file": attachment.pk})
    services.decline(person=world.first, reference=consultation.reference, reason="no_time")
    with pytest.raises(NotFound):
        queries.attachment_for(world.first, attachment.pk)
