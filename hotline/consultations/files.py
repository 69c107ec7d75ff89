"""Files with a question: judged by what is in them, kept encrypted outside every served folder."""

from __future__ import annotations

import contextlib
import io
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from hotline.errors import FileRefused
from hotline.models import Attachment, Consultation
from integrations.fields import cipher

MOST_FILES = 5
PDF, PNG, JPEG, TEXT = "application/pdf", "image/png", "image/jpeg", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
# What is allowed, and the names that such a file may have.
ENDINGS = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    DOCX: (".docx",),
    ODT: (".odt",),
    TEXT: (".txt",),
}
ZIP_START = b"PK\x03\x04"
CONTROL = frozenset(range(32)) - {ord("\t"), ord("\n"), ord("\r"), ord("\f")}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: the name its sender gave it, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was allowed and lies encrypted on disk under `stored_as`."""

    name: str
    content_type: str
    size: int
    stored_as: str


@contextlib.contextmanager
def stored(uploads: Sequence[Upload]) -> Iterator[tuple[Stored, ...]]:
    """Check all files, then write them; whatever fails in the block takes them away again. Raises FileRefused.

    Open it outside the transaction: bytes without a row are harmless, a row without bytes is a lost file.
    """
    if len(uploads) > MOST_FILES:
        raise FileRefused("too_many", _("Add at most %(most)s files.") % {"most": MOST_FILES})
    types = [checked(upload) for upload in uploads]
    written: list[Stored] = []
    try:
        for upload, content_type in zip(uploads, types, strict=True):
            name = uuid.uuid4().hex
            written.append(Stored(PurePath(upload.name).name[:120], content_type, len(upload.content), name))
            _write(name, upload.content)
        yield tuple(written)
    except BaseException:
        for file in written:
            path_of(file.stored_as).unlink(missing_ok=True)
        raise


def attach(consultation: Consultation, author_id: int, files: Sequence[Stored]) -> None:
    """The rows of stored files."""
    Attachment.objects.bulk_create(
        Attachment(
            consultation=consultation,
            author_id=author_id,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            stored_as=file.stored_as,
        )
        for file in files
    )


def content_of(attachment: Attachment) -> bytes:
    """The bytes again. Whoever asks has authorised the reader."""
    return cipher().decrypt(path_of(attachment.stored_as).read_bytes())


def path_of(stored_as: str) -> Path:
    return Path(settings.FILES_DIR) / stored_as[:2] / stored_as


def checked(upload: Upload) -> str:
    """The content type of an allowed file. Raises FileRefused with what is wrong and what to do."""
    name = PurePath(upload.name).name
    if len(upload.content) > settings.MAX_FILE_BYTES:
        limit = settings.MAX_FILE_BYTES // (1024 * 1024)
        raise FileRefused(
            "too_large",
            _("“%(name)s” is larger than %(limit)s MB. Send a smaller file.") % {"name": name, "limit": limit},
        )
    if not upload.content:
        raise FileRefused("empty", _("“%(name)s” is empty. Choose the file again.") % {"name": name})
    content_type = content_type_of(upload.content)
    if content_type is None:
        raise FileRefused(
            "kind",
            _("“%(name)s” is a kind of file we do not take. Send a PDF, PNG, JPEG, DOCX, ODT or TXT.") % {"name": name},
        )
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS[content_type]:
        raise FileRefused(
            "disguised",
            _("“%(name)s” is not what its name says: inside it is a %(kind)s file. Send it under its right name.")
            % {"name": name, "kind": ENDINGS[content_type][0].lstrip(".").upper()},
        )
    return content_type


def content_type_of(content: bytes) -> str | None:
    """The allowed type that these bytes are; None for anything else. The name is not looked at."""
    if content.startswith(ZIP_START):
        return _office_type(content)
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except puremagic.PureError:  # no signature at all: text, or nothing we know
        return TEXT if _is_text(content) else None
    return next((allowed for allowed in (PDF, PNG, JPEG) if allowed in found and _starts_as(allowed, content)), None)


def _starts_as(content_type: str, content: bytes) -> bool:
    """Signatures elsewhere in the file do not count: a program with a PDF inside is a program."""
    return content.startswith({PDF: b"%PDF-", PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}[content_type])


def _office_type(content: bytes) -> str | None:
    """A zip that is a document without macros; the names in it are read, nothing is unpacked but a short label."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
                return None
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return DOCX
            if "mimetype" in names and "content.xml" in names:
                with archive.open("mimetype") as label:
                    return ODT if label.read(len(ODT) + 1) == ODT.encode() else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return None
    return None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(letter) in CONTROL for letter in text)


def _write(name: str, content: bytes) -> None:
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cipher().encrypt(content))
