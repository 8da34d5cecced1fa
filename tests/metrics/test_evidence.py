from __future__ import annotations

import csv
import io
import re
from collections import defaultdict

import pytest
from sqlalchemy import text

from bot.i18n import load_texts
from bot.metrics import evidence, recording
from bot.metrics.evidence import safe
from bot.metrics.period import parse
from bot.metrics.report import Metrics
from bot.storage import people
from bot.storage.database import Database
from tests.metrics.made import GONE, HERE, NOW, THERE, done, populate
from tests.site import REPO

KEY = b"k" * 32
SAY = load_texts(REPO / "content", "vi")
YEAR = parse("2026")


def lines(file: io.StringIO) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.getvalue())))


async def exported(database: Database, metrics: Metrics, area: str | None = None, key: bytes = KEY) -> list[list[str]]:
    file = io.StringIO(newline="")
    async with database.read() as tx:
        written = await evidence.write(tx, metrics, SAY, YEAR, area, key, file)
    assert written.rows == len(lines(file)) - 1
    return lines(file)[1:]


async def test_a_row_holds_what_an_auditor_asks_for(database: Database, metrics: Metrics) -> None:
    async with database.write() as tx:
        mai = (await people.ensure(tx, {("telegram", "7")}, NOW))["telegram", "7"].id
        about = {"audience": "worker", "ward": GONE, "age": "25_34", "group_kind": "line"}
        await recording.record(tx, metrics.measures, done(mai, **about))
        await recording.record(tx, metrics.measures, done(None, ward=THERE, assisted_by=mai))
    own, helped = await exported(database, metrics)
    assert re.fullmatch("[0-9a-f]{24}", own[0])
    assert own[1:] == [
        "bài học", "thu.bai_1", "Bài bai_1", "v1", "4", "5", "2026-11-24", HERE, "Phường Một",
        SAY("audience.worker"), SAY("age.25_34"), "chuyền, xưởng", "không",
    ]  # fmt: skip
    assert (helped[0], helped[8:]) == ("", [THERE, "Xã Hai", "", "", "", "có"])


async def test_a_pseudonym_is_the_same_for_one_key_and_another_for_another(
    database: Database, metrics: Metrics
) -> None:
    await populate(database, metrics, 4, 60)
    first, again, other = [
        [row[0] for row in await exported(database, metrics, key=key)] for key in (KEY, KEY, b"x" * 32)
    ]
    assert first == again
    assert set(first) & set(other) == {""}
    async with database.read() as tx:
        learners = await tx.scalar(text("SELECT count(DISTINCT person_id) FROM completion WHERE day >= '2026'"))
    assert len(set(first) - {""}) == learners


async def test_an_area_holds_the_wards_that_were_merged_into_it(database: Database, metrics: Metrics) -> None:
    await populate(database, metrics, 4, 60)
    everywhere, here = await exported(database, metrics), await exported(database, metrics, HERE)
    assert here == [row for row in everywhere if row[8] == HERE]
    assert 0 < len(here) < len(everywhere)


async def test_an_unknown_area_is_refused(database: Database, metrics: Metrics) -> None:
    with pytest.raises(LookupError):
        await exported(database, metrics, "99999")


@pytest.mark.parametrize("seed", [5, 6])
async def test_the_public_file_shows_crowds_only_and_no_person_day_or_score(
    database: Database, metrics: Metrics, seed: int
) -> None:
    await populate(database, metrics, seed)
    file = io.StringIO(newline="")
    async with database.read() as tx:
        written = await evidence.write_public(tx, metrics, SAY, YEAR, None, file)
        all_rows = await tx.scalar(text("SELECT count(*) FROM completion WHERE day >= '2026'"))
        crowds = await tx.execute(
            text("SELECT person_id, coalesce(group_kind, ''), ward, audience, age FROM completion WHERE day >= '2026'")
        )
        people_of: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for person, *known in crowds:
            if person is not None:
                ward = HERE if known[1] == GONE else known[1] or ""
                people_of[ward, *(SAY(f"{n}.{v}") if v else "" for n, v in (("audience", known[2]), ("age", known[3])))
                          ].add(person)  # fmt: skip
    head, *rows, note = lines(file)
    assert (written.rows, written.rows + written.suppressed) == (len(rows), all_rows)
    assert written.blanked > 10 and str(written.blanked) in note[0]
    assert not {"Mã ẩn danh", "Số câu đúng", "Ngày hoàn thành"} & set(head)
    assert all(re.fullmatch(r"2026-\d\d", row[4]) for row in rows)
    full = {(row[5], row[7], row[8]) for row in rows if row[5] and row[7] and row[8] and row[10] == "không"}
    assert full and all(len(people_of[combination]) >= 5 for combination in full)
    assert rows == sorted(rows, key=lambda row: (row[4], "course" if row[0] == "khóa học" else "lesson", row[1])), (
        "places tell nothing"
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_cannot_become_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_a_harmless_cell_stays_as_it_is() -> None:
    assert safe("Bài 1 = một") == "Bài 1 = một"
