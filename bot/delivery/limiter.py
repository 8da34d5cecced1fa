"""When the next send may go. Pure: the caller tells the time, in seconds of a clock that never goes back.

A window is strict: in no stretch of one second, the first included and wherever it starts, do more than ``limit`` sends
begin. Slots are reserved before the database is asked to remember the send and stamped as it starts, so a slow commit
cannot press two windows together.
"""

from __future__ import annotations

from collections import deque

from bot.storage.outbox import Lane

SPAN = 1.0
CLEAN = 60.0  # seconds without a 429 after which the bulk lane may do one more a second
MARGIN = 0.05  # sends drift apart by this much on their way to the network and the server's clock
BULK_MARGIN = 0.009  # of the bulk lane, which stays under the channel's own limit anyway: a long run loses 0.9 %


class Window:
    """At most ``limit`` stamps in any ``SPAN`` seconds."""

    def __init__(self, limit: int, margin: float = MARGIN) -> None:
        self.limit = limit
        self._span = SPAN + margin
        self._stamps: deque[float] = deque()
        self._reserved = 0

    def free_at(self, now: float) -> float:
        """When a slot is free: ``now`` if one is; infinity while all are reserved by sends that have not begun."""
        while self._stamps and self._stamps[0] <= now - self._span:
            self._stamps.popleft()
        over = len(self._stamps) + self._reserved - self.limit
        if over < 0:
            return now
        if over >= len(self._stamps):
            return float("inf")
        return self._stamps[over] + self._span

    def reserve(self) -> None:
        self._reserved += 1

    def stamp(self, now: float) -> None:
        """A reserved send begins."""
        self._reserved -= 1
        self._stamps.append(now)


class Limiter:
    """Two lanes over one window: all sends share ``total`` a second, bulk ones at most ``bulk`` of them.

    Each 429 to a bulk send freezes the lane and halves its rate, which climbs again by one a clean minute (AIMD).
    One send at a time to a chat, ``chat_interval`` seconds apart. A 429 to a reply freezes that chat and the bulk lane;
    while one chat is frozen, a 429 to another means that the whole bot is: then everything waits.
    """

    def __init__(self, total: int, bulk: int, chat_interval: float) -> None:
        self._all = Window(total)
        self._bulk = Window(bulk, BULK_MARGIN)
        self._most = bulk
        self._clean_since = 0.0
        self._interval = chat_interval
        self._chats: dict[str, float] = {}  # chat -> when it may be written to next
        self._order: deque[tuple[float, str]] = deque()
        self._open: set[str] = set()
        self._frozen: dict[str, float] = {}
        self._frozen_bulk = 0.0
        self._frozen_all = 0.0

    def lane_ready_at(self, lane: Lane, now: float) -> float:
        """When ``lane`` has room, whatever the chat."""
        ready = max(self._all.free_at(now), self._frozen_all)
        if lane is Lane.INTERACTIVE:
            return ready
        self._climb(now)
        return max(ready, self._bulk.free_at(now), self._frozen_bulk)

    def chat_ready_at(self, chat: str, now: float) -> float:
        """When ``chat`` may be written to; infinity while a send to it is under way."""
        if chat in self._open:
            return float("inf")
        return max(now, self._chats.get(chat, 0.0), self._frozen.get(chat, 0.0))

    def reserve(self, lane: Lane, chat: str) -> None:
        """A send to ``chat`` is decided. Pair with ``begin`` and ``end``."""
        self._all.reserve()
        if lane is Lane.BULK:
            self._bulk.reserve()
        self._open.add(chat)

    def begin(self, lane: Lane, chat: str, now: float) -> None:
        """The reserved send starts now."""
        self._all.stamp(now)
        if lane is Lane.BULK:
            self._bulk.stamp(now)
        self._chats[chat] = now + self._interval
        self._order.append((now + self._interval, chat))
        self._forget(now)

    def end(self, chat: str) -> None:
        """The send is over, whatever its fate."""
        self._open.discard(chat)

    def freeze(self, lane: Lane, chat: str, seconds: float, now: float) -> None:
        """The server answered 429 with ``retry_after`` seconds."""
        until = now + seconds
        if lane is Lane.BULK and now >= self._frozen_bulk:  # one storm halves once, however many sends it hits
            self._bulk.limit = max(1, self._bulk.limit // 2)
        self._clean_since = max(self._clean_since, until)
        self._frozen_bulk = max(self._frozen_bulk, until)
        if lane is Lane.BULK:
            return
        if any(other != chat and end > now for other, end in self._frozen.items()):
            self._frozen_all = max(self._frozen_all, until)
        self._frozen[chat] = max(self._frozen.get(chat, 0.0), until)

    def _climb(self, now: float) -> None:
        while self._bulk.limit < self._most and now >= self._clean_since + CLEAN:
            self._bulk.limit += 1
            self._clean_since += CLEAN

    def _forget(self, now: float) -> None:
        """Drop chats whose pause is over, so that a million of them cost no memory."""
        while self._order and self._order[0][0] <= now:
            until, chat = self._order.popleft()
            if self._chats.get(chat, 0.0) <= until:
                self._chats.pop(chat, None)
        for chat in [chat for chat, until in self._frozen.items() if until <= now]:
            del self._frozen[chat]
