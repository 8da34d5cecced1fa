"""The part of the assistant that sends announcements, in a process of its own that can be killed at any moment."""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

from telegram import Bot

from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.send import TelegramTransport
from bot.clock import SystemClock
from bot.delivery.limiter import Limiter
from bot.delivery.sender import Sender, SenderSettings
from bot.dialogue.announcing import Announcing
from bot.i18n import load_texts
from bot.learning.quiet import Quiet
from bot.storage.database import Database
from tests.double.server import TOKEN
from tests.site import REPO

RATE = 1000  # copies a second, so that thousands go out in a test
AWAKE = Quiet(ZoneInfo("UTC"), start=dt.time(0), end=dt.time(0))


def processes() -> ForkServerContext:
    """Where announcers are forked from: everything is imported once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.announcer"])
    return context


def start(context: ForkServerContext, database: Path, url: str) -> BaseProcess:
    process = context.Process(target=_main, args=(str(database), url), daemon=True)
    process.start()
    return process


def _main(path: str, url: str) -> None:
    asyncio.run(_announce(path, url))


async def _announce(path: str, url: str) -> None:
    clock = SystemClock()
    database = await Database.open(f"sqlite+aiosqlite:///{path}", "normal")
    request = AiohttpRequest(80)
    bot = Bot(token=TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)
    await request.initialize()
    limiter = Limiter(RATE, RATE, 0.0)
    sender = Sender(database, TelegramTransport(bot), limiter, clock, SenderSettings("telegram", 64, 8))
    await sender.recover()
    texts = {"vi": load_texts(REPO / "content", "vi")}
    announcing = Announcing(database, AWAKE, texts, "vi", clock, "telegram", RATE, sender.wake)
    await asyncio.gather(sender.run(), announcing.run())
