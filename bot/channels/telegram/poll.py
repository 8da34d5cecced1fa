"""Long polling: an update is confirmed by the next call, and that is made only after the commit."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot.channels.telegram.parse import ALLOWED_UPDATES
from bot.clock import Clock

# Bot.get_updates would raise for a whole batch when one update cannot be read, and fetch the same batch for ever.
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)

LONGEST_WAIT = 30.0
READ_MARGIN = 10.0  # seconds over the poll's own length before the connection counts as dead

log = structlog.get_logger("bot.telegram")

Take = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


async def poll(bot: Bot, take: Take, clock: Clock, seconds: int) -> None:
    """Fetch updates for ever. A failed call or commit is tried again, the same updates with it."""
    offset: int | None = None
    failures = 0
    while True:
        try:
            updates = await _fetch(bot, offset, seconds)
            await take(updates)
        except Exception as error:
            failures += 1
            wait = min(LONGEST_WAIT, 2.0 ** min(failures, 5) / 2)
            if isinstance(error, RetryAfter):
                wait = max(wait, getattr(error.retry_after, "total_seconds", lambda: 5.0)())
            if isinstance(error, Conflict):
                log.error("another process polls this bot, or a webhook is set: stop it", wait_s=wait)
            elif isinstance(error, TelegramError):
                log.warning("updates could not be fetched", reason=str(error), wait_s=wait)
            else:
                log.exception("updates could not be stored", wait_s=wait)
            await clock.sleep(wait)
            continue
        failures = 0
        if updates:
            offset = int(updates[-1]["update_id"]) + 1


async def _fetch(bot: Bot, offset: int | None, seconds: int) -> list[dict[str, Any]]:
    """Raw updates: one that the library cannot read must not hold up the rest."""
    arguments: dict[str, Any] = {"timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
    if offset is not None:
        arguments["offset"] = offset
    result = await bot.do_api_request("getUpdates", api_kwargs=arguments, read_timeout=seconds + READ_MARGIN)
    return [update for update in result if isinstance(update, dict) and "update_id" in update]
