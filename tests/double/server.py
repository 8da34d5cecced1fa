"""The server itself: long polling, webhook delivery, messages, faults, and a ledger of all that was sent."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp
from aiohttp import web

from tests.double.html import read
from tests.double.schema import Refused, check

TOKEN = "1234567890:AAE-double-token-for-tests-only-000000"

MAX_CAPTION = 1024 * 4  # markup included; the limit is on the text after parsing

FaultKind = Literal["429", "400", "403", "500", "timeout", "broken", "lost"]


@dataclass
class Fault:
    """What goes wrong with the next matching call. ``lost``: carried out, but the answer never arrives."""

    kind: FaultKind
    text: str = ""
    retry_after: int = 1
    method: str = "sendMessage"
    chat: int | None = None
    times: int = 1


@dataclass(frozen=True)
class Sent:
    """One message or edit that reached a chat. ``at``: monotonic seconds."""

    chat: int
    message_id: int
    text: str
    buttons: list[list[dict[str, Any]]]
    edit: bool
    at: float
    file: bytes = b""


@dataclass
class _Queue:
    updates: deque[dict[str, Any]] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class BotApi:
    """``async with BotApi() as api``: then ``api.url`` is a Bot API base address."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, float]] = []
        self.refusals: list[str] = []
        self.answered_callbacks: set[str] = set()
        self.faults: list[Fault] = []
        self.commands: list[dict[str, Any]] = []
        self.port = 0
        self._updates: deque[dict[str, Any]] = deque()
        self._ids = itertools.count(500_000_001)
        self._message_ids: defaultdict[int, itertools.count[int]] = defaultdict(lambda: itertools.count(1))
        self._texts: dict[tuple[int, int], tuple[str, Any]] = {}
        self._changed = asyncio.Condition()
        self._polling = 0
        self._webhook: tuple[str, str] | None = None
        self._queues: defaultdict[tuple[str, int], _Queue] = defaultdict(_Queue)
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> BotApi:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        for queue in self._queues.values():
            if queue.task:
                queue.task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await queue.task
        if self._client:
            await self._client.close()
        if self._runner:
            await self._runner.cleanup()

    # -- what people do ---------------------------------------------------------------------------------------------

    async def say(self, chat: int, text: str, **more: Any) -> int:
        """Someone writes; the update's id."""
        return await self.update(message=self.message(chat, text=text, **more))

    async def press(self, chat: int, data: str, message_id: int = 1) -> int:
        """Someone presses a button under a message of the bot."""
        query_id = str(next(self._ids))
        message = self.message(chat, text="…") | {"message_id": message_id, "from": _BOT}
        query = {"id": query_id, "from": _user(chat), "chat_instance": "1", "message": message, "data": data}
        return await self.update(callback_query=query)

    async def update(self, **content: Any) -> int:
        """Any update, as Telegram would give it."""
        update = {"update_id": next(self._ids), **content}
        async with self._changed:
            if self._webhook is None:
                self._updates.append(update)
            else:
                self._enqueue(update)
            self._changed.notify_all()
        return int(update["update_id"])

    def message(self, chat: int, **content: Any) -> dict[str, Any]:
        return {
            "message_id": next(self._message_ids[chat]),
            "from": _user(chat),
            "chat": {"id": chat, "type": "private", "first_name": "Người"},
            "date": int(time.time()),
            **content,
        }

    # -- what tests ask ---------------------------------------------------------------------------------------------

    async def until(self, reached: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait for something to be true of the ledger. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(reached)

    async def until_quiet_or(self, reached: Callable[[], bool]) -> None:
        """Wait for something to be true, or for every update to be confirmed and answered."""
        await self.until(lambda: reached() or self.unconfirmed == 0)

    def to(self, chat: int) -> list[Sent]:
        return [sent for sent in self.sent if sent.chat == chat]

    def most_in_a_second(self) -> int:
        """The largest number of sends in any stretch of one second."""
        times = [at for method, at in self.calls if method in ("sendMessage", "editMessageText")]
        most, start = 0, 0
        for end, at in enumerate(times):
            while times[start] <= at - 1.0:
                start += 1
            most = max(most, end - start + 1)
        return most

    @property
    def unconfirmed(self) -> int:
        """Updates the bot has not confirmed yet."""
        return len(self._updates) + sum(len(queue.updates) for queue in self._queues.values())

    # -- the API ----------------------------------------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            given = await request.json()
        else:
            form = await request.post()
            given = {k: v.file.read() if isinstance(v, web.FileField) else v for k, v in form.items()}
        try:
            parameters = check(method, given)
        except Refused as refusal:
            self.refusals.append(str(refusal))
            return _error(400, f"Bad Request: {refusal}")
        async with self._changed:
            self.calls.append((method, time.monotonic()))
            self._changed.notify_all()
        fault = self._fault(method, parameters)
        if fault and fault.kind != "lost":
            return await self._fail(request, fault)
        try:
            result = await getattr(self, f"_{method}")(parameters)
        except Refused as refusal:
            self.refusals.append(str(refusal))
            return _error(400, f"Bad Request: {refusal}")
        if isinstance(result, web.Response):
            return result
        if fault:
            _break(request)
        return web.json_response({"ok": True, "result": result})

    def _fault(self, method: str, parameters: dict[str, Any]) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and fault.chat in (None, parameters.get("chat_id")):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.kind:
            case "429":
                text = f"Too Many Requests: retry after {fault.retry_after}"
                return _error(429, text, parameters={"retry_after": fault.retry_after})
            case "timeout":
                await asyncio.Event().wait()
            case "broken":
                _break(request)
                return web.Response()
        texts = {"400": "Bad Request: chat not found", "403": "Forbidden: bot was blocked by the user"}
        return _error(int(fault.kind), fault.text or texts.get(fault.kind, "Internal Server Error"))

    async def _getMe(self, _: dict[str, Any]) -> Any:
        return _BOT

    async def _setMyCommands(self, parameters: dict[str, Any]) -> Any:
        self.commands = parameters["commands"]
        return True

    async def _getUpdates(self, parameters: dict[str, Any]) -> Any:
        if self._webhook or self._polling:
            return _error(409, "Conflict: terminated by other getUpdates request")
        self._polling += 1
        try:
            async with self._changed:
                if (offset := parameters.get("offset")) is not None:
                    while self._updates and self._updates[0]["update_id"] < offset:
                        self._updates.popleft()
                    self._changed.notify_all()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(parameters.get("timeout", 0), 50)):
                        await self._changed.wait_for(lambda: bool(self._updates))
                return list(itertools.islice(self._updates, parameters.get("limit", 100)))
        finally:
            self._polling -= 1

    async def _deleteWebhook(self, _: dict[str, Any]) -> Any:
        self._webhook = None
        return True

    async def _setWebhook(self, parameters: dict[str, Any]) -> Any:
        self._webhook = (parameters["url"], parameters.get("secret_token", ""))
        while self._updates:
            self._enqueue(self._updates.popleft())
        return True

    async def _answerCallbackQuery(self, parameters: dict[str, Any]) -> Any:
        self.answered_callbacks.add(parameters["callback_query_id"])
        return True

    async def _sendMessage(self, parameters: dict[str, Any]) -> Any:
        chat = int(parameters["chat_id"])
        return await self._deliver(chat, next(self._message_ids[chat]), parameters, edit=False)

    async def _sendPhoto(self, parameters: dict[str, Any]) -> Any:
        return await self._sendFile(parameters, parameters["photo"])

    async def _sendDocument(self, parameters: dict[str, Any]) -> Any:
        return await self._sendFile(parameters, parameters["document"])

    async def _sendFile(self, parameters: dict[str, Any], file: bytes) -> Any:
        if not file:
            raise Refused("file must be non-empty")
        chat = int(parameters["chat_id"])
        caption = parameters.pop("caption", "")
        if len(caption.encode("utf-16-le")) // 2 > MAX_CAPTION:
            raise Refused("message caption is too long")
        return await self._deliver(
            chat, next(self._message_ids[chat]), parameters | {"text": caption}, edit=False, file=file
        )

    async def _editMessageText(self, parameters: dict[str, Any]) -> Any:
        chat, message_id = int(parameters["chat_id"]), int(parameters["message_id"])
        before = self._texts.get((chat, message_id))
        if before is None:
            raise Refused("message to edit not found")
        if before == (parameters["text"], parameters.get("reply_markup")):
            raise Refused("message is not modified")
        return await self._deliver(chat, message_id, parameters, edit=True)

    async def _deliver(
        self, chat: int, message_id: int, parameters: dict[str, Any], *, edit: bool, file: bytes = b""
    ) -> Any:
        text = read(parameters["text"]) if parameters.get("parse_mode") == "HTML" else parameters["text"]
        markup = parameters.get("reply_markup") or {}
        self._texts[chat, message_id] = (parameters["text"], parameters.get("reply_markup"))
        sent = Sent(chat, message_id, text, markup.get("inline_keyboard", []), edit, time.monotonic(), file)
        async with self._changed:
            self.sent.append(sent)
            self._changed.notify_all()
        chat_info = {"id": chat, "type": "private", "first_name": "Người"}
        return {"message_id": message_id, "from": _BOT, "chat": chat_info, "date": int(time.time()), "text": text}

    # -- webhook delivery: one at a time per queue; messages queue by chat, button presses by user ------------------

    def _enqueue(self, update: dict[str, Any]) -> None:
        query = update.get("callback_query")
        key = ("user", query["from"]["id"]) if query else ("chat", _chat_of(update))
        queue = self._queues[key]
        queue.updates.append(update)
        if queue.task is None or queue.task.done():
            queue.task = asyncio.create_task(self._push(queue))

    async def _push(self, queue: _Queue) -> None:
        wait = 0.05
        while queue.updates and self._webhook and self._client:
            url, secret = self._webhook
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            try:
                async with self._client.post(url, json=queue.updates[0], headers=headers) as response:
                    delivered = response.status < 300
            except aiohttp.ClientError:
                delivered = False
            if delivered:
                async with self._changed:
                    queue.updates.popleft()
                    self._changed.notify_all()
                wait = 0.05
            else:
                await asyncio.sleep(wait)
                wait = min(1.0, wait * 2)


_BOT = {"id": 1234567890, "is_bot": True, "first_name": "Trợ lý", "username": "tro_ly_thu_bot"}


def _user(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Người", "language_code": "vi"}


def _chat_of(update: dict[str, Any]) -> int:
    content = next(value for key, value in update.items() if key != "update_id")
    return int(content["chat"]["id"])


def _error(code: int, text: str, **more: Any) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": text, **more}, status=code)


def _break(request: web.Request) -> None:
    """Cut the connection without an answer."""
    if request.transport:
        request.transport.abort()
