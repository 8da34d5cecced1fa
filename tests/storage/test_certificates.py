from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.storage import certificates, people
from bot.storage.certificates import Certificate
from bot.storage.database import Database

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
MAI, LAN = "7", "8"


async def someone(database: Database, external: str = MAI) -> int:
    async with database.write() as tx:
        return (await people.ensure(tx, {("telegram", external)}, NOW))["telegram", external].id


async def issue(
    database: Database, code: str, person: int, course: str = "tkat", day: str = "2026-11-24"
) -> Certificate:
    async with database.write() as tx:
        return await certificates.issue(tx, code, course, day, person, NOW)


async def find(database: Database, code: str) -> Certificate | None:
    async with database.read() as tx:
        return await certificates.find(tx, code)


async def test_a_certificate_is_found_by_its_code(database: Database) -> None:
    mai = await someone(database)
    issued = await issue(database, "ABCD-2345", mai)
    assert issued == Certificate("ABCD-2345", "tkat", "2026-11-24")
    assert await find(database, "ABCD-2345") == issued


@pytest.mark.parametrize("code", ["", "ABCD-2346", "ABCD", "%", "abcd-2345"])
async def test_a_code_that_was_never_given_out_leads_nowhere(database: Database, code: str) -> None:
    await issue(database, "ABCD-2345", await someone(database))
    assert await find(database, code) is None


async def test_a_second_issue_gives_the_certificate_of_the_first(database: Database) -> None:
    mai = await someone(database)
    first = await issue(database, "ABCD-2345", mai)
    assert await issue(database, "WXYZ-6789", mai, day="2026-11-25") == first
    assert await find(database, "WXYZ-6789") is None


async def test_a_second_issue_that_draws_the_code_of_the_first_gives_the_first(database: Database) -> None:
    mai = await someone(database)
    first = await issue(database, "ABCD-2345", mai)
    assert await issue(database, "ABCD-2345", mai, day="2026-11-25") == first


async def test_another_course_and_another_person_get_certificates_of_their_own(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    issued = [
        await issue(database, "a", mai),
        await issue(database, "b", mai, "dvc"),
        await issue(database, "c", lan),
    ]
    assert [(each.code, each.course) for each in issued] == [("a", "tkat"), ("b", "dvc"), ("c", "tkat")]


async def test_a_code_that_is_taken_is_refused_and_stays_with_its_first_holder(database: Database) -> None:
    mai, lan = await someone(database, MAI), await someone(database, LAN)
    first = await issue(database, "ABCD-2345", mai, day="2026-11-23")
    with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: certificate\.code"):
        await issue(database, "ABCD-2345", lan)
    assert await find(database, "ABCD-2345") == first


async def test_a_certificate_still_checks_when_its_holder_is_gone(database: Database) -> None:
    issued = await issue(database, "ABCD-2345", await someone(database))
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM person"))
        assert (await tx.execute(text("SELECT person_id FROM certificate"))).scalar_one() is None
    assert await find(database, "ABCD-2345") == issued
