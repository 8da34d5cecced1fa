"""Weekly letters: to the right people, once a week whatever restarts, never in quiet hours, with the week's figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.channels.telegram.render import fit
from bot.content import markup
from bot.dialogue.desk import Office
from bot.dialogue.digest import Weekly
from bot.dialogue.replies import Reply
from bot.dialogue.respond import Dialogue
from bot.learning.quiet import Quiet
from bot.pictures.files import make
from bot.storage import outbox, people, questions, staff
from bot.storage.database import Database
from bot.storage.outbox import Lane
from bot.storage.questions import Outcome, Question
from tests.clock import VirtualClock
from tests.learner import Learner
from tests.pictures import reading

HOUR, DAY = 3600, 86400
SUNDAY = dt.datetime(2026, 11, 29, 3, tzinfo=dt.UTC)  # ten in the morning of the site
TO_EIGHT = 22 * HOUR  # from there to Monday, eight o'clock
ADMIN, EDITOR = "900", "77"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(SUNDAY)


@pytest.fixture
async def weekly(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Weekly:
    """With the administrator of the settings and one editor, who both wrote before."""
    async with database.write() as tx:
        found = await people.ensure(tx, {("telegram", ADMIN), ("telegram", EDITOR), ("telegram", "5")}, clock.now())
        await staff.grant(tx, found["telegram", EDITOR].id, "editor", clock.now())
    return made(database, dialogue, office, clock)


def made(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Weekly:
    return Weekly(database, office, dialogue.texts, clock, "telegram", lambda: None)


async def letters(database: Database) -> dict[str, Reply]:
    async with database.read() as tx:
        found = await outbox.waiting(tx, "telegram", Lane.BULK, 0, 100)
    assert len({each.chat for each in found}) == len(found), "one letter each"
    return {each.chat: Reply.from_json(each.reply) for each in found}


async def asked(
    database: Database, at: dt.datetime, *words: str, outcome: Outcome = "abstain", verdict: int | None = None
) -> None:
    async with database.write() as tx:
        person = (await people.ensure(tx, {("telegram", "5")}, at))["telegram", "5"].id
        first = 1 + ((await tx.execute(text("SELECT max(id) FROM question"))).scalar() or 0)
        for id, each in enumerate(words, first):
            await questions.put(tx, [Question(id, person, at, each, outcome, None, 0.2, (), "v1", "2026-11")])
            if verdict is not None:
                await questions.give_verdict(tx, id, person, bool(verdict), at)


async def test_on_monday_at_eight_administrators_get_the_week_once(
    weekly: Weekly, database: Database, clock: VirtualClock
) -> None:
    clock.move(TO_EIGHT - 60)
    assert await weekly.step() == 0
    clock.move(60)
    assert [await weekly.step() for _ in range(3)] == [1, 0, 0]
    assert list(await letters(database)) == [ADMIN]
    clock.move(7 * DAY)
    assert await weekly.step() == 1


async def test_a_restart_does_not_write_a_letter_again(
    weekly: Weekly, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    clock.move(TO_EIGHT)
    assert await weekly.step() == 1
    clock.move(HOUR)
    assert await made(database, dialogue, office, clock).step() == 0


async def test_a_letter_that_could_not_be_kept_is_not_remembered_either(
    weekly: Weekly, database: Database, clock: VirtualClock
) -> None:
    clock.move(TO_EIGHT)
    async with database.write() as tx:
        await tx.execute(text("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END"))
    with pytest.raises(Exception, match="full"):
        await weekly.step()
    async with database.write() as tx:
        await tx.execute(text("DROP TRIGGER full"))
    assert await weekly.step() == 1


async def test_after_a_standstill_of_more_than_two_days_the_week_is_left_out(
    weekly: Weekly, clock: VirtualClock
) -> None:
    clock.move(TO_EIGHT + 2 * DAY)
    assert await weekly.step() == 0
    clock.move(5 * DAY)
    assert await weekly.step() == 1


async def test_a_holiday_moves_it_to_the_first_hour_that_is_not_quiet(
    weekly: Weekly, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    quiet = Quiet(office.quiet.zone, days=((dt.date(2026, 11, 30), dt.date(2026, 12, 1)),))
    closed = made(database, dialogue, replace(office, quiet=quiet), clock)
    sent = []
    for _ in range(24 * 6):
        clock.move(HOUR)
        if await closed.step():
            sent.append(clock.now().astimezone(quiet.zone).isoformat()[:16])
    assert sent == ["2026-12-02T07:00"]


async def test_nothing_is_written_at_night(weekly: Weekly, clock: VirtualClock) -> None:
    clock.move(TO_EIGHT + 13 * HOUR)
    assert await weekly.step() == 0
    clock.move(10 * HOUR)
    assert await weekly.step() == 1


async def test_who_blocked_the_assistant_and_who_lost_the_role_get_nothing(
    weekly: Weekly, database: Database, clock: VirtualClock
) -> None:
    clock.move(TO_EIGHT)
    async with database.write() as tx:
        await people.set_stopped(tx, [("telegram", ADMIN)], clock.now())
    assert await weekly.step() == 0


async def test_the_letter_holds_the_figures_of_the_week_that_ended(
    weekly: Weekly, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    await asked(database, SUNDAY, "tạm trú", "tạm vắng", outcome="answer", verdict=1)
    await asked(database, SUNDAY, "căn cước", outcome="answer", verdict=0)
    await asked(database, SUNDAY, "thủ tục nuôi yến", "Thủ tục nuôi yến?", "trồng lúa")
    await asked(database, SUNDAY, "giấy tờ gì đó", outcome="clarify")
    await asked(database, SUNDAY - dt.timedelta(days=7), "tuần trước")
    await asked(database, SUNDAY + dt.timedelta(hours=15), "đã sang thứ hai")
    learner = Learner(database, dialogue, office, clock)
    await learner.agrees()
    await learner.takes("thu.bai_1")
    async with database.write() as tx:
        await people.set_stopped(tx, [("telegram", "5")], SUNDAY)
    clock.move(TO_EIGHT)
    await weekly.step()
    letter = (await letters(database))[ADMIN]
    assert "Tuần 23/11/2026 – 29/11/2026" in letter.text
    for figure in (
        "Câu hỏi: **7** (tuần trước: 1)",
        "Trả lời được ngay: **42,9 %** (tuần trước: 0 %)",
        "Đúng ý / chưa đúng: **2 / 1** (tuần trước: 0 / 0)",
        "Người học mới: **1** (tuần trước: 0)",
        "Bài học hoàn thành: **1** (khóa học hoàn thành: 0)",
        "Chặn trợ lý: **100 %** (1 trong 1 người dùng)",
        "Hỏi lại cho rõ: **1**",
        "Chưa trả lời được: **3**",
    ):
        assert figure in letter.text
    assert letter.file is not None and letter.file.kind == "digest"
    assert letter.file.data["rows"][0] | {"text": ""} == {"text": "", "figure": "2"}
    assert "nuôi yến" in letter.file.data["rows"][0]["text"]
    assert reading.picture(make("digest", letter.file.data)).width == 1080
    assert len(markup.plain(letter.text)) <= 1024 and len(fit(letter)) == 1


async def test_a_week_without_a_question_is_a_letter_too(
    weekly: Weekly, database: Database, clock: VirtualClock
) -> None:
    clock.move(TO_EIGHT)
    await weekly.step()
    letter = (await letters(database))[ADMIN]
    assert "Trả lời được ngay: **–**" in letter.text
    assert letter.file is not None and make("digest", letter.file.data)


async def test_editors_get_the_content_that_is_due_by_owner(
    weekly: Weekly, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    clock.move(TO_EIGHT + 330 * DAY - 330 % 7 * DAY)  # a Monday within 30 days before the review date, 01/11/2027
    assert await weekly.step() == 2
    letter = (await letters(database))[EDITOR]
    assert "**Tổ nội dung**" in letter.text
    for line in (
        "- Việc cutru.tam_tru (bài): hạn 01/11/2027",
        "- Bài bai_1 (bài học): hạn 01/11/2027",
        "- Khóa thử (khóa học): hạn 01/11/2027",
    ):
        assert line in letter.text


async def test_what_is_past_its_date_says_so_and_a_long_list_is_cut(
    database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock, weekly: Weekly
) -> None:
    one = office.library.articles["cutru.tam_tru"]
    many = {f"a.b{n}": one.model_copy(update={"id": f"a.b{n}", "review_by": SUNDAY.date()}) for n in range(40)}
    full = replace(office, library=replace(office.library, articles=many))
    clock.move(TO_EIGHT)
    assert await made(database, dialogue, full, clock).step() == 2
    said = (await letters(database))[EDITOR]
    assert "rà soát: 40 mục**" in said.text and said.text.count("**quá hạn từ 29/11/2026**") == 25
    assert "Và 15 mục khác." in said.text
    assert len(fit(said)) == 1
