"""Several chats through one real worker: each keeps what it got, so that two people can be heard talking."""

from __future__ import annotations

import itertools
from collections import defaultdict

from bot.delivery.fates import Fate, settle
from bot.dialogue.desk import Office
from bot.dialogue.events import Event
from bot.dialogue.handing_back import HandingBack
from bot.dialogue.replies import Choice, Reply
from bot.dialogue.respond import Dialogue
from bot.dialogue.worker import Worker
from bot.storage import inbox, outbox
from bot.storage.database import Database
from bot.storage.inbox import Incoming
from bot.storage.outbox import Lane
from tests.clock import VirtualClock

CHANNELS = ("telegram", "console")


class Exchange:
    """``got``: chat → all it ever got, oldest first."""

    def __init__(self, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> None:
        assert office.handover
        self._database = database
        self._clock = clock
        self._worker = Worker(database, dialogue, office, clock, {"telegram": lambda reply: [reply]})
        self._back = HandingBack(database, office, office.handover, dialogue.say, clock, lambda: None)
        self._updates = itertools.count(1)
        self.got: defaultdict[str, list[Reply]] = defaultdict(list)

    async def receive(self, *events: tuple[str, str, Event]) -> None:
        """(channel, chat, event), all before the worker looks."""
        rows = [Incoming(channel, next(self._updates), chat, event.to_json()) for channel, chat, event in events]
        async with self._database.write() as tx:
            await inbox.put(tx, rows, self._clock.now())
        while await self._worker.step():
            pass
        await self._post()

    async def tick(self, minutes: float = 0) -> int:
        """Let time pass, then the clock of tickets looks; how many letters it wrote."""
        self._clock.move(minutes * 60)
        count = await self._back.step()
        await self._post()
        return count

    async def _post(self) -> None:
        async with self._database.write() as tx:
            for channel in CHANNELS:
                letters = await outbox.waiting(tx, channel, Lane.INTERACTIVE, 0, 1000)
                for letter in letters:
                    self.got[letter.chat].append(Reply.from_json(letter.reply))
                await outbox.mark(tx, [settle(each, Fate("sent"), self._clock.now(), 1) for each in letters])


class Phone:
    """One chat. ``unread``: what came since it was last looked at."""

    def __init__(self, exchange: Exchange, chat: str, channel: str = "telegram") -> None:
        self._exchange = exchange
        self._channel = channel
        self.chat = chat
        self._read = 0

    @property
    def got(self) -> list[Reply]:
        return self._exchange.got[self.chat]

    @property
    def unread(self) -> str:
        texts = [reply.text for reply in self.got[self._read :]]
        self._read = len(self.got)
        return "\n\n".join(texts)

    async def says(self, *texts: str) -> str:
        """The answer to texts that arrive together."""
        events = [Event("command", text[1:]) if text.startswith("/") else Event("text", text) for text in texts]
        return await self.does(*events)

    async def presses(self, label: str) -> str:
        """The newest button whose label holds ``label``. Raises LookupError when there is none."""
        return await self.does(self.tap(label))

    def tap(self, label: str) -> Event:
        return Event("action", self.button(label).action, "1")

    def button(self, label: str) -> Choice:
        shown = [choice for reply in reversed(self.got) for row in reply.choices for choice in row]
        found = next((choice for choice in shown if label in choice.label), None)
        if found is None:
            raise LookupError(f"no button {label!r} among {[choice.label for choice in shown]}")
        return found

    async def does(self, *events: Event) -> str:
        self._read = len(self.got)
        await self._exchange.receive(*((self._channel, self.chat, event) for event in events))
        return self.unread
