from __future__ import annotations

import asyncio
import dataclasses
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import httpx
import pytest

from bot.app import load_metrics
from bot.channels.telegram.webhook import server
from bot.config import Secrets, Settings, Web
from bot.i18n import load_texts
from bot.metrics import recording
from bot.metrics.report import Metrics
from bot.staff.authority import Authority
from bot.storage import people, staff, web
from bot.storage.completions import Completion
from bot.storage.database import Database
from bot.storage.web import Who
from bot.web.app import open_front, pages_app
from bot.web.front import Front
from tests.clock import VirtualClock
from tests.site import REPO, make_content, make_course, make_indicators, settings

API, METRICS = "api-token-of-tests", "metrics-token-of-tests"
WARD, OTHER = "25747", "25750"
LINK = "CDFHJKMNPQRTVWXYCDFHJKMNPQRTVWXY"


@pytest.fixture(scope="session")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    content = make_content(tmp_path_factory.mktemp("pages"))
    make_course(content)
    make_indicators(content)
    for name in ("places.yaml", "competences.yaml"):
        shutil.copy(REPO / "content" / "vi" / name, content / "vi" / name)
    return load_metrics(Settings.model_validate(settings(content=str(content))))


@pytest.fixture
def front(database: Database, metrics: Metrics, clock: VirtualClock, unused_tcp_port: int) -> Front:
    return open_front(
        Web(url=f"http://127.0.0.1:{unused_tcp_port}", port=unused_tcp_port),
        Secrets(api_token=API, metrics_token=METRICS),
        database,
        metrics,
        load_texts(REPO / "content", "vi"),
        clock,
        Authority(frozenset({("telegram", "900")})),
        Random(7),
    )


@dataclasses.dataclass
class Site:
    """The pages over real HTTP. ``client`` keeps cookies; redirects are not followed."""

    front: Front
    client: httpx.AsyncClient

    async def learns(
        self, *, ward: str | None = WARD, audience: str | None = "worker", day: str = "2026-11-02"
    ) -> None:
        """Somebody new completes the course."""
        front, number = self.front, id(object())
        async with front.database.write() as tx:
            address = ("telegram", f"{number}-{front.chance.random()}")
            person = (await people.ensure(tx, {address}, front.clock.now()))[address]
            for kind, subject in (("lesson", "thu.bai_1"), ("course", "thu")):
                new = Completion(
                    person.id, kind, subject, "v", 5, 5, front.clock.now(), day, ("4.1@1",), audience, ward, "25_34"  # type: ignore[arg-type]
                )  # fmt: skip
                await recording.record(tx, front.metrics.measures, new)

    async def staff(self, role: str = "analyst", unit: str = "", external: str = "77") -> int:
        """A member of staff; their number."""
        async with self.front.database.write() as tx:
            address = ("telegram", external)
            person = (await people.ensure(tx, {address}, self.front.clock.now()))[address]
            if role:
                await staff.grant(tx, person.id, role, self.front.clock.now())
                await tx.exec_driver_sql("UPDATE role SET unit = ? WHERE person_id = ?", (unit, person.id))
        return person.id

    async def link(self, who: Who, token: str = LINK) -> str:
        async with self.front.database.write() as tx:
            await web.offer(tx, token, who, self.front.clock.now())
        return f"/vao/{token}"

    async def sign_in(self, person: int | None = None, role: str | None = None, token: str = LINK) -> httpx.Response:
        who = Who(person, role if person is None else None)
        return await self.client.post(await self.link(who, token))

    async def audit(self) -> list[tuple[int | None, str, str]]:
        async with self.front.database.read() as tx:
            rows = await tx.exec_driver_sql("SELECT actor, action, subject FROM audit ORDER BY id")
            return [(actor, action, subject) for actor, action, subject in rows]


@asynccontextmanager
async def opened(front: Front) -> AsyncIterator[Site]:
    http = server(pages_app(front), "127.0.0.1", front.settings.port)
    serving = asyncio.create_task(http.serve())
    while not http.started:
        await asyncio.to_thread(lambda: None)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{front.settings.port}") as client:
            yield Site(front, client)
    finally:
        http.should_exit = True
        await serving


@pytest.fixture
async def site(front: Front) -> AsyncIterator[Site]:
    async with opened(front) as site:
        yield site


@pytest.fixture
async def public_site(front: Front) -> AsyncIterator[Site]:
    shown = dataclasses.replace(front, settings=front.settings.model_copy(update={"public": True}))
    async with opened(shown) as site:
        yield site
