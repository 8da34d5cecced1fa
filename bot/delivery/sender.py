"""The one sender of a channel: takes letters from the outbox, sends within the limits, marks what became of them.

A letter is marked ``sending`` before its call and by its fate after it; both kinds of mark share a transaction with
whatever else is ready, so that the number of commits does not grow with the number of letters.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from bot.clock import Clock
from bot.delivery.fates import Fate, settle
from bot.delivery.limiter import Limiter
from bot.storage import outbox, people
from bot.storage.database import Database
from bot.storage.outbox import Lane, Letter, Mark

LOAD = 500  # letters of a lane held in memory at most, beside those waiting for their next try
RETRY_SECONDS = 1.0
HELD_SECONDS = 30.0  # until a held letter is looked at again

log = structlog.get_logger("bot.sender")


class Transport(Protocol):
    """A channel's way out."""

    async def send(self, chat: str, reply: dict[str, Any]) -> Fate:
        """Send one reply, once. Never raises: whatever happens is a fate."""


@dataclass(frozen=True, slots=True)
class SenderSettings:
    channel: str
    open_requests: int
    attempts: int


class Sender:
    """``run`` until cancelled; ``drain`` first to let sends that are under way end and be marked.

    ``held``: letters that may not go at this hour; asked at the last moment, whatever was planned before.
    """

    def __init__(
        self,
        database: Database,
        transport: Transport,
        limiter: Limiter,
        clock: Clock,
        settings: SenderSettings,
        held: Callable[[Letter], bool] = lambda letter: False,
    ) -> None:
        self._database = database
        self._transport = transport
        self._limiter = limiter
        self._clock = clock
        self._settings = settings
        self._held = held
        self._lanes = {lane: _Queue() for lane in Lane}
        self._marks: list[Mark] = []
        self._stopped: set[tuple[str, str]] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._arrived = True
        self._draining = False

    def wake(self) -> None:
        """There are new letters in the outbox."""
        self._arrived = True
        self._changed.set()

    async def recover(self) -> int:
        """Call once, before ``run``: letters in flight when the process died get their unknown fate; how many."""
        async with self._database.write() as tx:
            count = await outbox.recover(tx, self._settings.channel)
        if count:
            log.warning("sends of unknown outcome after a crash", count=count)
        return count

    async def run(self) -> None:
        while not self._drained:
            self._changed.clear()
            try:
                started = await self._round()
            except Exception:  # the database failed: what is under way stays under way, and the marks are kept
                log.exception("the outbox could not be worked on")
                await self._clock.sleep(RETRY_SECONDS)
                continue
            if not started and not self._drained:
                await self._pause()

    @property
    def _drained(self) -> bool:
        return self._draining and not self._calls and not self._marks

    async def drain(self) -> None:
        """Start nothing new; ``run`` returns once every call has ended and is marked."""
        self._draining = True
        self._changed.set()

    async def _round(self) -> int:
        """Take letters that may go now, commit them as sending together with marks that are due, start the calls."""
        await self._load()
        batch = [] if self._draining else self._take()
        marks, self._marks = self._marks, []
        stopped, self._stopped = self._stopped, set()
        if not batch and not marks:
            return 0
        try:
            async with self._database.write() as tx:
                await outbox.mark(tx, marks)
                still = await outbox.sending(tx, [letter.id for letter in batch])
                if stopped:
                    await people.set_stopped(tx, stopped, self._clock.now())
        except BaseException:
            self._marks = marks + self._marks
            self._stopped |= stopped
            for letter in reversed(batch):
                self._limiter.begin(letter.lane, letter.chat, self._clock.monotonic())
                self._limiter.end(letter.chat)
                self._lanes[letter.lane].put_back(letter, self._clock.monotonic())
            raise
        for letter in batch:
            self._limiter.begin(letter.lane, letter.chat, self._clock.monotonic())
            if letter.id not in still:  # taken back meanwhile
                self._limiter.end(letter.chat)
                self._touch(letter.chat)
                continue
            call = asyncio.create_task(self._call(letter))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
        return len(batch)

    async def _load(self) -> None:
        arrived, self._arrived = self._arrived, False
        for lane, queue in self._lanes.items():
            queue.more |= arrived
            if queue.size >= LOAD or not queue.more:
                continue
            async with self._database.read() as tx:
                letters = await outbox.waiting(tx, self._settings.channel, lane, queue.newest, LOAD)
            now, wall = self._clock.monotonic(), self._clock.now()
            for letter in letters:
                queue.add(letter, now + max(0.0, (letter.not_before - wall).total_seconds()))
            queue.more = len(letters) == LOAD

    def _take(self) -> list[Letter]:
        """Reserve as many letters as may start now, replies first."""
        now = self._clock.monotonic()
        batch: list[Letter] = []
        for lane in Lane:
            queue = self._lanes[lane]
            while len(self._calls) + len(batch) < self._settings.open_requests:
                if self._limiter.lane_ready_at(lane, now) > now:
                    break
                letter = queue.pop(now, self._limiter.chat_ready_at)
                if letter is None:
                    break
                if self._held(letter):
                    queue.put_back(letter, now + HELD_SECONDS)
                    continue
                self._limiter.reserve(lane, letter.chat)
                batch.append(letter)
        return batch

    async def _call(self, letter: Letter) -> None:
        fate = await self._transport.send(letter.chat, letter.reply)
        now = self._clock.monotonic()
        self._limiter.end(letter.chat)
        if fate.kind == "frozen":
            self._limiter.freeze(letter.lane, letter.chat, fate.seconds, now)
            log.warning("too many sends", lane=letter.lane.name.lower(), wait_s=fate.seconds)
        elif fate.kind == "stopped":
            self._stopped.add((self._settings.channel, letter.chat))
        elif fate.kind != "sent":
            log.warning("a send failed", letter=letter.id, fate=fate.kind, reason=fate.reason)
        mark = settle(letter, fate, self._clock.now(), self._settings.attempts)
        self._marks.append(mark)
        queue = self._lanes[letter.lane]
        if mark.status == "waiting":
            wait = max(0.0, (mark.not_before - self._clock.now()).total_seconds())
            again = replace(letter, attempts=mark.attempts, unknowns=mark.unknowns, not_before=mark.not_before)
            queue.put_back(again, now + wait)
        self._touch(letter.chat)
        self._changed.set()

    def _touch(self, chat: str) -> None:
        """The chat's send is over: its next letter may go, of whichever lane."""
        for queue in self._lanes.values():
            queue.touch(chat, self._clock.monotonic())

    async def _pause(self) -> None:
        """Until something changes, or the next letter may go."""
        now = self._clock.monotonic()
        due = float("inf")
        if not self._draining and len(self._calls) < self._settings.open_requests:
            for lane, queue in self._lanes.items():
                if (first := queue.next_at(now, self._limiter.chat_ready_at)) is not None:
                    due = min(due, max(first, self._limiter.lane_ready_at(lane, now)))
        waits: list[Awaitable[Any]] = [asyncio.ensure_future(self._changed.wait())]
        if due != float("inf"):
            waits.append(asyncio.ensure_future(self._clock.sleep(max(0.0, due - now))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)  # type: ignore[type-var]
        finally:
            for wait in waits:
                wait.cancel()  # type: ignore[attr-defined]


Ready = Callable[[str, float], float]


class _Queue:
    """One lane's letters in memory: first in, first out within a chat, chats by when they may be written to."""

    def __init__(self) -> None:
        self.newest = 0  # the highest id loaded
        self.more = True  # whether the database may hold more than was loaded
        self.size = 0
        self._chats: dict[str, deque[tuple[float, Letter]]] = {}
        self._heap: list[tuple[float, int, str]] = []  # (not before, letter id, chat); may hold stale entries

    def add(self, letter: Letter, not_before: float) -> None:
        self.newest = max(self.newest, letter.id)
        self.size += 1
        waiting = self._chats.setdefault(letter.chat, deque())
        waiting.append((not_before, letter))
        if len(waiting) == 1:
            heapq.heappush(self._heap, (not_before, letter.id, letter.chat))

    def put_back(self, letter: Letter, not_before: float) -> None:
        """To the head of its chat: what was written after it goes after it."""
        self.size += 1
        self._chats.setdefault(letter.chat, deque()).appendleft((not_before, letter))
        heapq.heappush(self._heap, (not_before, letter.id, letter.chat))

    def touch(self, chat: str, now: float) -> None:
        """The chat's send is over: its next letter may be considered."""
        if waiting := self._chats.get(chat):
            not_before, letter = waiting[0]
            heapq.heappush(self._heap, (max(now, not_before), letter.id, chat))

    def pop(self, now: float, ready: Ready) -> Letter | None:
        """The letter that has waited longest among those that may go at ``now``."""
        while self._heap and self._heap[0][0] <= now:
            _, id, chat = heapq.heappop(self._heap)
            waiting = self._chats.get(chat)
            if not waiting or waiting[0][1].id != id:
                continue  # an old entry; the chat has a newer one
            at = max(waiting[0][0], ready(chat, now))
            if at > now:
                if at != float("inf"):
                    heapq.heappush(self._heap, (at, id, chat))
                continue  # a chat with an open send comes back through touch
            _, letter = waiting.popleft()
            if not waiting:
                del self._chats[chat]
            self.size -= 1
            return letter
        return None

    def next_at(self, now: float, ready: Ready) -> float | None:
        """When ``pop`` may next give something; None when only the end of an open send can change that."""
        return max(now, self._heap[0][0]) if self._heap else None
