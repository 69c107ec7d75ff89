"""A sheet as a file: CSV for a Dutch spreadsheet, and PDF for paper. Neither holds anything about a client."""

from __future__ import annotations

import csv
from html import escape
from io import BytesIO, StringIO
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from hotline.core.statement import EXTRA, Line
from hotline.statements.queries import Sheet
from rosters.core.wall import AMSTERDAM

BOM = "\ufeff"  # tells a spreadsheet that it is UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that starts so would be computed
PLAIN, BOLD = "Vera", "VeraBd"  # come with the library; know Turkish and Polish letters too


def file_name(sheet: Sheet, ending: str) -> str:
    """urenstaat-2026-11.csv"""
    return f"urenstaat-{sheet.month.starts_on:%Y-%m}.{ending}"


def as_csv(sheet: Sheet, name: str) -> bytes:
    """With semicolons, as Excel in Dutch opens it. Minutes are whole numbers."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(cell) for cell in (_("Name"), name, _("State"), _state(sheet))])
    writer.writerow([_safe(str(cell)) for cell in _heads()])
    for line in sheet.lines:
        writer.writerow([cell if isinstance(cell, int) else _safe(cell) for cell in _cells(line)])
    total = sheet.totals
    writer.writerow(
        [_("Total"), "", "", "", "", total.evidence, total.calls, total.call_minutes, "", total.minutes, ""]
    )
    return (BOM + out.getvalue()).encode()


def as_pdf(sheet: Sheet, name: str) -> bytes:
    """A4; the same bytes for the same sheet."""
    for font in (PLAIN, BOLD):
        if font not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(font, f"{font}.ttf"))
    title = _("Statement of hours, %(month)s") % {"month": formats.date_format(sheet.month.starts_on, "F Y")}
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=title,
        author="Piketlijn",
        lang="nl",
        invariant=1,
    )
    text = ParagraphStyle("text", fontName=PLAIN, fontSize=8, leading=11)
    head = ParagraphStyle("head", parent=text, fontName=BOLD)
    parts: list[Any] = [
        Paragraph(escape(title), ParagraphStyle("title", fontName=BOLD, fontSize=15, leading=22)),
        Paragraph(escape(f"{name}: {_state(sheet)}"), ParagraphStyle("who", parent=text, fontSize=10, leading=16)),
        Spacer(1, 4 * mm),
    ]
    rows = [[Paragraph(escape(str(cell)), head) for cell in _heads()]]
    rows += [[Paragraph(escape(str(cell)), text) for cell in _cells(line)] for line in sheet.lines]
    total = sheet.totals
    sums = [_("Total"), "", "", "", "", total.evidence, total.calls, total.call_minutes, "", total.minutes, ""]
    rows.append([Paragraph(escape(str(cell)), head) for cell in sums])
    table = Table(rows, colWidths=[w * mm for w in (17, 11, 11, 31, 11, 15, 13, 15, 15, 15, 24)], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    parts += [table, Spacer(1, 4 * mm)]
    if not sheet.is_concept:
        parts.append(Paragraph(escape(_("Check mark of these lines: %(hash)s") % {"hash": sheet.seen}), text))
    rl_config.invariant = 1
    document.build(parts)
    return out.getvalue()


def _heads() -> tuple[str, ...]:
    return (
        _("Day"),
        _("From"),
        _("Until"),
        _("Desk"),
        _("Place"),
        _("Minutes of duty"),
        _("Calls"),
        _("Minutes of calls"),
        _("Corrected to"),
        _("Counts"),
        _("Remark"),
    )


def _cells(line: Line) -> tuple[str | int, ...]:
    desk = line.desk if line.is_duty else _("not in the list") if line.key == EXTRA else _("calls outside duties")
    return (
        f"{line.day:%d-%m-%Y}",
        f"{line.starts_at.astimezone(AMSTERDAM):%H:%M}" if line.starts_at else "",
        f"{line.ends_at.astimezone(AMSTERDAM):%H:%M}" if line.ends_at else "",
        desk,
        line.position if line.is_duty else "",
        line.minutes,
        line.calls,
        line.call_minutes,
        "" if line.corrected is None else line.corrected,
        line.counted,
        line.remark,
    )


def _state(sheet: Sheet) -> str:
    words = {"concept": _("concept"), "submitted": _("handed in"), "agreed": _("agreed")}[sheet.state]
    moment, by = (sheet.agreed_at, sheet.agreed_by) if sheet.agreed_at else (sheet.submitted_at, sheet.submitted_by)
    return f"{words}, {moment.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}, {by}" if moment else words


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
