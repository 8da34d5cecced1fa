"""The database as two verbs: ``write`` (one transaction at a time) and ``read``.

SQLite runs in WAL mode with foreign keys on and a busy timeout; a write begins with BEGIN IMMEDIATE, so that a conflict
shows at once and never as a failed upgrade of a read lock half-way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage import driver

BUSY_MS = 5000
SCRUB_MS = 200  # how long writers may be held up for readers to end
Synchronous = Literal["full", "normal"]


class Database:
    """Open with ``await Database.open(…)``, close with ``await database.close()``."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, synchronous: Synchronous = "full") -> Database:
        """Open the database at an SQLAlchemy ``url`` and bring its schema up to date. Raises NewerDatabase."""
        path = make_url(url).database
        if path and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(url, json_serializer=_dumps, connect_args=_driver(url))
        _prepare(engine, synchronous)
        database = cls(engine)
        from bot.storage.migrate import upgrade  # here, since Alembic is slow to import and seldom needed

        try:
            await upgrade(database)
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end or rolled back whole. Writers of this process queue up here."""
        async with self._writing, self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self._reader.connect() as connection:
            yield connection

    async def scrub(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log either. It may stay while others read: call again.

        Elsewhere than on SQLite nothing needs to be done.
        """
        if self._engine.dialect.name == "sqlite":
            async with self._writing, self._engine.connect() as connection:
                await connection.run_sync(_truncate_log)

    async def close(self) -> None:
        await self._engine.dispose()


def _driver(url: str) -> dict[str, Any]:
    return {"async_creator_fn": driver.connect} if url.startswith("sqlite+aiosqlite:") else {}


def _dumps(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _truncate_log(connection: Connection) -> None:
    cursor = connection.connection.cursor()  # the driver's own: a checkpoint cannot run inside a transaction
    try:
        cursor.execute(f"PRAGMA busy_timeout = {SCRUB_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    finally:
        cursor.close()


def _prepare(engine: AsyncEngine, synchronous: Synchronous) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the begin event below opens transactions, not the driver
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous.upper()}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not left lying in its page
        # An upsert that a CHECK may refuse keeps a journal of its own: a temporary file for each, ten times as slow.
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
