"""Check a Bot API request against the official parameters: names, types, and the limits in their texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_API = json.loads((Path(__file__).parent.parent / "data" / "botapi-10.0.json").read_text(encoding="utf-8"))
_LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)")
_BUTTON_TEXT = {"text", "icon_custom_emoji_id", "style"}


class Refused(Exception):
    """The Bot API would answer 400 with this text."""


def check(method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with JSON-encoded values decoded. Raises Refused."""
    fields = _API["methods"].get(method)
    if fields is None:
        raise Refused(f"method {method!r} is not in the schema")
    decoded = {name: _decode(value) for name, value in parameters.items()}
    for problem in _fields(method, fields, decoded):
        raise Refused(problem)
    return decoded


def _fields(where: str, fields: list[dict[str, Any]], values: dict[str, Any]) -> Iterator[str]:
    known = {field["name"]: field for field in fields}
    for name in values.keys() - known.keys():
        yield f"{where}: unknown parameter {name!r}"
    for name, field in known.items():
        if name not in values:
            if field["required"]:
                yield f"{where}: parameter {name!r} is required"
            continue
        yield from _value(f"{where}.{name}", field["types"], values[name])
        yield from _limit(f"{where}.{name}", field, values[name])


def _value(where: str, types: list[str], value: Any) -> Iterator[str]:
    found = [list(_one(where, kind, value)) for kind in types]
    if all(found):
        yield found[0][0]


def _one(where: str, kind: str, value: Any) -> Iterator[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{where}: must be a list"
            return
        for index, item in enumerate(value):
            yield from _one(f"{where}[{index}]", kind.removeprefix("Array of "), item)
    elif kind == "Integer":
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{where}: must be an integer"
    elif kind == "String":
        if not isinstance(value, str):
            yield f"{where}: must be a string"
    elif kind == "Boolean":
        if not isinstance(value, bool):
            yield f"{where}: must be a boolean"
    elif kind == "Float":
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{where}: must be a number"
    elif kind == "InputFile":
        if not isinstance(value, str | bytes):
            yield f"{where}: must be a file"
    else:
        yield from _object(where, kind, value)


def _object(where: str, kind: str, value: Any) -> Iterator[str]:
    described = _API["types"].get(kind)
    if described is None or not isinstance(value, dict):
        yield f"{where}: must be a {kind}"
        return
    if described["subtypes"]:
        found = [list(_object(where, subtype, value)) for subtype in described["subtypes"]]
        if all(found):
            yield found[0][0]
        return
    yield from _fields(where, described["fields"], value)
    if kind == "InlineKeyboardButton" and len(value.keys() - _BUTTON_TEXT) != 1:
        yield f"{where}: a button must do exactly one thing"


def _limit(where: str, field: dict[str, Any], value: Any) -> Iterator[str]:
    limit = _LENGTH.search(field["description"])
    if limit is None or not isinstance(value, str) or "after entities parsing" in field["description"]:
        return
    size = len(value.encode()) if limit[3] == "bytes" else len(value.encode("utf-16-le")) // 2
    if not int(limit[1]) <= size <= int(limit[2]):
        yield f"{where}: must be {limit[0]}, is {size}"


def _decode(value: Any) -> Any:
    """Form fields arrive as text; JSON bodies arrive decoded. Text that is meant stays text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
