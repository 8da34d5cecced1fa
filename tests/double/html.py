"""Telegram's HTML: which tags it takes, and the text that is left after parsing."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.double.schema import Refused

ALLOWED = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}
MAX_UNITS = 4096


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            raise Refused(f"can't parse entities: unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(f"can't parse entities: unexpected end tag {tag!r}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(source: str) -> str:
    """The visible text. Raises Refused for what Telegram does not parse, for no text, and for too much of it."""
    if "\0" in source:
        raise Refused("text must not hold NUL")
    reader = _Reader()
    reader.feed(source)
    reader.close()
    if reader.open:
        raise Refused(f"can't parse entities: end tag for {reader.open[-1]!r} is missing")
    text = "".join(reader.text).strip()
    if not text:
        raise Refused("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > MAX_UNITS:
        raise Refused("message is too long")
    return text
