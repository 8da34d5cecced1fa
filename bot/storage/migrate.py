"""Bring the schema up to date at start. The fast path reads one row and does not import Alembic at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text

if TYPE_CHECKING:
    from bot.storage.database import Database

HEAD = "0006"  # the newest revision under migrations/versions; a test holds the two together


class NewerDatabase(RuntimeError):
    """The database was written by a newer version of this program."""


async def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction. Raises NewerDatabase."""
    async with database.read() as connection:
        current = await connection.run_sync(revision)
    if current == HEAD:
        return
    if current is not None and current > HEAD:
        raise NewerDatabase(
            f"the database is at revision {current}, this program knows {HEAD} → start the newer program"
        )
    async with database.write() as connection:
        await connection.run_sync(_run)


def revision(connection: Connection) -> str | None:
    """The revision a database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(select(text("version_num")).select_from(text("alembic_version")))
    return found


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
