from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram.webhook import HEADER, MAX_BODY, Server, server, webhook_app

SECRET = "dung_roi-123"


class Door:
    """The webhook over real HTTP; ``taken`` holds what came through."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.failing = False

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        if self.failing:
            raise OSError("disk full")
        self.taken += updates

    async def healthy(self) -> bool:
        return not self.failing


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def address(door: Door, unused_tcp_port: int) -> AsyncIterator[str]:
    import asyncio

    http: Server = server(webhook_app("/hook", SECRET, door.take, door.healthy), "127.0.0.1", unused_tcp_port)
    serving = asyncio.create_task(http.serve())
    while not http.started:
        await asyncio.to_thread(lambda: None)
    yield f"http://127.0.0.1:{unused_tcp_port}"
    http.should_exit = True
    await serving


async def post(address: str, body: bytes, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {HEADER: secret}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{address}/hook", data=io.BytesIO(body), headers=headers) as response,
    ):
        return response.status


UPDATE = json.dumps({"update_id": 1, "message": {}}).encode()


async def test_an_update_with_the_right_secret_is_taken(address: str, door: Door) -> None:
    assert await post(address, UPDATE) == 200
    assert [update["update_id"] for update in door.taken] == [1]


@pytest.mark.parametrize("secret", [None, "", "sai", SECRET + "x", SECRET[:-1], "x" * 300, "mật-khẩu", "\xff\xfe"])
async def test_a_wrong_secret_is_403_and_nothing_is_taken_or_logged(
    address: str, door: Door, secret: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert await post(address, UPDATE, secret) == 403
    assert door.taken == []
    assert not secret or secret not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"update_id": "x"}', b"\xff\xff", b"[" * 100_000, b'{"a":' * 50_000, b"null"],
    ids=["empty", "cut", "list", "bad id", "not utf-8", "deep list", "deep object", "null"],
)
async def test_what_is_no_update_is_400(address: str, door: Door, body: bytes) -> None:
    assert await post(address, body) == 400
    assert door.taken == []


async def test_a_body_of_5_mib_is_413(address: str, door: Door) -> None:
    assert await post(address, b" " * 5 * MAX_BODY) == 413


async def test_an_update_that_cannot_be_stored_is_503_so_that_it_comes_again(address: str, door: Door) -> None:
    door.failing = True
    assert await post(address, UPDATE) == 503


async def test_health_says_whether_the_database_answers(address: str, door: Door) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{address}/health") as response:
            assert (response.status, await response.json()) == (200, {"status": "ok"})
        door.failing = True
        async with client.get(f"{address}/health") as response:
            assert response.status == 503


def test_a_webhook_without_a_secret_is_never_opened(door: Door) -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        webhook_app("/hook", "", door.take, door.healthy)
