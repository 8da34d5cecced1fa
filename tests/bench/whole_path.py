"""Events through the whole path: inbox committed, dialogue, outbox committed, sent to a stub, marked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from bot.app import Core
from bot.channels.intake import Intake
from bot.channels.telegram.render import fit
from bot.clock import SystemClock
from bot.delivery.fates import Fate
from bot.delivery.limiter import Limiter
from bot.delivery.sender import Sender, SenderSettings
from bot.dialogue.worker import Worker
from bot.storage.database import Database
from bot.storage.inbox import Incoming

POLL = 100  # updates that arrive together, as from one getUpdates


class Stub:
    """Takes every reply at once."""

    def __init__(self, expected: int) -> None:
        self._left = expected
        self.all_sent = asyncio.Event()

    async def send(self, chat: str, reply: dict[str, Any]) -> Fate:
        self._left -= 1
        if self._left <= 0:
            self.all_sent.set()
        return Fate("sent", message="1")


async def seconds(core: Core, database: Database, events: Sequence[Incoming]) -> float:
    """How long it takes until the reply to each of ``events`` is sent and marked."""
    clock = SystemClock()
    stub = Stub(len(events))
    sender = Sender(database, stub, Limiter(10**6, 10**6, 0.0), clock, SenderSettings("telegram", 64, 8))
    worker = Worker(database, core.dialogue, core.office, clock, {"telegram": fit}, sender.wake)
    intake = Intake(database, clock, worker.wake)
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(sender.run())]
    start = time.perf_counter()
    for at in range(0, len(events), POLL):
        await intake.take(events[at : at + POLL])
    await stub.all_sent.wait()
    await sender.drain()
    await tasks[1]
    elapsed = time.perf_counter() - start
    tasks[0].cancel()
    return elapsed
