"""Telegram as one thing to start and stop: intake on one side, transport on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import Bot, BotCommand
from telegram.error import TelegramError

from bot.channels.intake import Intake
from bot.channels.telegram.parse import ALLOWED_UPDATES, callback_id, parse
from bot.channels.telegram.poll import poll
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.send import TelegramTransport
from bot.clock import Clock
from bot.config import Secrets, TelegramChannel

SETUP_RETRY = 10.0
OPEN_ACKNOWLEDGEMENTS = 32

Healthy = Callable[[], Awaitable[bool]]

log = structlog.get_logger("bot.telegram")


class Telegram:
    """``initialize``, then ``run`` until cancelled, then ``shutdown``."""

    def __init__(
        self, settings: TelegramChannel, secrets: Secrets, intake: Intake, clock: Clock, connections: int
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._intake = intake
        self._clock = clock
        self._requests = AiohttpRequest(connections), AiohttpRequest(2)
        self._bot = Bot(
            token=secrets.telegram_token or "",
            base_url=f"{settings.base_url}/bot",
            base_file_url=f"{settings.base_url}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self.transport = TelegramTransport(self._bot)
        self._acknowledging = asyncio.Semaphore(OPEN_ACKNOWLEDGEMENTS)
        self._tasks: set[asyncio.Task[None]] = set()

    async def initialize(self) -> None:
        for request in self._requests:
            await request.initialize()

    async def shutdown(self) -> None:
        for task in self._tasks:
            task.cancel()
        for request in self._requests:
            await request.shutdown()

    async def run(self, commands: Mapping[str, str], healthy: Healthy) -> None:
        """Receive updates for ever, by the way the settings name. ``commands``: name → description, for the menu."""
        if self._settings.mode == "webhook":
            await self._serve(commands, healthy)
            return
        await self._insist(self._bot.delete_webhook)
        self._spawn(self._announce(commands))
        await poll(self._bot, self._take, self._clock, self._settings.poll_seconds)

    async def _serve(self, commands: Mapping[str, str], healthy: Healthy) -> None:
        from bot.channels.telegram.webhook import server, webhook_app  # here: polling does without a web server

        webhook = self._settings.webhook
        url, secret = webhook.url or "", self._secrets.webhook_secret or ""
        http = server(webhook_app(urlsplit(url).path, secret, self._take, healthy), webhook.host, webhook.port)
        serving = asyncio.create_task(http.serve())
        try:
            await self._insist(
                lambda: self._bot.set_webhook(
                    url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
                )
            )
            self._spawn(self._announce(commands))
            await serving
        finally:
            http.should_exit = True
            await serving

    async def _take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Commit updates, then stop the buttons' waiting sign."""
        events = []
        for update in updates:
            try:
                incoming = parse(update, self._bot)
            except Exception:  # one update nobody can read must not hold up the others for ever
                log.exception("an update was left out: it cannot be read")
                continue
            if incoming is not None:
                events.append(incoming)
        await self._intake.take(events)
        for update in updates:
            if query := callback_id(update):
                self._spawn(self._acknowledge(query))

    async def _acknowledge(self, query: str) -> None:
        async with self._acknowledging:
            try:
                await self._bot.answer_callback_query(query)
            except TelegramError as error:  # the button's effect goes the durable way; this only stops its sign
                log.debug("a button press could not be acknowledged", reason=str(error))

    async def _announce(self, commands: Mapping[str, str]) -> None:
        await self._insist(lambda: self._bot.set_my_commands([BotCommand(*command) for command in commands.items()]))

    async def _insist(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a set-up call until it succeeds."""
        while True:
            try:
                await call()
                return
            except TelegramError as error:
                log.warning("Telegram cannot be set up yet", reason=str(error), wait_s=SETUP_RETRY)
                await self._clock.sleep(SETUP_RETRY)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
