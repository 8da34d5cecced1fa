from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Site
from bot.content.articles import load_library
from bot.dialogue.asking import Asking
from bot.dialogue.respond import Dialogue
from bot.i18n import load_texts
from bot.storage.database import Database
from intents import Matcher
from intents.topics import from_content
from tests.clock import VirtualClock
from tests.site import make_content, settings


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/test.db", "normal")
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def dialogue(tmp_path_factory: pytest.TempPathFactory) -> Dialogue:
    content: Path = make_content(tmp_path_factory.mktemp("site"))
    texts = {language: load_texts(content, language) for language in ("vi", "en")}
    matcher = Matcher.build(from_content(content / "vi"))
    site = Site.model_validate(settings()["site"])
    asking = Asking(site, load_library(content / "vi"), matcher, menu=("dvc.nop_ho_so", "cutru.tam_tru"))
    return Dialogue(asking, texts)
