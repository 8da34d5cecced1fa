from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.tables import metadata


def test_the_head_written_in_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


async def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    async with database.read() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    assert differences == []


async def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/a.db"
    for _ in range(2):
        database = await Database.open(url)
        await database.close()


async def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/a.db"
    database = await Database.open(url)
    async with database.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    with pytest.raises(migrate.NewerDatabase, match="start the newer program"):
        await Database.open(url)


async def test_the_database_runs_in_wal_mode_as_the_settings_say(tmp_path: Path) -> None:
    for setting, number in (("full", 2), ("normal", 1)):
        database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/{setting}.db", setting)  # type: ignore[arg-type]
        async with database.read() as tx:
            assert (await tx.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
            assert (await tx.execute(text("PRAGMA synchronous"))).scalar() == number
            assert (await tx.execute(text("PRAGMA foreign_keys"))).scalar() == 1
        await database.close()


async def test_a_failed_transaction_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            await tx.execute(text("INSERT INTO person (channel, external, created_at) VALUES ('a', 'b', 1)"))
            raise ZeroDivisionError
    async with database.read() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM person"))).scalar() == 0
