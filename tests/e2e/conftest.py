from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.double.server import BotApi
from tests.process import Assistant
from tests.site import make_site


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api
        assert api.refusals == [], "Telegram would have refused these requests"


@pytest.fixture
async def assistant(api: BotApi, tmp_path: Path) -> AsyncIterator[Assistant]:
    """The real process, polling the double. Not started yet."""
    make_site(tmp_path, channels={"telegram": {"base_url": api.url, "poll_seconds": 1}})
    process = Assistant(tmp_path)
    yield process
    await process.kill()
