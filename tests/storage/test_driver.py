"""The cursor with one trip a statement gives what the database's own would."""

import asyncio
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage import driver


@pytest.fixture
async def connection(tmp_path):
    opened = await driver.connect(str(tmp_path / "a.db"))
    cursor = opened.cursor()
    await cursor.execute("CREATE TABLE number (n INTEGER PRIMARY KEY CHECK (n < 2000))")
    await cursor.executemany("INSERT INTO number VALUES (?)", [(n,) for n in range(1200)])
    yield opened
    await opened.close()


async def numbers(connection, below):
    return await connection.cursor().execute("SELECT n FROM number WHERE n < ? ORDER BY n", (below,))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    below=st.sampled_from((0, 1, driver.ALONG - 1, driver.ALONG, driver.ALONG + 1, 1200)),
    sizes=st.lists(st.integers(1, 700), max_size=6),
)
def test_parts_of_any_size_come_in_order_and_whole(below, sizes):
    async def read():
        connection = await driver.connect(":memory:")
        await connection.cursor().execute("CREATE TABLE number (n INTEGER PRIMARY KEY)")
        await connection.cursor().executemany("INSERT INTO number VALUES (?)", [(n,) for n in range(1200)])
        cursor = await numbers(connection, below)
        parts = [await cursor.fetchmany(size) for size in sizes]
        rest = await cursor.fetchall()
        await cursor.close()
        await connection.close()
        assert all(len(part) <= size for part, size in zip(parts, sizes, strict=True))
        return [n for part in [*parts, rest] for (n,) in part]

    assert asyncio.run(read()) == list(range(below))


async def test_one_row_at_a_time_ends_with_none(connection):
    cursor = await numbers(connection, 2)
    assert [await cursor.fetchone() for _ in range(3)] == [(0,), (1,), None]


async def test_what_a_statement_did_is_known_without_asking_again(connection):
    cursor = connection.cursor()
    await cursor.execute("UPDATE number SET n = n WHERE n < 7")
    assert (cursor.rowcount, cursor.description) == (7, None)
    await cursor.execute("INSERT INTO number VALUES (1500)")
    assert cursor.lastrowid == 1500


async def test_an_error_in_the_thread_reaches_who_asked(connection):
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        await connection.cursor().execute("INSERT INTO number VALUES (2001)")


async def test_an_open_transaction_is_rolled_back_and_none_is_no_error(connection):
    await connection.commit()
    await connection.rollback()
    await connection.cursor().execute("DELETE FROM number")
    await connection.rollback()
    assert len(await (await numbers(connection, 1200)).fetchall()) == 1200


async def test_a_half_read_cursor_that_is_closed_holds_no_lock(connection, tmp_path):
    await connection.commit()
    cursor = await numbers(connection, 1200)
    await cursor.close()
    await connection.cursor().execute("DROP TABLE number")
