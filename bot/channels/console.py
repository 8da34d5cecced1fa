"""The terminal as a channel: the same inbox, dialogue and outbox; choices are numbered and taken by their number."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TextIO

from bot.channels.intake import Intake
from bot.clock import Clock
from bot.content import markup
from bot.delivery.fates import Fate, settle
from bot.dialogue.events import Event, clean
from bot.dialogue.replies import Choice, File, Reply
from bot.dialogue.worker import Worker
from bot.pictures.files import make
from bot.storage import inbox, outbox
from bot.storage.database import Database
from bot.storage.inbox import Incoming
from bot.storage.outbox import Lane

CHANNEL = "console"
CHAT = "terminal"
FILES = Path("var/files")

_BOLD, _DIM, _OFF = "\033[1m", "\033[2m", "\033[0m"


class Console:
    """Talk line by line: ``async for reply in console.say("…")``."""

    def __init__(self, database: Database, intake: Intake, worker: Worker, clock: Clock) -> None:
        self._database = database
        self._intake = intake
        self._worker = worker
        self._clock = clock
        self._choices: list[Choice] = []

    async def say(self, line: str) -> AsyncIterator[Reply]:
        """The replies to one line: a number picks a shown choice, ``/name`` is a command, the rest are words."""
        event = self._event(line)
        async with self._database.read() as tx:
            update_id = await inbox.last_update_id(tx, CHANNEL) + 1
        await self._intake.take([Incoming(CHANNEL, update_id, CHAT, event.to_json())])
        while await self._worker.step():
            pass
        self._choices = []
        async with self._database.read() as tx:
            letters = await outbox.waiting(tx, CHANNEL, Lane.INTERACTIVE, 0, 100)
        for letter in letters:
            reply = Reply.from_json(letter.reply)
            self._choices += [choice for row in reply.choices for choice in row]
            yield reply
        now = self._clock.now()
        async with self._database.write() as tx:
            await outbox.mark(tx, [settle(letter, Fate("sent"), now, 1) for letter in letters])

    def _event(self, line: str) -> Event:
        line = clean(line.strip())
        if line.isdecimal() and 1 <= int(line) <= len(self._choices):
            return Event("action", self._choices[int(line) - 1].action)
        if line.startswith("/") and len(line) > 1:
            return Event("command", line[1:])
        return Event("text", line)


async def lines(stream: TextIO) -> AsyncIterator[str]:
    """Lines typed by a person or piped by a script, without holding up the loop."""
    while line := await asyncio.to_thread(stream.readline):
        yield line


async def chat(console: Console, source: TextIO, out: TextIO) -> None:
    """Until the end of ``source``."""
    coloured = out.isatty()
    number = 0
    out.write("> ")
    out.flush()
    async for line in lines(source):
        number = 0
        async for reply in console.say(line):
            out.write("\n" + _styled(reply.text, coloured) + "\n")
            if reply.file:
                out.write(f"  📎 {await asyncio.to_thread(_keep, reply.file)}\n")
            for row in reply.choices:
                for choice in row:
                    number += 1
                    out.write(f"  {number:>2}. {choice.label}{f' ({choice.url})' if choice.url else ''}\n")
        out.write("\n> ")
        out.flush()
    out.write("\n")


async def chat_json(console: Console, source: TextIO, out: TextIO) -> None:
    """One message a line in, one JSON object a reply out: ``line`` (from 1), ``text``, ``choices``, ``decision``."""
    number = 0
    async for line in lines(source):
        number += 1
        async for reply in console.say(line):
            out.write(json.dumps({"line": number} | _shown(reply), ensure_ascii=False) + "\n")
        out.flush()


def _shown(reply: Reply) -> dict[str, Any]:
    choices = [{"label": c.label, "action": c.action, "url": c.url} for row in reply.choices for c in row]
    text = markup.to_text(markup.parse(reply.text))
    file = {"file": str(_keep(reply.file))} if reply.file else {}
    return {"text": text, "choices": choices, "decision": reply.decision} | file


def _keep(file: File) -> Path:
    """Where the file lies now."""
    FILES.mkdir(parents=True, exist_ok=True)
    path = FILES / file.name
    path.write_bytes(make(file.kind, file.data))
    return path


def _styled(source: str, coloured: bool) -> str:
    blocks = markup.parse(source)
    if not coloured:
        return markup.to_text(blocks)
    styles = {"strong": _BOLD, "emphasis": _DIM, "code": _BOLD}

    def render(span: markup.Span) -> str:
        text = markup.spell_link(span) if span.style == "link" else span.text
        return f"{styles[span.style]}{text}{_OFF}" if span.style in styles else text

    return markup.join(blocks, render)


def utf8(stream: TextIO) -> TextIO:
    """``stream`` as UTF-8 whatever the locale says; broken input is replaced, never an exception."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace")
    return stream


def standard_streams() -> tuple[TextIO, TextIO]:
    return utf8(sys.stdin), utf8(sys.stdout)
