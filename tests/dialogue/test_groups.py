"""Groups at the desk: closing one, and standing among others of its kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.storage import completions, groups, people
from bot.storage.completions import Completion
from bot.storage.database import Database
from tests.clock import VirtualClock
from tests.learner import Learner

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)


@pytest.fixture
def learner(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    return Learner(database, dialogue, office, clock)


@pytest.fixture
async def owner(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    """Who has made the group 1, a production line."""
    made = Learner(database, dialogue, office, clock, chat="900")
    await made.sends("newgroup:line")
    await made.says("Chuyền may 3")
    return made


async def one(database: Database, query: str) -> Any:
    async with database.read() as tx:
        return (await tx.execute(text(query))).scalar()


async def joins(learner: Learner, database: Database) -> str:
    code = await one(database, "SELECT code FROM learner_group WHERE id = 1")
    return await learner.says(f"/start nhom-{code}")


async def filled(database: Database, owner: str, code: str, done: int) -> None:
    """Another production line, five people strong, of whom ``done`` have finished the course."""
    wanted = {("telegram", each) for each in (owner, *(f"{code}{n}" for n in range(5)))}
    async with database.write() as tx:
        found = await people.ensure(tx, wanted, NOW)
        made = await groups.create(tx, code, f"Chuyền {code}", "line", found["telegram", owner].id, NOW)
        for number in range(5):
            person = found["telegram", f"{code}{number}"].id
            await groups.join(tx, made.id, person, NOW)
            if number < done:
                row = Completion(person, "course", "thu", "v1", 4, 5, NOW, "2026-11-24", ("4.1",))
                await completions.put(tx, row)


async def test_closing_is_asked_for_once_more_and_kept_in_the_record(owner: Learner, database: Database) -> None:
    await owner.sends("group:1")
    assert "không mở lại được" in await owner.presses("Đóng nhóm")
    assert await one(database, "SELECT closed_at FROM learner_group") is None
    assert "giữ" in owner.button("Không").label
    assert "Nhóm đã đóng ngày 24/11/2026" in await owner.presses("Đóng nhóm")
    await owner.sends("close:1:yes")
    assert await one(database, "SELECT group_concat(action || ' ' || subject) FROM audit") == (
        "create-group group 1,close-group group 1"
    )


async def test_a_closed_group_lets_nobody_in_and_prints_no_sheet(
    owner: Learner, learner: Learner, database: Database
) -> None:
    await owner.sends("close:1:yes")
    await learner.agrees()
    assert "Nhóm này đã đóng" in await joins(learner, database)
    assert await one(database, "SELECT count(*) FROM membership") == 0
    assert "giao việc" in await owner.sends("sheet:1")
    assert not [each for each in owner.buttons if "mã QR" in each.label]
    await owner.says("/nhom")
    assert owner.button("Chuyền may 3").label == "🔒 Chuyền may 3"


async def test_what_members_finished_before_the_closing_stays_counted_and_nothing_after(
    owner: Learner, learner: Learner, database: Database, clock: VirtualClock
) -> None:
    await learner.agrees()
    await joins(learner, database)
    await learner.takes("thu.bai_1")
    clock.move(60)
    await owner.sends("close:1:yes")
    clock.move(60)
    await learner.takes("thu.bai_2")
    await learner.sends("final:thu")
    await learner.answers()
    assert "Thành viên: **1**. Đã hoàn thành ít nhất một bài: **1**" in await owner.sends("group:1")
    assert "Khóa thử" not in owner.text
    kept = "SELECT group_concat(subject || ' ' || coalesce(group_id, '-'), ', ') FROM completion"
    assert await one(database, kept) == "thu.bai_1 1, thu.bai_2 -, thu -"


async def test_a_closed_group_shows_no_names_and_takes_none(
    owner: Learner, learner: Learner, database: Database
) -> None:
    await learner.agrees()
    await joins(learner, database)
    await learner.sends("name:1")
    await learner.says("Chị Bảy")
    assert "Chị Bảy" in await owner.sends("group:1")
    await owner.sends("close:1:yes")
    assert "Bảy" not in await owner.sends("group:1")
    await learner.sends("name:1")
    assert "Nhóm này đã đóng" in await learner.says("Chị Bảy")
    assert "Bảy" not in await owner.sends("group:1")


async def test_only_its_owner_may_close_a_group(owner: Learner, learner: Learner, database: Database) -> None:
    await learner.agrees()
    await joins(learner, database)
    for sure in ("ask", "yes"):
        assert "giao việc" in await learner.sends(f"close:1:{sure}")
    assert await one(database, "SELECT closed_at FROM learner_group") is None


async def test_an_owner_sees_the_share_of_the_group_beside_the_median_of_its_kind_and_no_other_group(
    owner: Learner, learner: Learner, database: Database
) -> None:
    await learner.agrees()
    await joins(learner, database)
    for code, done in (("KHAC2", 1), ("KHAC3", 3), ("KHAC4", 5)):
        await filled(database, "800", code, done)
    said = await owner.sends("group:1")
    assert "Khóa Khóa thử: nhóm của bạn **0 %** đã xong, mức giữa của các nhóm cùng loại **60 %**" in said
    assert "KHAC" not in said


@pytest.mark.parametrize(("others", "own"), [(2, 0), (2, 2)])
async def test_among_fewer_than_three_groups_of_others_nothing_is_compared(
    owner: Learner, learner: Learner, database: Database, others: int, own: int
) -> None:
    await learner.agrees()
    await joins(learner, database)
    for number in range(others):
        await filled(database, "800", f"KHAC{number}", 1)
    for number in range(own):
        await filled(database, "900", f"MINH{number}", 1)
    assert "cùng loại" not in await owner.sends("group:1")
