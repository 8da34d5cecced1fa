"""The one place where SQLite and PostgreSQL are told apart: INSERT with ON CONFLICT."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = sqlite.Insert | postgresql.Insert


def insert(tx: AsyncConnection, table: Table) -> Insert:
    """An INSERT that understands ``on_conflict_do_nothing`` and ``on_conflict_do_update`` on this database."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)
