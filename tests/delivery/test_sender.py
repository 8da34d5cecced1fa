from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from bot.delivery.fates import Fate
from bot.delivery.limiter import Limiter
from bot.delivery.sender import Sender, SenderSettings
from bot.storage import outbox, people
from bot.storage.database import Database
from bot.storage.outbox import Lane, Outgoing
from tests.clock import VirtualClock

Answer = Callable[[str, dict[str, Any]], Fate]


class Stub:
    """A channel that answers as told and keeps when each call came."""

    def __init__(self, clock: VirtualClock, answer: Answer = lambda chat, reply: Fate("sent")) -> None:
        self.clock = clock
        self.answer = answer
        self.calls: list[tuple[float, str, str]] = []

    async def send(self, chat: str, reply: dict[str, Any]) -> Fate:
        self.calls.append((self.clock.monotonic(), chat, reply["text"]))
        return self.answer(chat, reply)


def make(database: Database, stub: Stub, clock: VirtualClock, **limits: Any) -> Sender:
    limiter = Limiter(limits.get("total", 30), limits.get("bulk", 25), limits.get("interval", 1.0))
    return Sender(database, stub, limiter, clock, SenderSettings("telegram", 64, 3))


async def post(
    database: Database, clock: VirtualClock, *texts: str, chat: str = "", lane: Lane = Lane.INTERACTIVE
) -> None:
    letters = [Outgoing("telegram", chat or text, lane, {"text": text}) for text in texts]
    async with database.write() as tx:
        await outbox.put(tx, letters, clock.now())


@asynccontextmanager
async def running(sender: Sender) -> Any:
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        await sender.drain()
        with suppress(TimeoutError):
            await asyncio.wait_for(task, 5)


async def pass_time(clock: VirtualClock, seconds: float, settled: Callable[[], Awaitable[bool]]) -> None:
    """Move the clock in small steps, letting the sender do at each all it can do."""
    end = clock.monotonic() + seconds
    while True:
        while not await settled():
            await asyncio.to_thread(lambda: None)
        wake = clock.next_wake
        left = end - clock.monotonic()
        if left <= 1e-9:
            return
        clock.move(min(left, wake if wake is not None and wake > 0 else left, 0.25))


def idle(database: Database) -> Callable[[], Awaitable[bool]]:
    """Whether nothing more happens until the clock moves: many turns of the loop in a row with no transaction open."""

    async def settled() -> bool:
        for _ in range(30):
            await asyncio.to_thread(lambda: None)
            if database._engine.sync_engine.pool.checkedout():  # type: ignore[attr-defined]
                return False
        return True

    return settled


async def statuses(database: Database) -> dict[str, int]:
    async with database.read() as tx:
        return await outbox.tally(tx)


async def test_letters_are_sent_in_order_within_a_chat_and_marked(database: Database, clock: VirtualClock) -> None:
    stub = Stub(clock)
    sender = make(database, stub, clock, interval=0.0)
    await post(database, clock, *"abcde", chat="7")
    async with running(sender):
        await pass_time(clock, 0.5, idle(database))
    assert [text for _, _, text in stub.calls] == list("abcde")
    assert await statuses(database) == {"sent": 5, "unknowns": 0}


async def test_replies_overtake_a_broadcast(database: Database, clock: VirtualClock) -> None:
    stub = Stub(clock)
    sender = make(database, stub, clock)
    await post(database, clock, *[f"tin {n}" for n in range(200)], lane=Lane.BULK)
    async with running(sender):
        await pass_time(clock, 0.5, idle(database))
        await post(database, clock, "trả lời")
        sender.wake()
        await pass_time(clock, 0.1, idle(database))
    sent = [text for _, _, text in stub.calls]
    assert "trả lời" in sent
    assert len(sent) <= 30


async def test_a_frozen_bulk_lane_is_silent_for_as_long_as_told_while_replies_flow(
    database: Database, clock: VirtualClock
) -> None:
    once = iter([Fate("frozen", seconds=30)])
    stub = Stub(
        clock, lambda chat, reply: next(once, Fate("sent")) if reply["text"].startswith("tin") else Fate("sent")
    )
    sender = make(database, stub, clock, bulk=1)
    await post(database, clock, "tin 1", "tin 2", "tin 3", lane=Lane.BULK)
    async with running(sender):
        await pass_time(clock, 10.0, idle(database))
        await post(database, clock, "trả lời")
        sender.wake()
        await pass_time(clock, 30.0, idle(database))
    first, *later = [at for at, _, text in stub.calls if text.startswith("tin")]
    assert min(later) >= first + 30.0
    assert [at for at, _, text in stub.calls if text == "trả lời"] == [pytest.approx(10.0, abs=0.3)]
    assert (await statuses(database))["sent"] == 4


async def test_a_failed_letter_holds_back_later_ones_to_its_chat_only(database: Database, clock: VirtualClock) -> None:
    twice = iter([Fate("unreached"), Fate("unreached")])
    stub = Stub(clock, lambda chat, reply: next(twice, Fate("sent")) if reply["text"] == "a" else Fate("sent"))
    sender = make(database, stub, clock, interval=0.0)
    await post(database, clock, "a", "b", chat="7")
    await post(database, clock, "c", chat="8")
    async with running(sender):
        await pass_time(clock, 8.0, idle(database))
    assert [text for _, _, text in stub.calls] in (["a", "c", "a", "a", "b"], ["c", "a", "a", "a", "b"])


