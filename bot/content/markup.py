"""The small markup of all user-facing text: parsed once into frozen nodes, rendered by each channel in its own way.

Blocks: paragraphs parted by an empty line; ``- item`` and ``1. item`` lists, one item a line; ``> quote``.
Inline: ``**strong**``, ``_emphasis_`` (at word borders), ```code```, ``[label](https://…)``. A backslash takes the next
sign as it is. What does not parse is plain text: no input is an error, none can smuggle in a channel's own tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "strong", "emphasis", "code", "link"]
BlockKind = Literal["paragraph", "bullet", "number", "quote"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; ``url`` only for links."""

    text: str
    style: Style = "plain"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item or quote. ``number`` counts numbered items from 1, else 0."""

    kind: BlockKind
    spans: tuple[Span, ...]
    number: int = 0

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


_INLINE = re.compile(
    r"\\(?P<escaped>[\\*_`\[\]()>-])"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|(?<!\w)_(?P<emphasis>[^_\n]+)_(?!\w)"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>(?:https?://|tel:)[^\s()<>\"']+)\)"
)
_ITEM = re.compile(r"(?P<bullet>- )|(?P<number>\d{1,2})\. |(?P<quote>> )")
_SPECIAL = re.compile(r"([\\*_`\[\]])")
_OPENING = re.compile(r"^(- |> )", re.MULTILINE)


def escape(text: str) -> str:
    """``text`` such that it parses back to exactly itself, for values put into a template."""
    return _OPENING.sub(r"\\\1", _SPECIAL.sub(r"\\\1", text))


def parse(source: str) -> tuple[Block, ...]:
    """The blocks of ``source``, in order. The lines of one paragraph are one line: where a file wraps means nothing."""
    return tuple(_blocks(source))


def plain(source: str) -> str:
    """The text alone, for places that show no styles; a link keeps its label."""
    return to_text(parse(source), url=lambda span: span.text)


def to_text(blocks: tuple[Block, ...], url: Callable[[Span], str] | None = None) -> str:
    """Plain text for a terminal. ``url`` turns a link into text; by default ``label (address)``."""
    show = url or spell_link
    return join(blocks, lambda span: show(span) if span.style == "link" else span.text)


def join(blocks: tuple[Block, ...], render: Callable[[Span], str]) -> str:
    """Lay blocks out as lines: an empty line around paragraphs, none between items of a list."""
    out: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            out.append("\n" if block.kind == previous.kind != "paragraph" else "\n\n")
        mark = {"paragraph": "", "bullet": "• ", "number": f"{block.number}. ", "quote": "» "}[block.kind]
        out.append(mark + "".join(render(span) for span in block.spans))
        previous = block
    return "".join(out)


def spell_link(span: Span) -> str:
    """A link for a place where nothing can be pressed: its label and address."""
    address = span.url.removeprefix("https://").removeprefix("tel:").rstrip("/")
    return span.text if span.text in (address, span.url) else f"{span.text} ({address})"


def _blocks(source: str) -> Iterator[Block]:
    paragraph: list[str] = []
    number = 0

    def flush() -> Iterator[Block]:
        if paragraph:
            yield Block("paragraph", _spans(" ".join(paragraph)))
            paragraph.clear()

    for line in source.splitlines():
        line = line.strip()
        item = _ITEM.match(line)
        if item is None:
            if line:
                paragraph.append(line)
            else:
                yield from flush()
                number = 0
            continue
        yield from flush()
        spans = _spans(line[item.end() :])
        if item["bullet"]:
            yield Block("bullet", spans)
        elif item["quote"]:
            yield Block("quote", spans)
        else:
            number += 1
            yield Block("number", spans, number)
    yield from flush()


def _spans(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    plain_text: list[str] = []

    def flush() -> None:
        if plain_text:
            spans.append(Span("".join(plain_text)))
            plain_text.clear()

    start = 0
    for match in _INLINE.finditer(text):
        plain_text.append(text[start : match.start()])
        start = match.end()
        if match["escaped"]:
            plain_text.append(match["escaped"])
            continue
        flush()
        if match["url"]:
            spans.append(Span(match["label"], "link", match["url"]))
        else:
            style: Style = "strong" if match["strong"] else "emphasis" if match["emphasis"] else "code"
            spans.append(Span(match[style], style))
    plain_text.append(text[start:])
    if plain_text[-1:] == [""]:
        plain_text.pop()
    flush()
    return tuple(spans)
