"""Announcements go out: at their time, a canary first, never in quiet hours, and with a message that shows how far.

Each tick is one transaction. Only what the lane sends in the next seconds is handed to the outbox, so that a pause or
a cancellation takes effect at once; everything else waits as pending deliveries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.broadcasting.states import CANARY, Counts, canary_verdict
from bot.clock import Clock
from bot.dialogue.accounting import closing, progress_text
from bot.dialogue.announcement import copy
from bot.dialogue.replies import Reply
from bot.i18n import Texts
from bot.learning.quiet import Quiet
from bot.storage import broadcasts, deliveries, outbox, people, segments
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Database
from bot.storage.deliveries import Settled
from bot.storage.outbox import Lane, Outgoing
from bot.storage.segments import Segment

TICK = 0.5  # seconds
AHEAD = 2.0  # seconds of sending that wait in the outbox
NEAR = dt.timedelta(seconds=5)  # before quiet hours nothing more is handed over
SHOWN = dt.timedelta(seconds=5)  # between two updates of the progress message

log = structlog.get_logger("bot.announcing")


class Announcing:
    """``run`` until cancelled, or ``step`` by hand. ``rate``: copies a second. ``paid``: beyond the free limit."""

    def __init__(
        self,
        database: Database,
        quiet: Quiet,
        texts: Mapping[str, Texts],
        language: str,
        clock: Clock,
        channel: str,
        rate: int,
        on_letters: Callable[[], None],
        paid: bool = False,
    ) -> None:
        self._database = database
        self._quiet = quiet
        self._texts = texts
        self._language = language
        self._clock = clock
        self._channel = channel
        self._rate = rate
        self._on_letters = on_letters
        self._paid = paid
        self._shown: dict[int, dt.datetime] = {}

    async def run(self) -> None:
        while True:
            try:
                await self.step()
            except Exception:  # the database failed: every copy still has its row
                log.exception("announcements could not be sent")
            await self._clock.sleep(TICK)

    async def step(self) -> int:
        """Move every announcement that is under way; how many letters were written."""
        async with self._database.read() as tx:
            if not await broadcasts.with_status(tx, ("scheduled", "canary", "sending")):
                return 0
        written = 0
        now = self._clock.now()
        async with self._database.write() as tx:
            for each in await broadcasts.with_status(tx, ("scheduled", "canary", "sending")):
                written += await self._advance(tx, each, now)
        if written:
            self._on_letters()
        return written

    async def _advance(self, tx: AsyncConnection, broadcast: Broadcast, now: dt.datetime) -> int:
        if broadcast.kind != "emergency" and (self._quiet.at(now) or self._quiet.at(now + NEAR)):
            if broadcast.status != "scheduled":
                await deliveries.withdraw(tx, broadcast.id)
            return 0
        if broadcast.status == "scheduled":
            if broadcast.start_at and broadcast.start_at > now:
                return 0
            return await self._begin(tx, broadcast, now)
        most = round(self._rate * AHEAD) - await outbox.on_their_way(tx, broadcast.id)
        if broadcast.status == "canary":
            counts = Counts(**await deliveries.first_counts(tx, broadcast.id, CANARY))
            verdict = canary_verdict(counts)
            if verdict in ("bad_requests", "blocks"):
                return await self._stop(tx, broadcast, verdict, now)
            if verdict == "go":
                await broadcasts.change(tx, broadcast.id, "canary", status="sending", canary_done=True)
            else:
                most = min(most, counts.pending)
        written = await self._hand_over(tx, broadcast, most, now) if most > 0 else 0
        if not written and broadcast.status == "sending" and await self._finish(tx, broadcast, now):
            return 2
        return written + await self._show(tx, broadcast, now)

    async def _begin(self, tx: AsyncConnection, broadcast: Broadcast, now: dt.datetime) -> int:
        """Fix who gets it. From now on nobody is added."""
        audience = segments.Audience(
            segment=Segment.model_validate(broadcast.segment),
            channel=self._channel,
            category=broadcast.category,
            emergency=broadcast.kind == "emergency",
            language=self._language,
            now=now,
        )
        total = await segments.snapshot(tx, broadcast.id, audience)
        await broadcasts.change(tx, broadcast.id, "scheduled", status="canary", started_at=now, total=total)
        log.info("an announcement begins", broadcast=broadcast.id, total=total)
        return 0

    async def _hand_over(self, tx: AsyncConnection, broadcast: Broadcast, most: int, now: dt.datetime) -> int:
        """Write the letters of the next copies; those who cannot be reached any more are skipped."""
        emergency = broadcast.kind == "emergency"
        chosen = await deliveries.next_pending(tx, broadcast.id, broadcast.category, emergency, most)
        letters, settled, reached = [], [], []
        for each in chosen:
            if not each.reachable:
                settled.append(Settled(broadcast.id, each.person_id, "skipped", "gone"))
                continue
            reply = copy(broadcast, self._say(each.language), self._paid)
            letters.append(
                Outgoing(
                    each.channel,
                    each.external,
                    Lane.BULK,
                    reply.to_json(),
                    broadcast_id=broadcast.id,
                    person_id=each.person_id,
                )
            )
            settled.append(Settled(broadcast.id, each.person_id, "queued"))
            reached.append(each.person_id)
        await deliveries.settle(tx, settled)
        await outbox.put(tx, letters, now)
        if not emergency:
            await people.contacted(tx, reached, now)
        return len(settled)

    async def _finish(self, tx: AsyncConnection, broadcast: Broadcast, now: dt.datetime) -> bool:
        """Close an announcement all of whose copies have their fate; whoever is responsible gets the account."""
        if await deliveries.any_left(tx, broadcast.id) or await outbox.on_their_way(tx, broadcast.id):
            return False
        await broadcasts.change(tx, broadcast.id, "sending", status="done", finished_at=now)
        await self._tell(tx, broadcast, "done", now)
        log.info("an announcement is done", broadcast=broadcast.id)
        return True

    async def _stop(
        self, tx: AsyncConnection, broadcast: Broadcast, why: Literal["bad_requests", "blocks"], now: dt.datetime
    ) -> int:
        await deliveries.withdraw(tx, broadcast.id)
        await broadcasts.change(tx, broadcast.id, "canary", status="stopped", finished_at=now, reason=why)
        await self._tell(tx, broadcast, f"stopped_{why}", now)
        log.warning("an announcement stopped by itself", broadcast=broadcast.id, reason=why)
        return 2

    async def _tell(self, tx: AsyncConnection, broadcast: Broadcast, key: str, now: dt.datetime) -> None:
        """Author and approver hear of it, each in a message of their own."""
        counts = Counts(**await deliveries.counts(tx, broadcast.id))
        opened = await broadcasts.count_opened(tx, broadcast.id)
        reasons = await deliveries.reasons(tx, broadcast.id)
        today = now.astimezone(self._quiet.zone).date()
        for person_id in filter(None, (broadcast.author_id, broadcast.approver_id)):
            person = await people.by_id(tx, person_id)
            if person is None:
                continue
            replies = closing(broadcast, key, counts, reasons, opened, self._say(person.language), today)
            letters = [Outgoing(person.channel, person.external, Lane.INTERACTIVE, each.to_json()) for each in replies]
            await outbox.put(tx, letters, now)

    async def _show(self, tx: AsyncConnection, broadcast: Broadcast, now: dt.datetime) -> int:
        """The author's one message, brought up to date in its place."""
        last = self._shown.get(broadcast.id)
        if broadcast.author_id is None or (last is not None and now - last < SHOWN):
            return 0
        person = await people.by_id(tx, broadcast.author_id)
        if person is None or broadcast.started_at is None:
            return 0
        self._shown[broadcast.id] = now
        replaces = ""
        if broadcast.progress_letter:
            try:
                status, message, _, _ = await outbox.fate(tx, broadcast.progress_letter)
            except LookupError:
                status, message = "failed", None
            if status in ("waiting", "sending"):
                return 0
            replaces = message or ""
        counts = Counts(**await deliveries.counts(tx, broadcast.id))
        text = progress_text(counts, now - broadcast.started_at, self._rate, broadcast.id, self._say(person.language))
        reply = Reply(text, replaces=replaces)
        letter = Outgoing(person.channel, person.external, Lane.INTERACTIVE, reply.to_json())
        number = await outbox.put_one(tx, letter, now)
        if not replaces:
            await broadcasts.change(tx, broadcast.id, broadcast.status, progress_letter=number)
        return 1

    def _say(self, language: str | None) -> Texts:
        return self._texts.get(language or "") or self._texts[self._language]
