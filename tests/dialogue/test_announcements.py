from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.content.announcements import Announcements
from bot.delivery.fates import Fate, settle
from bot.dialogue.announcing import Announcing
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.learning.quiet import Quiet
from bot.storage import broadcasts, deliveries, outbox, people, staff
from bot.storage.database import Database
from bot.storage.outbox import Lane
from tests.clock import VirtualClock
from tests.learner import Learner

AUTHOR, ADMIN = "111", "900"
KINDS = Announcements.model_validate(
    {
        "urgent": {"label": "Tin khẩn", "about": "Bão lũ."},
        "categories": {"tin": {"label": "Tin mới", "about": "Tin tức."}},
    }
)
WORDS = "Từ mai, bộ phận một cửa làm việc cả sáng thứ bảy."


@pytest.fixture
def desk(office: Office) -> Office:
    return Office(**{**vars(office), "announcements": KINDS})


@pytest.fixture
def person(database: Database, dialogue: Dialogue, desk: Office, clock: VirtualClock) -> Callable[[str], Learner]:
    return lambda chat: Learner(database, dialogue, desk, clock, chat)


@pytest.fixture
def announcing(database: Database, dialogue: Dialogue, desk: Office, clock: VirtualClock) -> Announcing:
    return Announcing(database, desk.quiet, dialogue.texts, "vi", clock, "telegram", 25, lambda: None)


async def one(database: Database, statement: str) -> Any:
    async with database.read() as tx:
        return (await tx.execute(text(statement))).scalar()


async def make_editor(database: Database, learner: Learner, clock: VirtualClock) -> None:
    await learner.says("/start")
    async with database.write() as tx:
        found = await people.find(tx, "telegram", learner.chat)
        assert found
        await staff.grant(tx, found.id, "editor", clock.now())


async def subscribers(database: Database, clock: VirtualClock, count: int) -> None:
    async with database.write() as tx:
        found = await people.ensure(tx, {("telegram", f"5{n:05}") for n in range(count)}, clock.now())
        for each in found.values():
            await deliveries.subscribe(tx, each.id, "tin", True, clock.now())


async def write(author: Learner, words: str = WORDS) -> None:
    await author.says("/soan")
    await author.presses("Soạn: Tin mới")
    await author.says(words)


async def submit(author: Learner, number: int = 1) -> str:
    await author.presses("Gửi thử cho tôi")
    return await author.sends(f"noticestep:{number}:submit")


async def post(
    database: Database, clock: VirtualClock, fate: Callable[[str], Fate] = lambda chat: Fate("sent")
) -> list[str]:
    """Send every bulk letter that waits, as ``fate`` has it; to whom."""
    async with database.write() as tx:
        letters = await outbox.waiting(tx, "telegram", Lane.BULK, 0, 1000)
        await outbox.sending(tx, [letter.id for letter in letters])
        await outbox.mark(tx, [settle(letter, fate(letter.chat), clock.now(), 3) for letter in letters])
    return [letter.chat for letter in letters]


async def send_all(database: Database, clock: VirtualClock, announcing: Announcing, **how: Any) -> list[str]:
    reached = []
    for _ in range(40):
        await announcing.step()
        reached += await post(database, clock, **how)
        clock.move(1)
    return reached


async def test_an_announcement_goes_from_words_to_its_readers_by_two_people(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    author, admin = person(AUTHOR), person(ADMIN)
    await admin.says("/start")
    await make_editor(database, author, clock)
    await subscribers(database, clock, 12)
    await write(author)
    assert "Gửi cho 12 người" in author.text
    assert "chờ duyệt" in await submit(author)
    assert WORDS in await admin.sends("notice:1")
    assert "đã duyệt" in await admin.presses("Duyệt, gửi ngay")
    reached = await send_all(database, clock, announcing)
    assert len(reached) == len(set(reached)) == 12
    assert "đã gửi xong" in await author.sends("notice:1")
    assert await one(database, "SELECT count(*) FROM delivery WHERE status = 'sent'") == 12


async def test_nothing_is_submitted_before_its_author_has_seen_a_copy(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner]
) -> None:
    author = person(AUTHOR)
    await make_editor(database, author, clock)
    await write(author)
    assert "gửi thử" in await author.sends("noticestep:1:submit")
    await author.sends("noticetest:1")
    await author.sends("noticewords:1")
    await author.says(WORDS + " Xin cảm ơn.")
    assert "gửi thử" in await author.sends("noticestep:1:submit")
    assert await one(database, "SELECT status FROM broadcast") == "draft"


async def test_the_author_cannot_approve_even_as_an_administrator(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner]
) -> None:
    admin = person(ADMIN)
    await admin.says("/start")
    await write(admin)
    await submit(admin)
    assert "không" in await admin.sends("approve:1:now")
    assert await one(database, "SELECT status FROM broadcast") == "submitted"
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await tx.execute(text("UPDATE broadcast SET approver_id = author_id, status = 'scheduled'"))


