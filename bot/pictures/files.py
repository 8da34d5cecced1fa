"""Every kind of file that a reply can carry, made from plain data at the moment of sending."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Data = dict[str, Any]


def make(kind: str, data: Data) -> bytes:
    """The file's bytes, after up to some 200 ms: not for the event loop. Raises LookupError for a kind nobody makes."""
    if kind not in _MAKERS:
        raise LookupError(f"no file of kind {kind!r}")
    return _MAKERS[kind](data)


def _certificate_png(data: Data) -> bytes:
    from bot.pictures import certificate  # here and below: drawing libraries are slow to import and seldom needed

    return certificate.as_png(certificate.Certificate(**data))


def _certificate_pdf(data: Data) -> bytes:
    from bot.pictures import certificate

    return certificate.as_pdf(certificate.Certificate(**data))


def _progress(data: Data) -> bytes:
    from bot.pictures import progress

    areas = tuple(
        progress.Area(**area | {"bars": tuple(progress.Bar(**bar) for bar in area["bars"])}) for area in data["areas"]
    )
    return progress.as_png(progress.Progress(**data | {"areas": areas}))


def _sheet(data: Data) -> bytes:
    from bot.pictures import sheet

    return sheet.as_pdf(sheet.Sheet(**data | {"steps": tuple(data["steps"])}))


def _digest(data: Data) -> bytes:
    from bot.pictures import digest

    shapes = {
        "tiles": tuple(digest.Tile(**tile) for tile in data["tiles"]),
        "parts": tuple(digest.Part(**part) for part in data["parts"]),
        "rows": tuple(digest.Row(**row) for row in data["rows"]),
    }
    return digest.as_png(digest.Digest(**data | shapes))


def _report_png(data: Data) -> bytes:
    from bot.pictures import report

    return report.as_png(report.Glance.from_json(data))


def _report_pdf(data: Data) -> bytes:
    from bot.pictures import document
    from bot.pictures.paper import Paper

    return document.as_pdf(Paper.from_json(data))


def _report_xlsx(data: Data) -> bytes:
    from bot.pictures import workbook
    from bot.pictures.paper import Paper

    return workbook.as_xlsx(Paper.from_json(data))


def _account(data: Data) -> bytes:
    from bot.pictures import account

    shapes = {"head": tuple(data["head"]), "rows": tuple(map(tuple, data["rows"]))}
    return account.as_xlsx(account.Account(**data | shapes))


def _json(data: Data) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


_MAKERS: Mapping[str, Callable[[Data], bytes]] = {
    "certificate_png": _certificate_png,
    "certificate_pdf": _certificate_pdf,
    "progress": _progress,
    "sheet": _sheet,
    "digest": _digest,
    "report_png": _report_png,
    "report_pdf": _report_pdf,
    "report_xlsx": _report_xlsx,
    "account": _account,
    "json": _json,
}
