"""A report as bytes, in the format that was asked for.

PDF and workbooks are drawn by ``bot.pictures``, so that a chat can have them made from plain data at the moment of
sending; the rest is written here.
"""

from __future__ import annotations

from typing import Literal, get_args

from bot.metrics.formats import data, sheet, text
from bot.metrics.report import Report
from bot.pictures.paper import Paper

Format = Literal["text", "json", "csv", "xlsx", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)
BINARY = ("xlsx", "pdf")
"""Formats that no terminal shows."""


def render(format: Format, report: Report, paper: Paper) -> bytes:
    """``paper``: ``report`` in words. Some 50 ms for text, a second for the others."""
    match format:
        case "text":
            return text.written(paper).encode()
        case "json":
            return data.written(report).encode()
        case "csv":
            return sheet.written(paper)
        case "xlsx":
            from bot.pictures import workbook  # here and below: slow to import and seldom needed

            return workbook.as_xlsx(paper)
        case "pdf":
            from bot.pictures import document

            return document.as_pdf(paper)
