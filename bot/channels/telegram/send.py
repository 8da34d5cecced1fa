"""One Reply, one call, one Fate."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from telegram import Bot, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.render import html, keyboard
from bot.channels.telegram.request import AnswerLost
from bot.delivery.fates import Fate
from bot.dialogue.replies import File, Reply
from bot.pictures.files import make
from bot.redaction import redact

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_UNNAMED_FREEZE = 5.0  # seconds, for a 429 that does not say how long

_UNCHANGED = "message is not modified"
_NO_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")
_GONE = (
    "chat not found",
    "user is deactivated",
    "bot was blocked",
    "bot was kicked",
    "bot can't initiate",
    "peer_id_invalid",
)


class TelegramTransport:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, chat: str, reply: dict[str, Any]) -> Fate:
        """Send or edit. An edit of a message that is no longer there becomes a new message."""
        content = Reply.from_json(reply)
        try:
            try:
                return await self._once(chat, content, content.replaces)
            except BadRequest as error:
                if not content.replaces or not _holds(error, *_NO_EDIT):
                    raise
                return await self._once(chat, content, "")
        except Exception as error:
            return fate_of(error)

    async def _once(self, chat: str, content: Reply, replaces: str) -> Fate:
        how: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": keyboard(content.choices)}
        if content.paid:
            how["allow_paid_broadcast"] = True
        if content.file:
            return await self._file(chat, content.file, how | {"caption": html(content.text)})
        how |= {"text": html(content.text), "link_preview_options": _NO_PREVIEW}
        if replaces:
            await self._bot.edit_message_text(chat_id=int(chat), message_id=int(replaces), **how)
            return Fate("sent", message=replaces)
        message: Message = await self._bot.send_message(chat_id=int(chat), **how)
        return Fate("sent", message=str(message.message_id))

    async def _file(self, chat: str, file: File, how: dict[str, Any]) -> Fate:
        """A picture is shown, anything else is handed over; what Telegram has already goes by its id."""
        if file.kind == "telegram":
            sent = await self._known_file(chat, file.data, how)
            return Fate("sent", message=str(sent.message_id))
        made = await asyncio.to_thread(make, file.kind, file.data)
        if file.name.endswith(".png"):
            sent = await self._bot.send_photo(chat_id=int(chat), photo=made, filename=file.name, **how)
        else:
            sent = await self._bot.send_document(chat_id=int(chat), document=made, filename=file.name, **how)
        return Fate("sent", message=str(sent.message_id))

    async def _known_file(self, chat: str, data: dict[str, Any], how: dict[str, Any]) -> Message:
        if data["as"] == "photo":
            return await self._bot.send_photo(chat_id=int(chat), photo=data["id"], **how)
        return await self._bot.send_document(chat_id=int(chat), document=data["id"], **how)


def fate_of(error: Exception) -> Fate:
    """What an error of the Bot API, or of the way to it, means for the letter.

    Errors in the order of https://core.telegram.org/bots/api#making-requests: 429 says how long to wait; 403 and some
    400s say that the person is gone; other 400s are refusals; 5xx and broken connections may be tried again.
    """
    reason = redact(f"{type(error).__name__}: {error}")[:200]
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Fate(
                "frozen", reason=reason, seconds=wait.total_seconds() if isinstance(wait, dt.timedelta) else wait
            )
        case Forbidden():
            return Fate("stopped", reason=reason)
        case ChatMigrated():
            return Fate("refused", reason=reason)  # only groups migrate, and letters go to persons
        case BadRequest() if _holds(error, _UNCHANGED):
            return Fate("sent", reason=reason)
        case BadRequest() if _holds(error, *_GONE):
            return Fate("stopped", reason=reason)
        case BadRequest():
            return Fate("refused", reason=reason)
        case AnswerLost():
            return Fate("unknown", reason=reason)
        case NetworkError() if _holds(error, "too many requests"):
            return Fate("frozen", reason=reason, seconds=_UNNAMED_FREEZE)
        case NetworkError() | InvalidToken():
            return Fate("unreached", reason=reason)
        case TelegramError():
            return Fate("unknown", reason=reason)  # an answer that is no answer: it may have been carried out
    return Fate("refused", reason=reason)  # our own mistake: the same reply would fail again


def _holds(error: Exception, *needles: str) -> bool:
    text = str(error).lower()
    return any(needle in text for needle in needles)
