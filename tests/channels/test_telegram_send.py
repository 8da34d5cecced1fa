from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.request import AiohttpRequest, AnswerLost, NotReached
from bot.channels.telegram.send import TelegramTransport, fate_of
from bot.dialogue.replies import Choice, Reply
from tests.double.server import TOKEN, BotApi, Fault

FATES: list[tuple[Exception, str]] = [
    (RetryAfter(30), "frozen"),
    (NetworkError("Too Many Requests"), "frozen"),
    (Forbidden("Forbidden: bot was blocked by the user"), "stopped"),
    (Forbidden("Forbidden: user is deactivated"), "stopped"),
    (Forbidden("Forbidden: bot can't initiate conversation with a user"), "stopped"),
    (BadRequest("Bad Request: chat not found"), "stopped"),
    (BadRequest("Bad Request: PEER_ID_INVALID"), "stopped"),
    (BadRequest("Bad Request: message is not modified: specified new message content…"), "sent"),
    (BadRequest("Bad Request: can't parse entities"), "refused"),
    (BadRequest("Bad Request: message is too long"), "refused"),
    (BadRequest("Bad Request: message text is empty"), "refused"),
    (BadRequest("Bad Request: message caption is too long"), "refused"),
    (BadRequest("Bad Request: wrong file identifier/HTTP URL specified"), "refused"),
    (BadRequest("Bad Request: not enough rights to send photos to the chat"), "refused"),
    (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "stopped"),
    (RetryAfter(3600), "frozen"),
    (NetworkError("Gateway Timeout"), "unreached"),
    (BadRequest("Bad Request: BUTTON_DATA_INVALID"), "refused"),
    (ChatMigrated(-100), "refused"),
    (NetworkError("Bad Gateway"), "unreached"),
    (NetworkError("Internal Server Error"), "unreached"),
    (NotReached("no connection: ClientConnectorError"), "unreached"),
    (Conflict("Conflict"), "unknown"),
    (InvalidToken("Unauthorized"), "unreached"),
    (AnswerLost("no answer: ServerTimeoutError"), "unknown"),
    (TelegramError("Invalid server response"), "unknown"),
    (ValueError("our own mistake"), "refused"),
]


@pytest.mark.parametrize(("error", "kind"), FATES, ids=[str(error)[:40] for error, _ in FATES])
def test_every_error_has_its_fate(error: Exception, kind: str) -> None:
    assert fate_of(error).kind == kind


def test_a_429_says_how_long_to_wait() -> None:
    assert fate_of(RetryAfter(30)).seconds == 30.0


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def transport(api: BotApi) -> AsyncIterator[TelegramTransport]:
    request = AiohttpRequest(8)
    async with request:
        yield TelegramTransport(Bot(TOKEN, base_url=f"{api.url}/bot", request=request, get_updates_request=request))


def reply(text: str = "**chào**", replaces: str = "") -> dict[str, object]:
    return Reply(text, ((Choice("Xem", "menu"),),), replaces).to_json()


async def test_a_reply_reaches_the_chat_as_html_with_buttons(api: BotApi, transport: TelegramTransport) -> None:
    fate = await transport.send("7", reply())
    assert (fate.kind, fate.message) == ("sent", "1")
    assert (api.sent[0].text, api.sent[0].buttons) == ("chào", [[{"text": "Xem", "callback_data": "menu"}]])
    assert api.refusals == []


async def test_a_replacing_reply_edits_and_the_same_again_is_a_success(
    api: BotApi, transport: TelegramTransport
) -> None:
    await transport.send("7", reply())
    assert (await transport.send("7", reply("khác", "1"))).kind == "sent"
    assert api.sent[1].edit
    assert (await transport.send("7", reply("khác", "1"))).kind == "sent"
    assert len(api.sent) == 2


async def test_a_message_that_can_no_longer_be_edited_is_sent_anew(api: BotApi, transport: TelegramTransport) -> None:
    assert (await transport.send("7", reply("mới", "99"))).kind == "sent"
    assert [(sent.edit, sent.text) for sent in api.sent] == [(False, "mới")]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429", "frozen"),
        ("403", "stopped"),
        ("400", "stopped"),
        ("500", "unreached"),
        ("broken", "unknown"),
        ("lost", "unknown"),
    ],
)
async def test_faults_on_the_wire_have_their_fates(
    api: BotApi, transport: TelegramTransport, fault: str, kind: str
) -> None:
    api.faults.append(Fault(fault))  # type: ignore[arg-type]
    assert (await transport.send("7", reply())).kind == kind
    assert len(api.sent) == (fault == "lost")


async def test_a_server_that_never_answers_leaves_the_fate_unknown(
    api: BotApi, transport: TelegramTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.request.READ_SECONDS", 0.2)
    api.faults.append(Fault("timeout"))
    assert (await transport.send("7", reply())).kind == "unknown"


async def test_without_a_server_nothing_was_delivered(transport: TelegramTransport, api: BotApi) -> None:
    await api.__aexit__()
    fate = await transport.send("7", reply())
    assert fate.kind == "unreached"
    assert TOKEN not in fate.reason
    await asyncio.gather()


async def test_a_long_poll_and_a_send_do_not_wait_for_each_other(api: BotApi) -> None:
    requests = AiohttpRequest(8), AiohttpRequest(2)
    bot = Bot(TOKEN, base_url=f"{api.url}/bot", request=requests[0], get_updates_request=requests[1])
    for request in requests:
        await request.initialize()
    polling = asyncio.create_task(bot.get_updates(timeout=5))
    assert (await TelegramTransport(bot).send("7", reply())).kind == "sent"
    assert not polling.done()
    await api.say(7, "chào")
    assert len(await polling) == 1
    for request in requests:
        await request.shutdown()
