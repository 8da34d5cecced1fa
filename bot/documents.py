"""Read a YAML file into a frozen pydantic model; every mistake is reported with file, line, field and remedy.

Stricter than YAML 1.1: a key may stand once, and the words that YAML silently turns into booleans (``no``, ``on``,
``yes`` …), all of them likely in Vietnamese text, must be quoted.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Loc = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one file. ``line`` counts from 1; ``field`` is a dotted path, empty for the whole file."""

    file: Path
    line: int
    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        field = f" [{self.field}]" if self.field else ""
        return f"{where}:{field} {self.message} → {self.remedy}"


class DocumentError(Exception):
    """A file cannot be used. ``problems`` lists every mistake found in it, first line first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (str(problem.file), problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Document:
    """The plain data of one YAML file, and the tree it was read from, in which the line of a mistake is looked up.

    Lines are asked for only where something is wrong, which at a start is nowhere: keeping them all would cost more.
    """

    path: Path
    data: Any
    root: yaml.Node | None

    def line(self, loc: Loc) -> int:
        """The line of ``loc`` or of its nearest parent that stands in the file."""
        node, line = self.root, _line(self.root) if self.root else 1
        for part in loc:
            found = _child(node, part)
            if found is None:
                break
            node, line = found
        return line

    def problem(self, loc: Loc, message: str, remedy: str) -> Problem:
        return Problem(self.path, self.line(loc), ".".join(map(str, loc)), message, remedy)


@contextmanager
def uncollected() -> Iterator[None]:
    """Read many files without looking for garbage among their nodes meanwhile: none is in a cycle, and the search
    takes as long as the reading."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read(path: Path) -> Document:
    """Parse one YAML file.

    Raises:
        DocumentError: unreadable, not YAML, a repeated key, or an unquoted word that YAML takes for a boolean.
    """
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except OSError as error:
        raise DocumentError(
            [Problem(path, 1, "", f"cannot be read: {error.strerror}", "create the file or fix its rights")]
        ) from None
    except UnicodeDecodeError:
        raise DocumentError([Problem(path, 1, "", "is not UTF-8", "save the file as UTF-8")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        remedy = "check indentation, and quote text that holds ': ' or starts with a special sign"
        raise DocumentError([Problem(path, line, "", f"is not YAML: {error.problem}", remedy)]) from None
    problems: list[Problem] = []
    data = None if root is None else _plain(root, (), path, problems)
    if problems:
        raise DocumentError(problems)
    return Document(path, data, root)


def load(path: Path, model: type[Model]) -> Model:
    """Read ``path`` and validate it as ``model``. Raises DocumentError."""
    return validate(read(path), model)


def validate(document: Document, model: type[Model]) -> Model:
    """Validate already parsed data as ``model``. Raises DocumentError."""
    try:
        return model.model_validate(document.data if document.data is not None else {})
    except ValidationError as error:
        raise DocumentError([_explain(document, detail) for detail in error.errors(include_url=False)]) from None


_CONSTRUCT: Callable[[yaml.Node], Any] = yaml.SafeLoader("").construct_object
_BOOLEAN = "tag:yaml.org,2002:bool"
_TEXT = "tag:yaml.org,2002:str"


def _plain(node: yaml.Node, loc: Loc, path: Path, problems: list[Problem]) -> Any:
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, loc, path, problems))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*loc, index), path, problems) for index, child in enumerate(node.value)]
    if node.tag == _TEXT:  # nearly all of them, so they take the short way
        return node.value
    field = ".".join(map(str, loc))
    if node.tag == _BOOLEAN and node.value not in ("true", "false"):
        message, remedy = f"YAML reads {node.value!r} as a boolean", f'write "{node.value}" in quotes, or true/false'
        problems.append(Problem(path, _line(node), field, message, remedy))
        return None
    try:
        return _CONSTRUCT(node)
    except (ValueError, yaml.YAMLError):
        message = f"{node.value!r} is not a value YAML can read"
        problems.append(Problem(path, _line(node), field, message, "put it in quotes"))
        return None


def _pairs(node: yaml.MappingNode, loc: Loc, path: Path, problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), _line(key_node)
        if key_node.tag == _BOOLEAN:
            message = f"YAML reads the key {key!r} as a boolean"
            problems.append(Problem(path, line, ".".join(map(str, loc)), message, "put the key in quotes"))
        if key in seen:
            field = ".".join(map(str, (*loc, key)))
            message = f"stands twice (first on line {seen[key]})"
            problems.append(Problem(path, line, field, message, "keep one of the two"))
        seen[key] = line
        yield key, _plain(value_node, (*loc, key), path, problems)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    """What stands under a key, on the key's line, or at a place of a list."""
    if isinstance(node, yaml.MappingNode):
        pairs = ((key, value) for key, value in node.value if key.value == str(part))
        return next(((value, _line(key)) for key, value in pairs), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], _line(node.value[part])
    return None


_REMEDIES = {
    "missing": "add it",
    "extra_forbidden": "remove it or fix its name",
    "string_type": "write text; put a value that looks like a number or a date in quotes",
}


def _explain(document: Document, detail: ErrorDetails) -> Problem:
    loc: Loc = tuple(part for part in detail["loc"] if part != "[key]")
    value = detail["input"]
    shown = f" (found {value!r:.80})" if not isinstance(value, dict | list) and detail["type"] != "missing" else ""
    remedy = _REMEDIES.get(detail["type"], "change the value to what is allowed")
    message = detail["msg"].removeprefix("Value error, ")
    if " → " in message:
        message, remedy = message.split(" → ", 1)
    return document.problem(loc, f"{message}{shown}", remedy)
