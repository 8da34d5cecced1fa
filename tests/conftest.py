from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings as hypothesis_settings

from bot.config import Site
from bot.content.articles import load_library
from bot.content.consent import load_consent
from bot.content.courses import load_catalogue
from bot.content.indicators import load_indicators
from bot.dialogue.asking import Asking
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.i18n import load_texts
from bot.metrics.counting import measures
from bot.staff.authority import Authority
from bot.storage.database import Database
from intents import Matcher
from intents.topics import from_content
from tests.clock import VirtualClock
from tests.site import make_content, make_course, settings

# How long an example takes says more of the machine's other work than of the code; timing belongs in the bench.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/test.db", "normal")
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_content(tmp_path_factory.mktemp("site"))
    make_course(made)
    return made


@pytest.fixture
def office(content: Path) -> Office:
    """An office whose draws are the same every time, with one administrator: 900 on Telegram."""
    catalogue = load_catalogue(content / "vi")
    return Office(
        Site.model_validate(settings()["site"]),
        catalogue,
        load_library(content / "vi"),
        consent=load_consent(content / "vi"),
        authority=Authority(frozenset({("telegram", "900")})),
        chance=Random(7),
        links="https://t.me/tro_ly_thu_bot?start={}",
        assisted_a_day=2,
        measures=measures(catalogue, load_indicators(content / "vi"), ["1.1", "4.1"]),
    )


@pytest.fixture(scope="session")
def dialogue(content: Path) -> Dialogue:
    texts = {language: load_texts(content, language) for language in ("vi", "en")}
    matcher = Matcher.build(from_content(content / "vi"))
    site = Site.model_validate(settings()["site"])
    asking = Asking(site, load_library(content / "vi"), matcher, menu=("dvc.nop_ho_so", "cutru.tam_tru"))
    return Dialogue(asking, texts)
