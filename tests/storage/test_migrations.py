from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.tables import metadata


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    return made


def test_the_head_written_in_code_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == migrate.HEAD


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


async def test_what_was_kept_before_groups_could_be_closed_stays_with_all_that_guards_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite copies a whole table to give it one more rule."""
    new = (
        "INSERT INTO completion (kind, subject, content_version, correct, questions, completed_at, day, competences,"
        " person_id, assisted, assisted_by) VALUES ('lesson', 'a.b', 'v', 4, 5, 1, '2026-11-24', '[]', {})"
    )

    def two(connection: Connection) -> None:
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, "0002")

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "_run", two)
        old = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/old.db")
    async with old.write() as tx:
        await tx.execute(text("INSERT INTO person (channel, external, created_at) VALUES ('a', 'b', 1), ('a', 'c', 1)"))
        for values in ("1, 0, NULL", "2, 0, 1", "NULL, 1, 1"):
            await tx.execute(text(new.format(values)))
        await tx.execute(text("INSERT INTO audit (at, action, subject) VALUES (1, 'invite', 'role editor')"))
    await migrate.upgrade(old)
    async with old.read() as tx:
        kept = await tx.execute(text("SELECT person_id, assisted, assisted_by FROM completion ORDER BY id"))
        assert [tuple(row) for row in kept] == [(1, 0, None), (2, 0, None), (None, 1, 1)]
        assert await tx.run_sync(_schema) == await _schema_of(database)
    for refused, why in (
        (new.format("1, 0, NULL"), "UNIQUE constraint failed"),
        (new.format("2, 1, NULL"), "ck_completion_assisted"),
        (new.format("2, 0, 1"), "ck_completion_helper"),
        ("DELETE FROM audit", "append-only"),
    ):
        with pytest.raises(IntegrityError, match=why):
            async with old.write() as tx:
                await tx.execute(text(refused))
    await old.close()


def _schema(connection: Connection) -> list[list[str]]:
    """Everything that the database says of its tables, indexes and triggers; rules of a table in any order."""
    found = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return sorted(sorted(part.strip(" \n)") for part in row.sql.split(",")) for row in found)


async def _schema_of(database: Database) -> list[list[str]]:
    async with database.read() as tx:
        return await tx.run_sync(_schema)