async def test_who_was_revoked_can_do_nothing_any_more(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner]
) -> None:
    author = person(AUTHOR)
    await make_editor(database, author, clock)
    await write(author)
    async with database.write() as tx:
        await tx.execute(text("DELETE FROM role"))
    for action in ("noticetest:1", "noticestep:1:submit", "noticestep:1:cancel", "noticewords:1", "newnotice:tin"):
        await author.sends(action)
    assert await one(database, "SELECT status || count(*) FROM broadcast") == "draft1"
    assert await one(database, "SELECT count(*) FROM audit WHERE action = 'refused'") == 5


async def test_a_hundred_forged_staff_buttons_have_no_effect_and_are_all_kept(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner]
) -> None:
    author, stranger = person(AUTHOR), person("666")
    await make_editor(database, author, clock)
    await write(author)
    await submit(author)
    before = await one(database, "SELECT group_concat(status || text || segment || buttons) FROM broadcast")
    steps = [f"noticestep:1:{step}" for step in ("submit", "send_back", "pause", "resume", "cancel", "resend_unknown")]
    forged = [*steps, "approve:1:now", "approve:1:morning", "noticewords:1", "aim:1:all:all"]
    for _ in range(10):
        for action in forged:
            await stranger.sends(action)
    assert await one(database, "SELECT group_concat(status || text || segment || buttons) FROM broadcast") == before
    assert await one(database, "SELECT count(*) FROM audit WHERE action = 'refused'") == 100


