"""A Reply as Telegram takes it: HTML built from parsed markup, and pieces of at most 4,096 UTF-16 units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.content import markup
from bot.content.markup import Span
from bot.dialogue.replies import Choice, Reply

MAX_UNITS = 4096  # of one message, after parsing, in UTF-16 code units
MAX_CAPTION = 1024  # of the text under a file

_TAGS = {"strong": "b", "emphasis": "i", "code": "code"}


def html(source: str) -> str:
    """Markup as Telegram HTML; text from anywhere is escaped."""
    return markup.join(markup.parse(source), _span)


def keyboard(choices: tuple[tuple[Choice, ...], ...]) -> InlineKeyboardMarkup | None:
    if not choices:
        return None
    return InlineKeyboardMarkup([[_button(choice) for choice in row] for row in choices])


def fit(reply: Reply) -> list[Reply]:
    """``reply`` in messages that Telegram takes, cut between paragraphs where it can be; choices go under the last."""
    texts = list(_pieces(reply.text, MAX_CAPTION if reply.file else MAX_UNITS))
    last = len(texts) - 1
    return [
        replace(
            reply,
            text=text,
            choices=reply.choices if number == last else (),
            replaces=reply.replaces if number == 0 else "",
            decision=reply.decision if number == 0 else None,
            file=reply.file if number == 0 else None,
        )
        for number, text in enumerate(texts)
    ]


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _span(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.style == "link" and not span.url.startswith("tel:"):
        return f'<a href="{escape(span.url)}">{text}</a>'
    tag = _TAGS.get(span.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _button(choice: Choice) -> InlineKeyboardButton:
    if choice.url:
        return InlineKeyboardButton(choice.label, url=choice.url)
    return InlineKeyboardButton(choice.label, callback_data=choice.action)


def _shown(source: str) -> int:
    return units(markup.plain(source))


def _pieces(source: str, most: int) -> Iterator[str]:
    """Greedy: as many whole paragraphs as fit, else whole lines, else whole words, else signs."""
    if _shown(source) <= most:
        yield source
        return
    piece = ""
    for part in _parts(source, most):
        if piece and _shown(piece + part) > most:
            yield piece.strip()
            piece = ""
        piece += part
    if piece.strip():
        yield piece.strip()


def _parts(source: str, most: int) -> Iterator[str]:
    for paragraph in source.split("\n\n"):
        if _shown(paragraph) <= most:
            yield paragraph + "\n\n"
            continue
        for line in paragraph.split("\n"):
            if _shown(line) <= most:
                yield line + "\n"
            else:
                yield from _words(markup.plain(line), most)


def _words(text: str, most: int) -> Iterator[str]:
    """An overlong line loses its styles: cut anywhere, they would not close."""
    for word in text.split(" "):
        while units(word) > most // 2:
            yield markup.escape(word[: most // 4])
            word = word[most // 4 :]
        yield markup.escape(word) + " "
