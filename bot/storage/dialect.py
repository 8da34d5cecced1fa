"""The one place where SQLite and PostgreSQL are told apart: INSERT with ON CONFLICT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert


def insert(tx: AsyncConnection, table: Table) -> Insert:
    """An INSERT that understands ``on_conflict_do_nothing`` and ``on_conflict_do_update`` on this database."""
    if tx.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # here: slow to import, and not needed on SQLite

        return postgresql.insert(table)
    return sqlite.insert(table)
