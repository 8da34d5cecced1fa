"""/quan_tri: the staff's own menu."""

from __future__ import annotations

import pytest

from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.storage import people, staff
from bot.storage.database import Database
from tests.clock import VirtualClock
from tests.learner import Learner


async def with_role(database: Database, learner: Learner, role: str, clock: VirtualClock) -> None:
    await learner.says("/start")
    async with database.write() as tx:
        found = await people.find(tx, "telegram", learner.chat)
        assert found
        await staff.grant(tx, found.id, role, clock.now())


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("editor", {"Thông báo", "Câu hỏi chưa trả lời được", "Phiếu hỏi người thật", "Nhóm học"}),
        ("analyst", {"Báo cáo kỹ năng số", "Nhóm học"}),
        ("community", {"Học hộ người chưa có máy", "Nhóm học"}),
        ("agent", {"Phiếu hỏi người thật"}),
    ],
)
async def test_each_role_sees_what_it_may_do_and_nothing_else(
    database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock, role: str, labels: set[str]
) -> None:
    learner = Learner(database, dialogue, office, clock)
    await with_role(database, learner, role, clock)
    await learner.says("/quan_tri")
    assert {choice.label.partition(" ")[2] for choice in learner.buttons} == labels


async def test_every_button_of_the_menu_opens_something(
    database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    admin = Learner(database, dialogue, office, clock, "900")
    await admin.says("/quan_tri")
    for choice in list(admin.buttons):
        assert await admin.sends(choice.action)


async def test_others_are_refused(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> None:
    stranger = Learner(database, dialogue, office, clock)
    assert "được giao việc" in await stranger.says("/quan_tri")
    assert not stranger.buttons
