from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot

from bot.channels.telegram.parse import callback_id, parse
from tests.double.server import TOKEN, BotApi

BOT = Bot(TOKEN)
API = BotApi()


def event(**content: Any) -> tuple[str, str, str] | None:
    incoming = parse({"update_id": 9, **content}, BOT)
    return incoming and (incoming.event["kind"], incoming.event["text"], incoming.chat)


def pressed(data: str | None) -> dict[str, Any]:
    user = {"id": 7, "is_bot": False, "first_name": "N"}
    query = {"id": "55", "from": user, "chat_instance": "1", "message": API.message(7, text="…")}
    return query | ({"data": data} if data is not None else {"game_short_name": "x"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("đăng ký tạm trú", ("text", "đăng ký tạm trú")),
        ("/start", ("command", "start")),
        ("/START@tro_ly_thu_bot dvc-nop", ("command", "start dvc-nop")),
        ("/ không phải lệnh", ("text", "/ không phải lệnh")),
        ("a\0b\ud800c", ("text", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c")),
    ],
)
def test_words_and_commands(text: str, found: tuple[str, str]) -> None:
    assert event(message=API.message(7, text=text)) == (*found, "7")


def test_an_edited_message_is_asked_again() -> None:
    assert event(edited_message=API.message(7, text="tạm trú")) == ("text", "tạm trú", "7")


def test_a_picture_s_caption_counts_as_words() -> None:
    assert event(message=API.message(7, photo=[], caption="tạm trú")) == ("text", "tạm trú", "7")


@pytest.mark.parametrize("kind", ["sticker", "voice", "location", "contact"])
def test_what_cannot_be_read_is_named(kind: str) -> None:
    content = {
        "sticker": {
            "file_id": "a",
            "file_unique_id": "b",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        },
        "voice": {"file_id": "a", "file_unique_id": "b", "duration": 1},
        "location": {"longitude": 1.0, "latitude": 1.0},
        "contact": {"phone_number": "1", "first_name": "N"},
    }[kind]
    assert event(message=API.message(7, **{kind: content})) == ("unreadable", kind, "7")


def test_a_pressed_button_carries_its_data_and_its_message() -> None:
    incoming = parse({"update_id": 9, "callback_query": pressed("topic:a.b")}, BOT)
    assert incoming is not None
    assert (incoming.event["kind"], incoming.event["text"]) == ("action", "topic:a.b")
    assert incoming.event["message"].isdecimal()


@pytest.mark.parametrize(("status", "kind"), [("kicked", "stopped"), ("member", "returned")])
def test_blocking_and_coming_back(status: str, kind: str) -> None:
    user = {"id": 7, "is_bot": False, "first_name": "N"}
    bot = {"id": 1, "is_bot": True, "first_name": "B"}
    member: dict[str, Any] = {"status": status, "user": bot} | ({"until_date": 0} if status == "kicked" else {})
    change = {
        "chat": {"id": 7, "type": "private"},
        "from": user,
        "date": 1,
        "old_chat_member": member,
        "new_chat_member": member,
    }
    assert event(my_chat_member=change) == (kind, "", "7")


def test_groups_service_messages_games_and_other_bots_get_silence() -> None:
    group = API.message(-5, text="tạm trú") | {"chat": {"id": -5, "type": "group", "title": "N"}}
    other = API.message(7, text="tạm trú") | {"from": {"id": 3, "is_bot": True, "first_name": "B"}}
    assert event(message=group) is None
    assert event(message=other) is None
    assert event(message=API.message(7, new_chat_title="x")) is None
    assert event(callback_query=pressed(None)) is None
    assert event(kind_of_next_year={}) is None


def test_only_a_button_press_has_something_to_acknowledge() -> None:
    assert callback_id({"callback_query": {"id": "55"}}) == "55"
    assert callback_id({"message": {}}) is None
    assert callback_id({"callback_query": "x"}) is None
