"""Learning as a person meets it: consent, lessons, quizzes, results, reviews."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.content.courses import load_catalogue
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.storage.database import Database
from tests.clock import VirtualClock
from tests.learner import Learner
from tests.site import make_content, make_course


@pytest.fixture
def learner(database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock) -> Learner:
    return Learner(database, dialogue, office, clock)


async def one(database: Database, query: str) -> Any:
    async with database.read() as tx:
        return (await tx.execute(text(query))).scalar()


async def test_nothing_about_learning_is_kept_before_consent(learner: Learner, database: Database) -> None:
    assert "đồng ý" in await learner.says("/hoc")
    await learner.presses("Chỉ đọc bài")
    await learner.sends("card:thu.bai_1:1")
    assert "Nội dung của thẻ số 2" in learner.text
    await learner.sends("quiz:thu.bai_1")
    assert "đồng ý" in learner.text
    for table in ("consent", "profile", "bookmark", "attempt"):
        assert await one(database, f"SELECT count(*) FROM {table}") == 0  # noqa: S608


async def test_what_was_wanted_goes_on_after_consent(learner: Learner) -> None:
    await learner.sends("quiz:thu.bai_1")
    await learner.presses("Đồng ý")
    assert "nhóm tuổi" in learner.text
    await learner.presses("25 đến 34")
    assert "câu 1/5" in learner.text


async def test_consent_is_kept_with_its_version_and_time(learner: Learner, database: Database) -> None:
    await learner.agrees()
    assert await one(database, "SELECT version FROM consent") == 1
    assert await one(database, "SELECT given_at FROM consent") == 1795489200000


async def test_a_consent_that_reads_otherwise_now_is_asked_for_again(
    learner: Learner, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    await learner.agrees()
    assert office.consent is not None
    newer = replace(office, consent=office.consent.model_copy(update={"version": 2}))
    assert "đồng ý" in await Learner(database, dialogue, newer, clock).says("/hoc")


async def test_a_question_about_oneself_is_asked_once_also_when_it_was_skipped(learner: Learner) -> None:
    await learner.agrees()
    assert "Bạn đang là ai" not in await learner.says("/hoc")


async def test_one_tap_goes_on_where_the_person_stopped(learner: Learner) -> None:
    await learner.agrees()
    await learner.sends("card:thu.bai_1:2")
    await learner.says("/hoc")
    assert "Nội dung của thẻ số 3" in await learner.presses("Học tiếp")


async def test_cards_take_each_other_s_place_in_one_message(learner: Learner) -> None:
    await learner.sends("card:thu.bai_1:0")
    await learner.presses("Tiếp")
    assert [reply.replaces for reply in learner.seen] == ["1"]


async def test_a_passed_quiz_completes_the_lesson_once(learner: Learner, database: Database) -> None:
    await learner.agrees()
    assert "Đạt" in await learner.takes("thu.bai_1")
    assert "Đạt" in await learner.takes("thu.bai_1")
    assert await one(database, "SELECT count(*) FROM completion") == 1
    assert await one(database, "SELECT count(*) FROM attempt WHERE passed") == 2
    assert await one(database, "SELECT day || ' ' || correct || '/' || questions FROM completion") == "2026-11-24 5/5"


async def test_a_failed_quiz_offers_another_try_the_lesson_and_the_topic(learner: Learner, database: Database) -> None:
    await learner.agrees()
    assert "**3/5**" in await learner.takes("thu.bai_1", wrong=2)
    assert [choice.label for choice in learner.buttons][:3] == ["Làm lại", "Đọc lại bài", "Nút dvc.nop_ho_so"]
    assert await one(database, "SELECT count(*) FROM completion") == 0


async def test_four_of_five_pass(learner: Learner) -> None:
    await learner.agrees()
    assert "Đạt" in await learner.takes("thu.bai_1", wrong=1)


async def test_every_answer_is_explained_at_once(learner: Learner) -> None:
    await learner.agrees()
    await learner.sends("quiz:thu.bai_1")
    await learner.presses("Bỏ qua")
    await learner.presses(learner._letter(right=False))
    assert "Chưa đúng" in learner.text
    assert "Vì nó đúng." in learner.text


async def test_a_second_tap_shows_the_first_answer_and_counts_nothing(learner: Learner, database: Database) -> None:
    await learner.agrees()
    await learner.sends("quiz:thu.bai_1")
    await learner.presses("Bỏ qua")
    right, wrong = (learner.button(learner._letter(right=side)).action for side in (True, False))
    first = await learner.sends(right)
    assert await learner.sends(right) == first
    assert await learner.sends(wrong) == first
    assert await one(database, "SELECT count(*) FROM answer") == 1


async def test_a_quiz_goes_on_after_days_with_the_questions_it_began_with(
    learner: Learner, database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock, tmp_path: Path
) -> None:
    await learner.agrees()
    await learner.sends("quiz:thu.bai_1")
    await learner.presses("Bỏ qua")
    await learner.presses(learner._letter(right=True))
    clock.move(5 * 86400)
    changed = make_content(tmp_path)
    make_course(changed)
    for path in (changed / "vi" / "courses" / "thu").glob("bai_*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("Câu hỏi số", "Câu mới số"), encoding="utf-8")
    later = Learner(database, dialogue, replace(office, catalogue=load_catalogue(changed / "vi")), clock)
    await later.says("/hoc")
    assert "câu 2/5" in await later.presses("Làm tiếp")
    assert "Câu hỏi số" in later.text
    assert "Đạt" in await later.answers()


async def test_the_last_quiz_opens_after_all_lessons_and_completes_the_course(
    learner: Learner, database: Database
) -> None:
    await learner.agrees()
    await learner.takes("thu.bai_1")
    assert "học xong hết các bài" in await learner.sends("final:thu")
    await learner.takes("thu.bai_2")
    await learner.presses("bài cuối khóa")
    assert "Đạt" in await learner.answers()
    assert await one(database, "SELECT count(*) FROM completion WHERE kind = 'course'") == 1
    assert learner.button("Lấy giấy hoàn thành")


async def test_questions_come_back_for_review_three_a_day_at_most(
    learner: Learner, database: Database, clock: VirtualClock
) -> None:
    await learner.agrees()
    await learner.takes("thu.bai_1", wrong=1)
    clock.move(4 * 86400)
    await learner.says("/hoc")
    await learner.presses("Ôn 3 câu")
    assert "câu 1/3" in learner.text
    assert "Ôn xong" in await learner.answers()
    assert "Ôn xong" in await learner.sends("review")
    assert await one(database, "SELECT count(*) FROM attempt WHERE kind = 'review'") == 1


async def test_an_answer_offers_the_lesson_about_its_topic(
    database: Database, dialogue: Dialogue, office: Office, clock: VirtualClock
) -> None:
    taught = replace(dialogue, asking=replace(dialogue.asking, lessons=office.catalogue.about()))
    learner = Learner(database, taught, office, clock)
    await learner.says("các bước nộp hồ sơ trực tuyến")
    assert "Nội dung của thẻ số 1" in await learner.presses("Học 2 phút về việc này")