async def test_only_those_who_asked_for_the_kind_are_counted_and_who_left_is_skipped(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    author, admin, citizen = person(AUTHOR), person(ADMIN), person("777")
    await admin.says("/start")
    await make_editor(database, author, clock)
    await citizen.says("/thong_bao")
    await citizen.presses("Bật: Tin mới")
    await subscribers(database, clock, 3)
    await write(author)
    assert "Gửi cho 4 người" in author.text
    await submit(author)
    await admin.sends("approve:1:now")
    await announcing.step()
    await citizen.presses("Tắt: Tin mới")
    reached = await send_all(database, clock, announcing)
    assert "777" not in reached
    assert len(reached) == 3
    assert await one(database, "SELECT count(*) FROM delivery WHERE status = 'skipped'") == 1


async def test_too_many_bad_requests_among_the_first_copies_stop_it_and_say_so(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    author = await approved(database, clock, person, 300)
    reached = await send_all(database, clock, announcing, fate=lambda chat: Fate("refused", reason="bad entity"))
    assert len(reached) <= 50
    assert await one(database, "SELECT status || reason FROM broadcast") == "stoppedbad_requests"
    counts = await one(database, "SELECT count(*) FROM delivery WHERE status = 'pending'")
    assert counts == 300 - len(reached)
    assert "tự dừng" in await author.sends("notice:1")


async def test_the_first_two_hundred_go_alone(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    await approved(database, clock, person, 300)
    for _ in range(6):
        await announcing.step()
    while await one(database, "SELECT status FROM broadcast") == "canary":
        assert await one(database, "SELECT count(*) FROM delivery WHERE status <> 'pending'") <= 200
        await post(database, clock)
        await announcing.step()
    assert len(await send_all(database, clock, announcing)) == 100


async def test_pause_takes_back_what_is_not_on_its_way_and_resume_goes_on(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    author = await approved(database, clock, person, 120)
    await announcing.step()
    await announcing.step()
    assert await one(database, "SELECT count(*) FROM outbox WHERE lane = 1 AND status = 'waiting'") == 50
    await author.sends("noticestep:1:pause")
    assert await one(database, "SELECT count(*) FROM outbox WHERE lane = 1 AND status = 'waiting'") == 0
    assert await send_all(database, clock, announcing) == []
    await author.sends("noticestep:1:resume")
    assert len(await send_all(database, clock, announcing)) == 120


async def test_a_cancelled_announcement_reaches_nobody_else(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    author = await approved(database, clock, person, 120)
    await announcing.step()
    await announcing.step()
    first = await post(database, clock)
    await author.sends("noticestep:1:cancel")
    assert await send_all(database, clock, announcing) == []
    assert await one(database, "SELECT count(*) FROM delivery WHERE status = 'sent'") == len(first) == 50


NIGHT = dt.datetime(2026, 11, 24, 13, 59, 30, tzinfo=dt.UTC)  # half a minute before nine in the evening


async def test_it_holds_at_night_and_goes_on_by_itself_in_the_morning(
    database: Database, dialogue: Dialogue, desk: Office, person: Callable[[str], Learner], clock: VirtualClock
) -> None:
    await approved(database, clock, person, 2000)
    clock.move((NIGHT - clock.now()).total_seconds())
    announcing = Announcing(database, desk.quiet, dialogue.texts, "vi", clock, "telegram", 25, lambda: None)
    times = []
    for _ in range(12 * 60 * 6):
        await announcing.step()
        times += [clock.now()] * len(await post(database, clock))
        clock.move(10)
    local = [at.astimezone(desk.quiet.zone) for at in times]
    assert all(7 <= at.hour < 21 for at in local)
    assert {at.day for at in local} == {24, 25}
    assert len(times) == 2000


@pytest.mark.parametrize("jump", [dt.timedelta(hours=11), dt.timedelta(days=73)], ids=["into the night", "into Tết"])
async def test_a_clock_that_jumps_into_quiet_hours_takes_back_what_waits(
    database: Database,
    dialogue: Dialogue,
    desk: Office,
    person: Callable[[str], Learner],
    clock: VirtualClock,
    jump: dt.timedelta,
) -> None:
    quiet = Quiet(desk.quiet.zone, days=((dt.date(2027, 2, 5), dt.date(2027, 2, 10)),))
    await approved(database, clock, person, 100)
    announcing = Announcing(database, quiet, dialogue.texts, "vi", clock, "telegram", 25, lambda: None)
    await announcing.step()
    await announcing.step()
    clock.move(jump.total_seconds())
    await announcing.step()
    assert await post(database, clock) == []


async def test_an_emergency_goes_at_night_to_all_who_did_not_refuse_it(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], desk: Office, announcing: Announcing
) -> None:
    author, admin, asleep, never = person("901"), person(ADMIN), person("771"), person("772")
    for each in (author, admin, asleep, never):
        await each.says("/start")
    async with database.write() as tx:
        found = await people.find(tx, "telegram", author.chat)
        assert found
        await staff.grant(tx, found.id, "admin", clock.now())
    await never.says("/thong_bao")
    await never.presses("Tắt: Tin khẩn")
    await author.says("/soan")
    await author.presses("Soạn: Tin khẩn")
    await author.says("Bão số 9 vào đêm nay, mời bà con ở trong nhà.")
    await submit(author)
    await admin.sends("approve:1:now")
    clock.move((NIGHT - clock.now()).total_seconds() + 3600)
    reached = await send_all(database, clock, announcing)
    assert "771" in reached
    assert "772" not in reached


async def test_an_editor_cannot_write_an_emergency(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner]
) -> None:
    author = person(AUTHOR)
    await make_editor(database, author, clock)
    await author.says("/soan")
    with pytest.raises(LookupError):
        author.button("Tin khẩn")
    await author.sends("newnotice:urgent")
    assert await one(database, "SELECT count(*) FROM broadcast") == 0


async def test_copies_of_unknown_fate_go_again_only_when_an_approver_says_so(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    author = await approved(database, clock, person, 10)
    lost = {"500003", "500007"}
    await send_all(
        database, clock, announcing, fate=lambda chat: Fate("unknown" if chat in lost else "sent", reason="lost")
    )
    assert await one(database, "SELECT count(*) FROM delivery WHERE status = 'unknown'") == 2
    await author.sends("noticestep:1:resend_unknown")
    assert await send_all(database, clock, announcing) == []
    await person(ADMIN).sends("noticestep:1:resend_unknown")
    assert set(await send_all(database, clock, announcing)) == lost


async def test_a_lesson_opened_from_an_announcement_counts_once_and_only_for_who_got_it(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    author, admin, reader, stranger = person(AUTHOR), person(ADMIN), person("500001"), person("888")
    await admin.says("/start")
    await make_editor(database, author, clock)
    await subscribers(database, clock, 3)
    await write(author)
    await author.presses("Thêm nút")
    await author.says("Học ngay | thu.bai_1")
    await submit(author)
    await admin.sends("approve:1:now")
    await send_all(database, clock, announcing)
    for _ in range(2):
        assert "bai_1" in await reader.sends("from:1:thu.bai_1")
    await stranger.sends("from:1:thu.bai_1")
    async with database.read() as tx:
        assert await broadcasts.count_opened(tx, 1) == 1


async def test_erasing_a_recipient_keeps_the_account_whole_and_the_person_out_of_it(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], announcing: Announcing
) -> None:
    await approved(database, clock, person, 5)
    await announcing.step()
    gone = person("500002")
    await gone.sends("erase:yes")
    await send_all(database, clock, announcing)
    async with database.read() as tx:
        assert await deliveries.counts(tx, 1) == {"sent": 4, "skipped": 1}


async def approved(
    database: Database, clock: VirtualClock, person: Callable[[str], Learner], recipients: int
) -> Learner:
    """An announcement that may go; its author."""
    author, admin = person(AUTHOR), person(ADMIN)
    await admin.says("/start")
    await make_editor(database, author, clock)
    await subscribers(database, clock, recipients)
    await write(author)
    await submit(author)
    await admin.sends("approve:1:now")
    return author
