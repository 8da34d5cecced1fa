"""What a matcher is built from, and how to read it from an articles folder or a TSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to recognise. ``served`` False: known, so as not to be taken for another, but never answered.

    ``urgent`` topics win a tie: missing one of them costs a person money or safety.
    """

    id: str
    utterances: tuple[str, ...]
    urgent: bool = False
    served: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """One row of an evaluation file. ``labels``: any of them is right; empty for out of scope."""

    text: str
    labels: tuple[str, ...]
    styles: tuple[str, ...] = ()


class BadFile(ValueError):
    """A file cannot be used; the message names file, line and remedy."""


def from_content(root: Path) -> list[Topic]:
    """The topics of an articles folder (``root/articles/<group>/<name>.yaml``) and of ``root/outside.yaml``.

    An article's title and label are said by people who copy them, so they count as utterances.
    """
    topics = []
    for path in sorted((root / "articles").glob("*/*.yaml")):
        data = _yaml(path)
        try:
            said = (str(data["title"]), str(data["label"]), *(str(utterance) for utterance in data["utterances"]))
        except (KeyError, TypeError):
            raise BadFile(f"{path}:1: lacks title, label or utterances → run `python -m bot check`") from None
        topics.append(Topic(f"{path.parent.name}.{path.stem}", said, urgent=bool(data.get("urgent", False))))
    outside = root / "outside.yaml"
    if outside.exists():
        for entry in _yaml(outside)["topics"]:
            said = tuple(str(utterance) for utterance in entry["utterances"])
            urgent = bool(entry.get("urgent", False))
            topics.append(Topic(f"outside.{entry['id']}", said, urgent=urgent, served=False))
    if not topics:
        raise BadFile(f"{root}: holds no articles → name a content folder such as content/vi")
    return topics


def from_tsv(path: Path) -> list[Topic]:
    """Topics from rows of ``text<TAB>intent``, in order of appearance; ``out_of_scope`` becomes an unserved topic."""
    grouped: dict[str, list[str]] = {}
    for example in read_examples(path):
        for label in example.labels[:1] or (OUT_OF_SCOPE,):
            grouped.setdefault(label, []).append(example.text)
    return [Topic(label, tuple(said), served=label != OUT_OF_SCOPE) for label, said in grouped.items()]


def read_examples(path: Path) -> list[Example]:
    """The rows of a TSV file with header ``text<TAB>intent[<TAB>style]``.

    Raises:
        BadFile: missing, not UTF-8, without the two columns, or a row without text or intent.
    """
    return list(_examples(path))


def _examples(path: Path) -> Iterator[Example]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not {"text", "intent"} <= set(reader.fieldnames or ()):
                raise BadFile(
                    f"{path}:1: lacks the columns text and intent → write 'text<TAB>intent<TAB>style' on line 1"
                )
            for line, row in enumerate(reader, 2):
                text, intent = (row["text"] or "").strip(), (row["intent"] or "").strip()
                if not text or not intent:
                    raise BadFile(f"{path}:{line}: lacks text or intent → fill in both or remove the line")
                labels = tuple(label for label in intent.split("|") if label != OUT_OF_SCOPE)
                yield Example(text, labels, tuple(filter(None, (row.get("style") or "").split("+"))))
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror} → check the path") from None
    except UnicodeDecodeError:
        raise BadFile(f"{path}: is not UTF-8 → save it as UTF-8") from None


def _yaml(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise BadFile(f"{path}: is not YAML: {error} → run `python -m bot check`") from None
    if not isinstance(data, dict):
        raise BadFile(f"{path}:1: is not a mapping → run `python -m bot check`")
    return data
