"""/baocao: who may read it, what it shows, and the files it hands out."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import text

from bot.content import markup
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.pictures.files import make
from bot.storage import staff
from bot.storage.database import Database
from tests.clock import VirtualClock
from tests.learner import Learner
from tests.metrics_formats.conftest import filled, load, metrics

__all__ = ["filled", "metrics"]  # fixtures


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    found = load(tmp_path / "figures")
    return dataclasses.replace(office, metrics=found, measures=found.measures, places=found.places)


@pytest.fixture
def admin(filled: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    return Learner(filled, dialogue, office, clock, chat="900")


@pytest.fixture
def stranger(filled: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    return Learner(filled, dialogue, office, clock, chat="77")


async def audited(database: Database) -> list[tuple[str, str]]:
    async with database.read() as tx:
        return [tuple(row) for row in await tx.execute(text("SELECT action, subject FROM audit ORDER BY id"))]


async def test_staff_get_a_picture_with_what_changed_and_who_is_behind(admin: Learner) -> None:
    said = await admin.says("/baocao")
    assert "- Công nhân đã học: **2 % (4 người)**" in said
    assert "Tăng so với Quý III năm 2026: Lượt học (+4); Công nhân đã học (+2)." in said
    assert "1 phường, xã chưa đạt chỉ tiêu, xa nhất là Phường Thủ Dầu Một" in said
    picture = admin.seen[0].file
    assert picture is not None and picture.name == "bao-cao-2026-q4-all.png"
    assert make(picture.kind, picture.data).startswith(b"\x89PNG")


async def test_the_text_fits_under_a_picture(admin: Learner) -> None:
    assert len(markup.plain(await admin.says("/baocao"))) < 1024


@pytest.mark.parametrize("sent", ["report:2026.q4:all", "reportby:ward:2026.q4", "reportfile:pdf:2026.q4:all"])
async def test_others_are_refused_politely_and_that_is_kept(stranger: Learner, filled: Database, sent: str) -> None:
    assert "dành cho người được giao việc" in await stranger.sends(sent)
    assert stranger.seen[0].file is None
    assert [action for action, _ in await audited(filled)] == ["refused"]


async def test_the_command_is_refused_too_and_a_typed_ward_opens_nothing(stranger: Learner) -> None:
    assert "dành cho người được giao việc" in await stranger.says("/baocao")


async def test_an_analyst_may_read_and_someone_else_s_role_is_not_enough(
    stranger: Learner, filled: Database, clock: VirtualClock
) -> None:
    await stranger.says("/baocao")
    async with filled.write() as tx:
        person = (await tx.execute(text("SELECT id FROM person WHERE external = '77'"))).scalar_one()
        await staff.grant(tx, person, "editor", clock.now())
    assert "dành cho" in await stranger.says("/baocao")
    async with filled.write() as tx:
        await staff.grant(tx, person, "analyst", clock.now())
    assert "Công nhân đã học" in await stranger.says("/baocao")


async def test_periods_are_a_tap_away(admin: Learner) -> None:
    await admin.says("/baocao")
    assert "Quý III năm 2026" in await admin.presses("Quý trước")
    assert "Công nhân đã học: **0,5 % (1 người)**" in admin.text
    assert "Năm 2026" in await admin.presses("Năm nay")
    await admin.presses("Kỳ khác")
    assert "Tháng 11 năm 2026" in await admin.presses("Tháng 11 năm 2026")


async def test_a_ward_is_asked_for_by_its_name(admin: Learner) -> None:
    await admin.says("/baocao")
    assert "gõ tên phường" in await admin.presses("Theo phường, xã")
    said = await admin.says("thu dau mot")
    assert "Quý IV năm 2026 · Phường Thủ Dầu Một" in said
    assert "10 % (4 người)" in said
    assert "xã Thử" in await admin.presses("Xem toàn địa bàn")


async def test_a_name_that_is_not_clear_is_asked_again(admin: Learner) -> None:
    await admin.sends("reportby:ward:2026.q3")
    assert "Không thấy" in await admin.says("Nam Cực")
    assert "nơi nào" in await admin.says("Tân Đông Hiêpp")
    assert "Quý III năm 2026 · Phường Tân Đông Hiệp" in await admin.presses("Phường Tân Đông Hiệp")


async def test_an_audience_and_a_kind_of_group_can_be_chosen(admin: Learner) -> None:
    await admin.says("/baocao")
    await admin.presses("Theo đối tượng")
    assert "Công nhân, người lao động · xã Thử" in await admin.presses("Công nhân")
    await admin.presses("Theo loại nhóm")
    assert "Chuyền, xưởng · xã Thử" in await admin.presses("Chuyền")


async def test_a_period_or_a_ward_may_stand_behind_the_command(admin: Learner) -> None:
    assert "Quý III năm 2026" in await admin.says("/baocao 2026-Q3")
    assert "Phường Thủ Dầu Một" in await admin.says("/baocao Thủ Dầu Một")
    assert "Không thấy" in await admin.says("/baocao Nam Cực")


async def test_files_are_made_when_they_are_sent_and_taking_one_is_kept(admin: Learner, filled: Database) -> None:
    await admin.says("/baocao")
    await admin.presses("PDF")
    paper = admin.seen[0].file
    assert paper is not None and paper.name == "bao-cao-2026-q4-all.pdf"
    data = json.loads(json.dumps(paper.data))
    assert "Công nhân đã học" in PdfReader(io.BytesIO(make(paper.kind, data))).pages[0].extract_text()
    await admin.sends("reportfile:xlsx:2026.q4:ward.25747")
    sheet = admin.seen[0].file
    assert sheet is not None and sheet.name == "bao-cao-2026-q4-ward-25747.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(make(sheet.kind, sheet.data))).sheetnames[1] == "1 Công nhân đã học"
    assert await audited(filled) == [
        ("export-report", "pdf 2026.q4 all"),
        ("export-report", "xlsx 2026.q4 ward.25747"),
    ]


@pytest.mark.parametrize("sent", ["report:x:y", "report:2026.q9:ward.00000", "report:2026.q4:audience.king"])
async def test_a_button_that_means_nothing_shows_this_quarter_of_everybody(admin: Learner, sent: str) -> None:
    assert "Quý IV năm 2026 · xã Thử" in await admin.sends(sent)
