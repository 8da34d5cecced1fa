"""Many rows with one statement, as the database keeps them: SQLAlchemy does nothing for each single row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Delete, Table, and_, bindparam, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialect import insert

if TYPE_CHECKING:
    from bot.storage.dialect import Insert

COUNT = "n"

_compiled: dict[tuple[str, str, str, tuple[str, ...]], str] = {}  # as many as there are callers


async def put(tx: AsyncConnection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert ``rows``, each in the order of ``columns``: times as milliseconds since 1970, JSON as text."""
    await _run(tx, "put", table, columns, rows, lambda: insert(tx, table))


async def add(tx: AsyncConnection, table: Table, key: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Raise ``n`` where ``key`` stands already, else insert the row; each row is the key's values and ``n``."""

    def upsert() -> Insert:
        statement = insert(tx, table)
        more = {COUNT: table.c[COUNT] + statement.excluded[COUNT]}
        return statement.on_conflict_do_update(index_elements=list(key), set_=more)

    await _run(tx, "add", table, (*key, COUNT), rows, upsert)


async def remove(tx: AsyncConnection, table: Table, key: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Delete the rows with these keys."""

    def statement() -> Delete:
        return delete(table).where(and_(*(table.c[name] == bindparam(name) for name in key)))

    await _run(tx, "remove", table, key, rows, statement)


async def _run(
    tx: AsyncConnection,
    verb: str,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    statement: Callable[[], Insert | Delete],
) -> None:
    if not rows:
        return
    name = tx.dialect.name, verb, table.name, columns
    if name not in _compiled:
        compiled = statement().compile(dialect=tx.dialect, column_keys=None if verb == "remove" else columns)
        if tuple(compiled.positiontup or ()) != columns:
            raise NotImplementedError(f"the driver of {tx.dialect.name} takes no values by place")
        _compiled[name] = compiled.string
    await tx.exec_driver_sql(_compiled[name], list(rows))
