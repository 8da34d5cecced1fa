"""The pages as the real process serves them: beside the channel, or alone."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import httpx

from tests.double.server import BotApi
from tests.e2e.test_console import run
from tests.process import Assistant
from tests.site import REPO, make_site


async def opens(url: str) -> httpx.Response:
    """What a browser sees that follows a sign-in link and presses its button."""
    async with httpx.AsyncClient(follow_redirects=True) as browser:
        assert (await browser.get(url)).status_code == 200
        return await browser.post(url)


async def test_a_link_from_the_chat_opens_the_pages_beside_the_channel(
    api: BotApi, tmp_path: Path, unused_tcp_port: int
) -> None:
    web = {"url": f"http://127.0.0.1:{unused_tcp_port}", "port": unused_tcp_port}
    telegram = {"base_url": api.url, "poll_seconds": 1}
    make_site(tmp_path, channels={"telegram": telegram}, web=web, staff={"admins": [1]})
    assistant = Assistant(tmp_path)
    await assistant.start()
    await api.say(1, "/bang")
    await api.until(lambda: bool(api.to(1)))
    link = next(word for word in api.to(1)[0].text.split() if "/vao/" in word)
    page = await opens(link)
    assert (page.status_code, page.url.path) == (200, "/bang")
    assert await assistant.terminate() == 0


async def test_the_pages_alone_stop_cleanly_and_take_links_of_the_command_line(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"
    make_site(tmp_path, web={"url": url, "port": unused_tcp_port})
    made = await asyncio.to_thread(run, tmp_path, "staff", "sign-in", "--role", "admin")
    assert made.returncode == 0, made.stderr
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "web", cwd=tmp_path, env={"PYTHONPATH": str(REPO)}, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    while b"ready" not in await process.stderr.readline():
        assert process.returncode is None
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as client:
        assert (await client.get(f"{url}/bang")).status_code == 401
    page = await opens(made.stdout.strip())
    assert (page.status_code, page.url.path) == (200, "/bang")
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0


def test_without_an_address_the_verbs_say_what_to_set(tmp_path: Path) -> None:
    make_site(tmp_path)
    for verb in (("web",), ("staff", "sign-in")):
        done = run(tmp_path, *verb)
        assert done.returncode == 2
        assert "web.url is not set" in done.stderr


def test_pages_without_an_address_stop_the_start(tmp_path: Path) -> None:
    make_site(tmp_path, web={"public": True})
    done = run(tmp_path, "web")
    assert done.returncode == 2
    assert "web.url" in done.stderr and "is missing while web is set" in done.stderr


def test_a_plain_http_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    make_site(tmp_path, web={"url": "http://so-lieu.example.vn"})
    assert "web.url" in run(tmp_path, "web").stderr
