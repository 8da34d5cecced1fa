"""A Telegram update as an Event, or None for what needs no reaction (groups, service messages, other bots)."""

from __future__ import annotations

import re
from typing import Any

from telegram import Bot, CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update

from bot.dialogue.events import Event, clean
from bot.storage.inbox import Incoming

CHANNEL = "telegram"
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_MEDIA = (
    "photo",
    "voice",
    "sticker",
    "video",
    "video_note",
    "audio",
    "document",
    "animation",
    "location",
    "contact",
    "poll",
)


def parse(data: dict[str, Any], bot: Bot) -> Incoming | None:
    """Raises whatever a malformed update makes the library raise; the caller logs it and goes on."""
    update = Update.de_json(data, bot)
    found = _event(update)
    if found is None:
        return None
    chat, event = found
    return Incoming(CHANNEL, update.update_id, str(chat), event.to_json())


def callback_id(data: dict[str, Any]) -> str | None:
    """The id to answer a button press with; it lives 150 seconds."""
    query = data.get("callback_query")
    return str(query["id"]) if isinstance(query, dict) and "id" in query else None


def _event(update: Update) -> tuple[int, Event] | None:
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    message = update.message or update.edited_message
    return _said(message) if message else None


def _pressed(query: CallbackQuery) -> tuple[int, Event] | None:
    message = query.message
    if query.data is None or (message is not None and message.chat.type != message.chat.PRIVATE):
        return None
    return query.from_user.id, Event("action", clean(query.data), str(message.message_id) if message else "")


def _membership(change: ChatMemberUpdated) -> tuple[int, Event] | None:
    if change.chat.type != change.chat.PRIVATE:
        return None
    stopped = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
    return change.chat.id, Event("stopped" if stopped else "returned")


def _said(message: Message) -> tuple[int, Event] | None:
    if message.chat.type != message.chat.PRIVATE or (message.from_user and message.from_user.is_bot):
        return None
    text = message.text or message.caption
    file = f"photo:{message.photo[-1].file_id}" if message.photo else ""
    if message.document:
        file = f"document:{message.document.file_id}"
    if text:
        command = _COMMAND.fullmatch(text.strip())
        if command:
            argument = (command[2] or "").strip()
            return message.chat.id, Event("command", clean(f"{command[1].lower()} {argument}".strip()))
        return message.chat.id, Event("text", clean(text), file=file)
    kind = next((kind for kind in _MEDIA if getattr(message, kind, None)), None)
    return (message.chat.id, Event("unreadable", kind, file=file)) if kind else None
