"""A process that records completions until it is killed: ``python -m tests.metrics.recorder DATABASE CONTENT SEED``."""

from __future__ import annotations

import asyncio
import sys
from random import Random

from bot.app import load_metrics
from bot.config import Settings
from bot.metrics import recording
from bot.storage import people
from bot.storage.database import Database
from tests.metrics.made import AUDIENCES, HERE, NOW, done
from tests.site import settings


async def main(path: str, content: str, seed: int) -> None:
    metrics = load_metrics(Settings.model_validate(settings(content=content)))
    chance = Random(seed)
    database = await Database.open(f"sqlite+aiosqlite:///{path}", "normal")
    print("ready", flush=True)
    while True:
        async with database.write() as tx:
            chat = str(chance.randrange(100_000))
            id = (await people.ensure(tx, {("telegram", chat)}, NOW))["telegram", chat].id
            for subject in ("thu.bai_1", "thu.bai_2", "thu"):
                new = done(id, subject, competences=("4.1@2",), audience=chance.choice(AUDIENCES), ward=HERE)
                await recording.record(tx, metrics.measures, new)
            if chance.random() < 0.2:
                await recording.erase(tx, metrics.measures, id, f"{seed}-{chance.random()}"[:12], NOW)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
