"""The pages in a real Chromium: the link, the look at both widths and in both schemes, the keyboard, paper."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bot.app import load_metrics, open_database
from bot.clock import SystemClock
from bot.config import load_settings
from bot.metrics import recording
from bot.storage import people
from bot.storage.completions import Completion
from tests.e2e.test_console import run
from tests.site import REPO, make_course, make_indicators, make_site

OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
STAFF = ("/bang", "/bang/phuong/25747", "/bang/chi-so/cong_nhan", "/bang/chi-so/nang_luc")
PAGES = (*STAFF, "/", "/kiem-tra")

WEAK = """
function parts(text) { return text.match(/[\\d.]+/g).map(Number); }
function light(c) { return c.slice(0, 3).map(v => v / 255)
  .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0); }
function behind(e) { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor);
  if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; }
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) { const e = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest('title, option, .sr')) continue;
  const style = getComputedStyle(e), ink = parts(e.closest('svg') ? style.fill : style.color);
  const [a, b] = [light(ink), light(behind(e))].sort((x, y) => x - y), ratio = (b + 0.05) / (a + 0.05);
  if (ratio < 4.5) found.push(walk.currentNode.data.trim() + ': ' + ratio.toFixed(2)); }
return found;
"""
CONTROLS = "a[href], button, select, summary, input:not([type=hidden]), [tabindex='0']"


async def _fill(config: Path) -> None:
    """Twenty people in three wards complete the course; nine in ten are workers."""
    settings, clock = load_settings(config), SystemClock()
    metrics = load_metrics(settings)
    database = await open_database(settings, metrics)
    day = clock.now().date().isoformat()
    async with database.write() as tx:
        found = await people.ensure(tx, {("telegram", str(n)) for n in range(20)}, clock.now())
        for n, person in enumerate(found.values()):
            about = ("worker" if n % 10 else None, ("25747", "25750", "25942")[n % 3], "25_34")
            for subject in ("thu.bai_1", "thu"):
                kind: Any = "course" if subject == "thu" else "lesson"
                done = Completion(person.id, kind, subject, "v", 5, 5, clock.now(), day, ("4.1@1",), *about)
                await recording.record(tx, metrics.measures, done)
    await database.close()


class Pages:
    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def link(self) -> str:
        made = run(self.folder, "staff", "sign-in")
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("browser")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    database = {"url": f"sqlite+aiosqlite:///{folder}/site.db", "synchronous": "normal"}
    config = make_site(
        folder, web={"url": url, "port": port, "public": True}, storage=database, content=f"{folder}/content"
    )
    make_course(folder / "content")
    make_indicators(folder / "content")
    for name in ("places.yaml", "competences.yaml"):
        shutil.copy(REPO / "content" / "vi" / name, folder / "content" / "vi" / name)
    asyncio.run(_fill(config))
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "web"], cwd=folder, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=9)) as client:
            client.get(f"{url}/kiem-tra").raise_for_status()
        yield Pages(folder, url)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def browser(pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Signed in by the link, with the button that a person presses."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.fail("Chromium is missing → apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options, Service(driver))
    try:
        sign_in(opened, pages)
        yield opened
    finally:
        opened.quit()


def sign_in(browser: webdriver.Chrome, pages: Pages) -> str:
    """The link that was used."""
    link = pages.link()
    browser.get(link)
    browser.find_element(By.CSS_SELECTOR, "button.main").click()
    assert browser.current_url == f"{pages.url}/bang"
    return link


def look(browser: webdriver.Chrome, width: int, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def test_a_link_that_was_used_shows_no_button_any_more(browser: webdriver.Chrome, pages: Pages) -> None:
    browser.get(sign_in(browser, pages))
    assert not browser.find_elements(By.CSS_SELECTOR, "button.main")
    assert "đã dùng rồi" in browser.find_element(By.TAG_NAME, "main").text
    browser.get_log("browser")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_both_widths_and_are_legible_in_both_schemes_without_console_errors(
    browser: webdriver.Chrome, pages: Pages, path: str
) -> None:
    browser.get(pages.url + path)
    grounds = set()
    for width in (360, 1280):
        for scheme in ("light", "dark"):
            look(browser, width, scheme)
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width
            assert browser.execute_script(WEAK) == []
            grounds.add(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
            picture = base64.b64decode(browser.get_screenshot_as_base64())
            assert len(picture) > 5000
    assert len(grounds) == 2
    assert browser.execute_script("return document.fonts.check('16px \"Be Vietnam Pro\"')")
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", ["/bang", "/bang/chi-so/cong_nhan", "/kiem-tra"])
def test_every_control_is_reached_by_the_keyboard_in_order_and_shows_that_it_is(
    browser: webdriver.Chrome, pages: Pages, path: str
) -> None:
    look(browser, 1280, "light")
    browser.get(pages.url + path)
    wanted = browser.execute_script(
        f'return [...document.querySelectorAll("{CONTROLS}")].map((e, n) => (e.dataset.n = n, n))'
    )
    assert len(wanted) > 2
    browser.execute_script(
        "window.reached = []; document.addEventListener('focusin', e =>"
        " reached.push([Number(e.target.dataset.n), getComputedStyle(e.target).outlineStyle]))"
    )
    ActionChains(browser, duration=0).send_keys(*[Keys.TAB] * len(wanted)).perform()
    assert browser.execute_script("return reached") == [[n, "solid"] for n in wanted]


def test_filters_and_the_order_of_wards_work_without_scripts(browser: webdriver.Chrome, pages: Pages) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{pages.url}/bang")
        browser.find_element(By.CSS_SELECTOR, "select[name=whom] option[value='ward:25750']").click()
        browser.find_element(By.CSS_SELECTOR, ".filters button").click()
        assert "Phường Phú Lợi" in browser.find_element(By.CSS_SELECTOR, ".lead").text
        browser.get(f"{pages.url}/bang")
        browser.find_element(By.CSS_SELECTOR, ".wide thead a").click()
        assert "sort=name" in browser.current_url
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_on_paper_it_is_a4_without_controls_in_light_colours(browser: webdriver.Chrome, pages: Pages) -> None:
    look(browser, 1280, "dark")
    browser.get(f"{pages.url}/bang")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not browser.find_element(By.CSS_SELECTOR, ".filters").is_displayed()
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    paper = PdfReader(io.BytesIO(base64.b64decode(printed["data"])))
    assert 1 < len(paper.pages) <= 7
    assert (round(paper.pages[0].mediabox.width), round(paper.pages[0].mediabox.height)) == (595, 842)
    assert "Bảng số liệu" in paper.pages[0].extract_text()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_signing_out_by_the_button_ends_the_session(browser: webdriver.Chrome, pages: Pages) -> None:
    browser.get(f"{pages.url}/bang")
    browser.find_element(By.CSS_SELECTOR, "nav button").click()
    browser.get(f"{pages.url}/bang")
    assert "Cần đăng nhập" in browser.find_element(By.TAG_NAME, "h1").text
    assert browser.get_cookies() == []
    browser.get_log("browser")  # type: ignore[no-untyped-call]
    sign_in(browser, pages)
