"""The door of every channel: events are committed before anyone is told that they were taken.

Whatever arrives while a commit is under way shares the next one, so that a burst of webhook calls costs few disk syncs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.clock import Clock
from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.inbox import Incoming


class Intake:
    """``take`` returns once its events are safe. ``on_events`` is called after each commit."""

    def __init__(self, database: Database, clock: Clock, on_events: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._on_events = on_events
        self._waiting: list[tuple[Sequence[Incoming], asyncio.Future[None]]] = []
        self._committing = asyncio.Lock()

    async def take(self, events: Sequence[Incoming]) -> None:
        """Commit ``events``; one that was taken before changes nothing. Raises what the database raises."""
        if not events:
            return
        safe: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, safe))
        async with self._committing:
            if not safe.done():
                await self._commit()
        await safe

    async def _commit(self) -> None:
        group, self._waiting = self._waiting, []
        try:
            async with self._database.write() as tx:
                await inbox.put(tx, [event for events, _ in group for event in events], self._clock.now())
        except BaseException as error:
            for _, safe in group:
                if not safe.done():
                    safe.set_exception(error)
            for _, safe in group:  # whoever was cancelled meanwhile does not ask for the exception
                safe.exception()
            raise
        for _, safe in group:
            if not safe.done():
                safe.set_result(None)
        self._on_events()
