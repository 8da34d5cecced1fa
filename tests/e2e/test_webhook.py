from __future__ import annotations

from pathlib import Path

from tests.double.server import BotApi
from tests.process import Assistant
from tests.site import make_site

SECRET = "e2e-secret_1"


def make(folder: Path, api: BotApi, port: int) -> Assistant:
    webhook = {"url": f"http://127.0.0.1:{port}/telegram", "port": port}
    make_site(folder, channels={"telegram": {"mode": "webhook", "base_url": api.url, "webhook": webhook}})
    return Assistant(folder, TELEGRAM_WEBHOOK_SECRET=SECRET)


async def test_updates_pushed_to_the_webhook_are_answered_in_order(
    api: BotApi, tmp_path: Path, unused_tcp_port: int
) -> None:
    assistant = make(tmp_path, api, unused_tcp_port)
    await assistant.start()
    for text in ("/start cutru-tam_tru", "/start cancuoc-mat", "/start dvc-nop_ho_so"):
        for chat in range(1, 21):
            await api.say(chat, text)
    await api.until(lambda: len(api.sent) == 60 and api.unconfirmed == 0)
    for chat in range(1, 21):
        titles = [sent.text.splitlines()[0] for sent in api.to(chat)]
        assert titles == ["Việc cutru.tam_tru", "Việc cancuoc.mat", "Việc dvc.nop_ho_so"]
    assert await assistant.terminate() == 0


async def test_what_came_while_it_was_down_is_answered_after_a_kill(
    api: BotApi, tmp_path: Path, unused_tcp_port: int
) -> None:
    assistant = make(tmp_path, api, unused_tcp_port)
    await assistant.start()
    await api.say(1, "/start cutru-tam_tru")
    await api.until(lambda: bool(api.to(1)))
    await assistant.kill()
    await api.say(2, "/start cancuoc-mat")
    await assistant.start()
    await api.until(lambda: bool(api.to(2)))
    assert "cancuoc.mat" in api.to(2)[0].text
    await assistant.kill()


async def test_without_a_secret_it_does_not_start_and_says_what_to_set(
    api: BotApi, tmp_path: Path, unused_tcp_port: int
) -> None:
    assistant = make(tmp_path, api, unused_tcp_port)
    assistant.environment.pop("TELEGRAM_WEBHOOK_SECRET")
    try:
        await assistant.start()
    except RuntimeError as error:
        assert "TELEGRAM_WEBHOOK_SECRET is not set" in str(error)
    else:
        raise AssertionError("it started without a secret")
