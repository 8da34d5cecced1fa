"""aiosqlite with one trip to the connection's thread for a statement, where its own cursor takes four.

SQLAlchemy asks a cursor to be made, to execute, to fetch and to close. Here all of that is done in one call on the
thread, with the first rows brought along: a transaction takes half the time, most of which was handing over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import aiosqlite

ALONG = 500
"""Rows that come with the execution; whoever streams more asks for the rest in parts."""


class Connection(aiosqlite.Connection):
    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def rollback(self) -> None:
        if self.in_transaction:  # the pool rolls back whatever comes back to it, committed or not
            await super().rollback()

    async def on_thread(self, do: Any, *args: Any) -> Any:
        return await self._execute(do, *args)  # type: ignore[no-untyped-call]


def connect(database: str, **options: Any) -> Connection:
    """As ``aiosqlite.connect``: awaited, it opens the file."""
    connection = Connection(partial(sqlite3.connect, database, **options), ALONG)
    connection._thread.daemon = True  # as SQLAlchemy has it: a forgotten connection holds up no exit
    return connection


class Cursor:
    """What SQLAlchemy needs of a cursor. Reading ``description``, ``rowcount`` and ``lastrowid`` takes no trip."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None  # only while there are rows left to fetch
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        return self._take(await self._connection.on_thread(_execute, self._connection, sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Cursor:
        return self._take(await self._connection.on_thread(_executemany, self._connection, sql, parameters))

    async def fetchall(self) -> Sequence[Any]:
        rows, self._rows = self._rows, []
        if self._cursor is not None:
            rows += await self._connection.on_thread(self._cursor.fetchall)
        return rows

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        wanted = self.arraysize if size is None else size
        if len(self._rows) < wanted and self._cursor is not None:
            self._rows += await self._connection.on_thread(self._cursor.fetchmany, wanted - len(self._rows))
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        return rows

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def close(self) -> None:
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            await self._connection.on_thread(cursor.close)

    def _take(self, executed: tuple[sqlite3.Cursor, list[Any]]) -> Cursor:
        cursor, self._rows = executed
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        self._cursor = cursor if len(self._rows) == ALONG else None
        return self


def _execute(connection: Connection, sql: str, parameters: Any) -> tuple[sqlite3.Cursor, list[Any]]:
    cursor = connection._conn.execute(sql, parameters)
    rows = cursor.fetchmany(ALONG) if cursor.description else []
    if len(rows) < ALONG:
        cursor.close()
    return cursor, rows


def _executemany(connection: Connection, sql: str, parameters: Iterable[Any]) -> tuple[sqlite3.Cursor, list[Any]]:
    cursor = connection._conn.executemany(sql, parameters)
    cursor.close()
    return cursor, []
