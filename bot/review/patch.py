"""Decisions → utterances in content files, as text: nothing else of a file changes, not a space or a comment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content.articles import Library, article_path
from bot.content.check import folded
from bot.content.outside import PREFIX, Outside
from bot.documents import DocumentError, Problem
from bot.storage.review import Decision

_LABEL = re.compile(r"\[[^\]]*\]")  # what redaction leaves in the place of a number
_OWN = "utterances"


@dataclass(frozen=True)
class Patch:
    """``topics``: topic, or entry of what lies outside → decisions that teach it an utterance. ``known``: their
    utterance stands there already. ``by_hand``: nothing to insert, somebody has to write content first.
    """

    topics: Mapping[str, tuple[Decision, ...]]
    known: tuple[Decision, ...]
    by_hand: tuple[Decision, ...]
    refused: tuple[tuple[Decision, str], ...]
    """decision, why"""


def utterance(words: str) -> str:
    """Redacted words as somebody would ask them: on one line, without the labels of what was taken out."""
    return " ".join(_LABEL.sub(" ", words).split())


def patch(decisions: Iterable[Decision], library: Library, outside: Mapping[str, Outside]) -> Patch:
    """Sort ``decisions`` by what becomes of them. An utterance that stands in another place is refused."""
    where = {folded(text): topic for topic, article in library.articles.items() for text in article.utterances}
    where |= {folded(text): topic for topic, entry in outside.items() for text in entry.utterances}
    topics: dict[str, list[Decision]] = {}
    known: list[Decision] = []
    by_hand: list[Decision] = []
    refused: list[tuple[Decision, str]] = []
    for decision in decisions:
        topic, said = decision.topic, folded(utterance(decision.words or ""))
        if decision.decision == "ignore":
            continue
        if topic is None:  # known: somebody has written what it needed
            (known if said in where else by_hand).append(decision)
        elif topic not in library.articles and topic not in outside:
            refused.append((decision, f"{topic} is not in this content → decide again, or restore it"))
        elif len(said) < 2:
            refused.append((decision, "nothing is left of the words → decide again"))
        elif where.get(said, topic) != topic:
            refused.append((decision, f"stands in {where[said]} already → move it there by hand, or decide again"))
        elif said in where:
            known.append(decision)
        else:
            where[said] = topic
            topics.setdefault(topic, []).append(decision)
    kept = {topic: tuple(found) for topic, found in sorted(topics.items())}
    return Patch(kept, tuple(known), tuple(by_hand), tuple(refused))


def as_yaml(patch: Patch) -> str:
    """``topics`` and ``outside``: what to insert where; ``outside_without_entry`` and ``new_topics``: to be written."""
    said = {topic: [utterance(each.words or "") for each in found] for topic, found in patch.topics.items()}
    plan = {
        "topics": {topic: texts for topic, texts in said.items() if not topic.startswith(PREFIX)},
        "outside": {topic.removeprefix(PREFIX): texts for topic, texts in said.items() if topic.startswith(PREFIX)},
        "outside_without_entry": [each.words for each in patch.by_hand if each.decision == "outside"],
        "new_topics": [each.words for each in patch.by_hand if each.decision == "new_topic"],
    }
    return yaml.safe_dump(
        {name: part for name, part in plan.items() if part}, allow_unicode=True, sort_keys=False, width=1000
    )


def changed_files(patch: Patch, root: Path) -> dict[Path, str]:
    """The new text of each file under ``root`` (such as ``content/vi``). Writes nothing. Raises DocumentError."""
    files: dict[Path, str] = {}
    for topic, found in patch.topics.items():
        path = root / "outside.yaml" if topic.startswith(PREFIX) else article_path(root, topic)
        text = files.get(path) or path.read_bytes().decode()
        files[path] = insert(path, text, topic, [utterance(each.words or "") for each in found])
    return files


def insert(path: Path, text: str, topic: str, utterances: list[str]) -> str:
    """``text`` with ``utterances`` at the end of the topic's list. Raises DocumentError where it cannot be done."""
    found = _list(yaml.compose(text, Loader=yaml.CSafeLoader), topic)
    if not isinstance(found, yaml.SequenceNode) or found.flow_style or not found.value:
        remedy = "write the utterances as a list, one a line"
        raise DocumentError([Problem(path, 1, _OWN, f"{topic} has no list to insert into", remedy)])
    newline = "\r\n" if "\r\n" in text else "\n"
    end = found.value[-1].end_mark
    line = end.line if end.column == 0 else end.line + 1
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    head = "".join(lines[:line])
    if not head.endswith("\n"):
        head += newline
    dashes = " " * found.start_mark.column + "- "
    new = head + "".join(dashes + _scalar(each) + newline for each in utterances) + "".join(lines[line:])
    _same_but(path, text, new, topic, utterances)
    return new


def _list(root: yaml.Node | None, topic: str) -> yaml.Node | None:
    entry = root
    if topic.startswith(PREFIX):
        entries = _value(root, "topics")
        own = topic.removeprefix(PREFIX)
        inside = entries.value if isinstance(entries, yaml.SequenceNode) else []
        entry = next((each for each in inside if getattr(_value(each, "id"), "value", None) == own), None)
    return _value(entry, _OWN)


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _scalar(text: str) -> str:
    """``text`` bare where YAML reads it back as the same text, else in quotes."""
    try:
        bare = yaml.load(f"- {text}\n", Loader=yaml.CSafeLoader) == [text]
    except (yaml.YAMLError, ValueError):
        bare = False
    return text if bare else json.dumps(text, ensure_ascii=False)


def _same_but(path: Path, old: str, new: str, topic: str, utterances: list[str]) -> None:
    """Nothing but the new utterances has come in: the data say so. Raises DocumentError."""
    before, after = (yaml.load(text, Loader=yaml.CSafeLoader) for text in (old, new))
    entry = before
    if topic.startswith(PREFIX):
        entry = next(each for each in before["topics"] if each["id"] == topic.removeprefix(PREFIX))
    entry[_OWN] = [*entry[_OWN], *utterances]
    if before != after:
        remedy = "insert them by hand from the patch (--out)"
        raise DocumentError([Problem(path, 1, _OWN, f"{topic} would change beyond its new utterances", remedy)])
