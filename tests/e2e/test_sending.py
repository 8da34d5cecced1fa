"""The sender's promises, measured on the wire."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from tests.double.server import BotApi, Fault
from tests.process import Assistant
from tests.site import make_site


async def start(folder: Path, api: BotApi, **limits: float) -> Assistant:
    make_site(folder, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}}, limits=limits)
    assistant = Assistant(folder)
    await assistant.start()
    return assistant


async def test_no_second_holds_more_sends_than_the_limit(api: BotApi, tmp_path: Path) -> None:
    for chat in range(1, 66):
        await api.say(chat, "/start cancuoc-mat")
    assistant = await start(tmp_path, api, sends_per_second=20, chat_interval=1)
    await api.until(lambda: len(api.sent) == 65)
    assert api.most_in_a_second() <= 20
    await assistant.kill()


async def test_one_chat_gets_its_replies_a_second_apart_and_in_order(api: BotApi, tmp_path: Path) -> None:
    topics = ["cutru-tam_tru", "cancuoc-mat", "dvc-nop_ho_so"]
    for topic in topics:
        await api.say(7, f"/start {topic}")
    assistant = await start(tmp_path, api)
    await api.until(lambda: len(api.to(7)) == 3)
    times = [sent.at for sent in api.to(7)]
    assert [sent.text.split()[1].replace(".", "-") for sent in api.to(7)] == topics
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.95
    await assistant.kill()


async def test_retry_after_is_kept_for_the_chat_and_nothing_is_lost(api: BotApi, tmp_path: Path) -> None:
    api.faults.append(Fault("429", retry_after=2, chat=7))
    await api.say(7, "/start cancuoc-mat")
    await api.say(8, "/start cancuoc-mat")
    assistant = await start(tmp_path, api)
    await api.until(lambda: bool(api.to(7)) and bool(api.to(8)))
    tries = [at for method, at in api.calls if method == "sendMessage"]
    assert api.to(7)[0].at - tries[0] >= 2.0
    assert api.to(8)[0].at - tries[0] < 1.5
    await assistant.kill()


async def test_broken_connections_and_server_errors_lose_nothing(api: BotApi, tmp_path: Path) -> None:
    for kind in ("500", "broken"):
        api.faults.append(Fault(kind, chat=7))  # type: ignore[arg-type]
    await api.say(7, "/start cancuoc-mat")
    assistant = await start(tmp_path, api)
    await api.until(lambda: bool(api.to(7)), seconds=30)
    assert len(api.to(7)) == 1
    await assistant.kill()