async def test_someone_who_blocked_the_assistant_is_remembered(database: Database, clock: VirtualClock) -> None:
    stub = Stub(clock, lambda chat, reply: Fate("stopped", reason="403"))
    sender = make(database, stub, clock)
    key = ("telegram", "7")
    async with database.write() as tx:
        await people.ensure(tx, {key}, clock.now())
    await post(database, clock, "a", chat="7")
    async with running(sender):
        await pass_time(clock, 0.5, idle(database))
    async with database.write() as tx:
        assert (await people.ensure(tx, {key}, clock.now()))[key].stopped_at is not None
    assert (await statuses(database))["failed"] == 1


async def test_what_waits_longer_than_memory_holds_is_sent_too(database: Database, clock: VirtualClock) -> None:
    stub = Stub(clock)
    sender = make(database, stub, clock, total=1000, bulk=1000)
    await post(database, clock, *[f"tin {n}" for n in range(1200)], lane=Lane.BULK)
    async with running(sender):
        await pass_time(clock, 4.0, idle(database))
    assert len({text for _, _, text in stub.calls}) == len(stub.calls) == 1200


async def test_draining_ends_the_run_even_when_only_marks_are_left(database: Database, clock: VirtualClock) -> None:
    drains: list[asyncio.Task[None]] = []

    def answer(chat: str, reply: dict[str, Any]) -> Fate:
        if reply["text"] == "cuối":
            drains.append(asyncio.create_task(sender.drain()))
        return Fate("sent")

    sender = make(database, Stub(clock, answer), clock, interval=0.0)
    await post(database, clock, "đầu", "cuối")
    await asyncio.wait_for(sender.run(), 5)
    assert await statuses(database) == {"sent": 2, "unknowns": 0}


async def test_a_database_that_fails_for_a_while_loses_nothing(database: Database, clock: VirtualClock) -> None:
    stub = Stub(clock)
    sender = make(database, stub, clock, interval=0.0)
    await post(database, clock, "a", "b", "c")
    real, failures = database.write, iter([True, True])

    def failing() -> Any:
        if next(failures, False):
            raise OSError("disk full")
        return real()

    database.write = failing  # type: ignore[method-assign]
    async with running(sender):
        await pass_time(clock, 5.0, idle(database))
    assert sorted(text for _, _, text in stub.calls) == ["a", "b", "c"]
    assert (await statuses(database))["sent"] == 3


async def test_a_storm_in_which_every_other_send_is_refused_loses_nothing(
    database: Database, clock: VirtualClock
) -> None:
    chance = Random(7)
    stub = Stub(clock, lambda chat, reply: Fate("frozen", seconds=1.0) if chance.random() < 0.5 else Fate("sent"))
    sender = make(database, stub, clock, total=1000, bulk=1000, interval=0.0)
    await post(database, clock, *[f"tin {n}" for n in range(60)], lane=Lane.BULK)
    async with running(sender):
        for _ in range(30):
            await pass_time(clock, 4.0, idle(database))
            if (await statuses(database)).get("sent") == 60:
                break
    assert await statuses(database) == {"sent": 60, "unknowns": 0}


async def test_a_letter_taken_back_while_it_waits_in_memory_is_not_sent(
    database: Database, clock: VirtualClock
) -> None:
    stub = Stub(clock)
    sender = make(database, stub, clock, bulk=5)
    await post(database, clock, *[f"tin {n}" for n in range(20)], lane=Lane.BULK)
    async with running(sender):
        await pass_time(clock, 0.5, idle(database))
        async with database.write() as tx:
            await tx.execute(text("DELETE FROM outbox WHERE status = 'waiting'"))
        await pass_time(clock, 8.0, idle(database))
    assert len(stub.calls) == 5


async def test_letters_held_at_this_hour_wait_and_replies_and_urgent_ones_do_not(
    database: Database, clock: VirtualClock
) -> None:
    stub = Stub(clock)
    night = [True]
    settings = SenderSettings("telegram", 64, 3)
    sender = Sender(
        database, stub, Limiter(30, 25, 1.0), clock, settings, held=lambda letter: night[0] and letter.chat == "tin"
    )
    await post(database, clock, "tin", "khẩn", lane=Lane.BULK)
    await post(database, clock, "trả lời")
    async with running(sender):
        await pass_time(clock, 60.0, idle(database))
        assert sorted(chat for _, chat, _ in stub.calls) == ["khẩn", "trả lời"]
        night[0] = False
        await pass_time(clock, 60.0, idle(database))
    assert len(stub.calls) == 3


async def test_a_reply_written_while_a_bulk_letter_to_the_same_chat_is_under_way_follows_it(
    database: Database, clock: VirtualClock
) -> None:
    arrived = asyncio.Event()

    class Slow(Stub):
        async def send(self, chat: str, reply: dict[str, Any]) -> Fate:
            fate = await super().send(chat, reply)
            if reply["text"] == "tin":
                await arrived.wait()
            return fate

    stub = Slow(clock)
    sender = make(database, stub, clock, interval=0.0)
    await post(database, clock, "tin", chat="7", lane=Lane.BULK)
    async with running(sender):
        await pass_time(clock, 0.5, idle(database))
        await post(database, clock, "trả lời", chat="7")
        sender.wake()
        await pass_time(clock, 0.5, idle(database))
        arrived.set()
        await pass_time(clock, 0.5, idle(database))
    assert [text for _, _, text in stub.calls] == ["tin", "trả lời"]
