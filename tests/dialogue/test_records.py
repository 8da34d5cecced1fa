"""A person's own records at the desk: progress, certificates, data, groups, staff, learning with help."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.content.competences import Area
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.storage.database import Database
from tests.clock import VirtualClock
from tests.learner import Learner


@pytest.fixture
def learner(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    return Learner(database, dialogue, office, clock)


@pytest.fixture
def admin(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    return Learner(database, dialogue, office, clock, chat="900")


async def one(database: Database, query: str) -> Any:
    async with database.read() as tx:
        return (await tx.execute(text(query))).scalar()


async def finish(learner: Learner) -> None:
    """The whole course ``thu``."""
    await learner.agrees()
    await learner.takes("thu.bai_1")
    await learner.takes("thu.bai_2")
    await learner.sends("final:thu")
    await learner.answers()


async def test_a_certificate_carries_the_typed_name_which_is_kept_nowhere(
    learner: Learner, database: Database, tmp_path: Path
) -> None:
    await finish(learner)
    await learner.sends("cert:thu")
    await learner.says("Nguyễn Thị Ngọc Như")
    picture, paper = learner.seen
    assert picture.file is not None and picture.file.data["name"] == "Nguyễn Thị Ngọc Như"
    assert paper.file is not None and paper.file.kind == "certificate_pdf"
    dump = "\n".join(sqlite3.connect(tmp_path / "test.db").iterdump())
    assert "Ngọc Như" not in dump
    assert await one(database, "SELECT count(*) FROM certificate") == 1


async def test_what_is_no_name_is_asked_for_again(learner: Learner) -> None:
    await finish(learner)
    await learner.sends("cert:thu")
    assert "gõ lại" in await learner.says("<b>0912345678</b>")
    assert "Mã:" in await learner.says("Lê Văn Tám")


async def test_a_certificate_checks_by_its_code_and_names_nobody(
    learner: Learner, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    await finish(learner)
    await learner.sends("cert:thu")
    await learner.says("Lê Văn Tám")
    code = await one(database, "SELECT code FROM certificate")
    stranger = Learner(database, dialogue, office, clock, chat="5")
    said = await stranger.says(f"/ktra {code[:4].lower()}-{code[4:]}")
    assert "là thật: khóa **Khóa thử**, hoàn thành ngày 24/11/2026" in said
    assert "Không có giấy" in await stranger.says("/ktra 2222-2222-22")


async def test_there_is_no_certificate_before_the_course_is_done(learner: Learner) -> None:
    await learner.agrees()
    assert "chưa hoàn thành" in await learner.sends("cert:thu")


async def test_the_picture_has_a_bar_for_each_competence_begun_and_counts_the_others(
    database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    """A phone shows a picture with bars for all two dozen too small to read."""
    areas = {"4": Area(title="An toàn", competences={"4.1": "Bảo vệ thiết bị", "4.4": "Bảo vệ môi trường"})}
    learner = Learner(database, dialogue, dataclasses.replace(office, competences=areas), clock)
    await learner.agrees()
    await learner.takes("thu.bai_1")
    await learner.says("/tien_do")
    assert learner.seen[0].file is not None
    (area,) = learner.seen[0].file.data["areas"]
    assert area["bars"] == [{"label": "Bảo vệ thiết bị", "share": 0.5, "note": "1/2"}]
    assert area["note"] == "đã học 1/1 năng lực"  # nothing teaches the other


async def test_erasing_leaves_a_receipt_and_counts_and_nothing_that_leads_to_the_person(
    learner: Learner, database: Database, tmp_path: Path
) -> None:
    await finish(learner)
    await learner.says("mất căn cước làm lại sao")
    await learner.says("/xoa")
    assert "biên nhận" in await learner.presses("Xóa hết")
    dump = "\n".join(sqlite3.connect(tmp_path / "test.db").iterdump())
    assert learner.chat not in dump
    assert "mất căn cước" not in dump
    assert await one(database, "SELECT count(*) FROM completion") == 0
    begun = "SELECT n FROM {} WHERE dimension = 'all' AND measure = 'course:thu' AND scope = 'person'"
    assert await one(database, begun.format("tally")) == await one(database, begun.format("erased_tally")) == 1
    assert await one(database, "SELECT count(*) FROM erasure") == 1


async def test_after_an_erasure_the_files_of_the_database_hold_no_byte_that_leads_to_the_person(
    learner: Learner, database: Database, tmp_path: Path
) -> None:
    def traces() -> list[str]:
        raw = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
        return [trace for trace in (learner.chat, "mất căn cước làm lại sao") if trace.encode() in raw]

    await finish(learner)
    await learner.says("mất căn cước làm lại sao")
    assert len(traces()) == 2
    await learner.says("/xoa")
    await learner.presses("Xóa hết")
    assert "mất căn cước làm lại sao" not in traces()
    await database.scrub()  # as once an hour: the receipt itself went to the person's address
    assert traces() == []


async def test_who_was_erased_may_begin_anew_in_the_same_breath(learner: Learner, database: Database) -> None:
    await learner.agrees()
    await learner.sends("erase:yes")
    assert "đồng ý" in await learner.says("/hoc")
    assert await one(database, "SELECT count(*) FROM person") == 1


async def test_everything_kept_is_handed_out_as_json(learner: Learner) -> None:
    await finish(learner)
    await learner.says("/dulieu")
    await learner.presses("Tải toàn bộ")
    (reply,) = learner.seen
    assert reply.file is not None
    assert len(reply.file.data["completion"]) == 3
    assert json.dumps(reply.file.data)


async def test_a_group_counts_its_members_and_names_only_those_who_agreed(
    learner: Learner, admin: Learner, database: Database
) -> None:
    await admin.says("/nhom")
    await admin.presses("Tạo nhóm chuyền")
    await admin.says("Chuyền may 3")
    code = await one(database, "SELECT code FROM learner_group")
    await learner.agrees()
    await learner.says(f"/start nhom-{code}")
    await learner.takes("thu.bai_1")
    assert "Thành viên: **1**. Đã hoàn thành ít nhất một bài: **1**" in await admin.sends("group:1")
    assert "Bảy" not in admin.text
    await learner.sends("name:1")
    await learner.says("Chị Bảy")
    assert "Chị Bảy: 1 bài" in await admin.sends("group:1")
    await learner.sends("nameless:1")
    assert "Bảy" not in await admin.sends("group:1")
    assert await one(database, "SELECT group_kind FROM completion") == "line"


async def test_the_sheet_of_a_group_is_for_its_owner(learner: Learner, admin: Learner, database: Database) -> None:
    await admin.sends("newgroup:class")
    await admin.says("Lớp 9A")
    await admin.presses("Tờ mã QR")
    assert admin.seen[0].file is not None and "?start=nhom-" in admin.seen[0].file.data["link"]
    assert "giao việc" in await learner.sends("sheet:1")


async def test_an_invitation_makes_staff_once_and_a_revoked_person_may_nothing_at_once(
    learner: Learner, admin: Learner, database: Database
) -> None:
    await admin.says("/nhan_su")
    link = (await admin.presses("Mời: phụ trách nhóm")).split("start=")[1].split("`")[0]
    assert "phụ trách nhóm" in await learner.says(f"/start {link}")
    assert "đã dùng hoặc hết hạn" in await admin.says(f"/start {link}")
    assert "Bạn gõ tên nhóm" in await learner.sends("newgroup:line")
    number = await one(database, "SELECT person_id FROM role")
    assert f"Số {number} (…1012): phụ trách nhóm, từ 24/11/2026" in await admin.says("/nhan_su")
    await admin.sends(f"revoke:{number}:group_owner")
    assert "giao việc" in await learner.sends("newgroup:line")
    actions = "SELECT group_concat(action, ' ') FROM audit"
    assert await one(database, actions) == "invite grant revoke"


async def test_who_is_no_staff_is_refused_and_that_is_kept(learner: Learner, database: Database) -> None:
    for action in ("team", "invite:admin", "revoke:1:admin"):
        assert "giao việc" in await learner.sends(action)
    assert await one(database, "SELECT count(*) FROM audit WHERE action = 'refused'") == 3
    assert await one(database, "SELECT count(*) FROM invitation") == 0


async def test_learning_with_help_counts_apart_and_within_its_limit(admin: Learner, database: Database) -> None:
    await admin.agrees()
    for _ in range(2):
        await admin.says("/ho_tro")
        await admin.presses("Khóa thử")
        await admin.presses("Bài bai_1")
        assert "Đạt" in await admin.answers()
    assert await one(database, "SELECT count(*) FROM completion WHERE assisted AND person_id IS NULL") == 2
    assert "tới mức cho phép" in await admin.says("/ho_tro")
    assert await one(database, "SELECT count(*) FROM audit WHERE action = 'assist'") == 2


async def test_only_a_community_team_may_help(learner: Learner) -> None:
    assert "giao việc" in await learner.says("/ho_tro")
    assert "giao việc" in await learner.sends("assist:thu.bai_1")


async def test_a_thousand_forged_buttons_have_no_effect(
    learner: Learner, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    await learner.agrees()
    await learner.sends("quiz:thu.bai_1")
    await learner.presses("Bỏ qua")
    stranger = Learner(database, dialogue, office, clock, chat="666")
    await stranger.says("/hoc")
    for n in range(1000):
        forged = (f"give:{n % 7}:{n % 6}:{n % 5}", f"mark:1:{n % 5}:{n % 3}", f"item:{n}", "cert:thu", f"sheet:{n}")
        await stranger.sends(forged[n % 5])
    for table in ("answer", "completion", "certificate", "learner_group", "role"):
        assert await one(database, f"SELECT count(*) FROM {table}") == 0  # noqa: S608
    assert await one(database, "SELECT count(*) FROM attempt") == 1
