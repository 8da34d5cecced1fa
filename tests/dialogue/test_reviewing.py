"""The editor's queue in chat: one group at a time, decided with one tap, audited, and closed to everybody else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.content.outside import Outside
from bot.dialogue.desk import Office
from bot.dialogue.respond import Dialogue
from bot.storage import people, questions, staff
from bot.storage.database import Database
from bot.storage.questions import Outcome, Question
from tests.clock import VirtualClock
from tests.learner import Learner

CITIZEN, EDITOR, OTHER = "5", "77", "78"


@pytest.fixture
def desk(office: Office, dialogue: Dialogue) -> Office:
    entry = Outside(
        id="xem_boi", label="Xem bói", reply="Trợ lý không xem bói.", utterances=("xem bói đầu năm", "coi tuổi")
    )
    return replace(office, matcher=dialogue.asking.matcher, outside={entry.topic: entry})


@pytest.fixture
async def editor(database: Database, dialogue: Dialogue, desk: Office, clock: VirtualClock) -> Learner:
    return await made_editor(database, dialogue, desk, clock, EDITOR)


async def made_editor(database: Database, dialogue: Dialogue, desk: Office, clock: VirtualClock, chat: str) -> Learner:
    async with database.write() as tx:
        person = (await people.ensure(tx, {("telegram", chat)}, clock.now()))["telegram", chat]
        await staff.grant(tx, person.id, "editor", clock.now())
    return Learner(database, dialogue, desk, clock, chat=chat)


async def asked(
    database: Database,
    clock: VirtualClock,
    *words: str,
    outcome: Outcome = "abstain",
    verdict: int | None = None,
    topic: str | None = None,
    outside: str | None = None,
    days_ago: float = 0,
) -> None:
    """Questions of one citizen, as the worker keeps them."""
    at = clock.now() - dt.timedelta(days=days_ago)
    async with database.write() as tx:
        person = (await people.ensure(tx, {("telegram", CITIZEN)}, at))["telegram", CITIZEN].id
        first = 1 + ((await tx.execute(text("SELECT max(id) FROM question"))).scalar() or 100)
        ids = range(first, first + len(words))
        rows = [
            Question(id, person, at, each, outcome, topic, 0.2, (("cutru.tam_tru", 0.2),), "v1", "2026-11", outside)
            for id, each in zip(ids, words, strict=True)
        ]
        await questions.put(tx, rows)
        for id in ids if verdict is not None else ():
            await questions.give_verdict(tx, id, person, bool(verdict), at)


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    async with database.read() as tx:
        return [tuple(row) for row in await tx.execute(text(query))]


async def test_an_unanswered_question_is_shown_with_its_count_candidates_and_reasons(
    editor: Learner, database: Database, clock: VirtualClock
) -> None:
    await asked(database, clock, "giấy tạm trú xin ở đâu", "giay tam tru xin o dau", "Giấy tạm trú xin ở đâu?")
    said = await editor.says("/cau_hoi")
    assert "Còn **1** nhóm" in said
    assert "“giấy tạm trú xin ở đâu”" in said or "“Giấy tạm trú xin ở đâu?”" in said
    assert "Số lần hỏi: **3**, gần nhất ngày 24/11/2026. Chưa trả lời được 3, hỏi lại 0, bị chê 0." in said
    assert "1. Việc cutru.tam_tru: " in said and "tam tru" in said
    assert next(choice.label for choice in editor.buttons if choice.action.startswith("judge")) == "Nút cutru.tam_tru"


async def test_the_most_frequent_group_comes_first_and_goes_once_decided(
    editor: Learner, database: Database, clock: VirtualClock
) -> None:
    await asked(database, clock, "trồng lúa mùa nào", "thủ tục nuôi yến", "thủ tục nuôi yến")
    assert "thủ tục nuôi yến" in await editor.says("/cau_hoi")
    said = await editor.presses("Cần chủ đề mới")
    assert "Đã ghi: **cần chủ đề mới**" in said and "trồng lúa mùa nào" in said and "Còn **1** nhóm" in said
    assert "Không còn câu hỏi nào" in await editor.presses("Bỏ qua")
    assert await rows(database, "SELECT words, decision FROM question_review ORDER BY decision") == [
        (None, "ignore"),
        ("thủ tục nuôi yến", "new_topic"),
    ]


@pytest.mark.parametrize(
    ("kept", "waits"),
    [
        ({"outcome": "abstain"}, True),
        ({"outcome": "clarify"}, True),
        ({"outcome": "clarify", "topic": "cutru.tam_tru"}, False),
        ({"outcome": "answer", "topic": "cutru.tam_tru"}, False),
        ({"outcome": "answer", "topic": "cutru.tam_tru", "verdict": 1}, False),
        ({"outcome": "answer", "topic": "cutru.tam_tru", "verdict": 0}, True),
        ({"outcome": "clarify", "topic": "cutru.tam_tru", "verdict": 0}, True),
        ({"outcome": "abstain", "outside": "outside.xem_boi"}, False),
        ({"outcome": "abstain", "days_ago": 31}, False),
    ],
)
async def test_only_what_nobody_could_answer_waits(
    editor: Learner, database: Database, clock: VirtualClock, kept: dict[str, Any], waits: bool
) -> None:
    await asked(database, clock, "câu này thì sao", **kept)
    assert ("câu này thì sao" in await editor.says("/cau_hoi")) is waits


async def test_a_question_that_was_chosen_for_or_forgotten_later_leaves_the_queue(
    editor: Learner, database: Database, clock: VirtualClock
) -> None:
    await asked(database, clock, "câu chọn sau", outcome="clarify")
    await asked(database, clock, "câu quên sau")
    assert "Còn **2** nhóm" in await editor.says("/cau_hoi")
    async with database.write() as tx:
        await questions.choose(tx, 101, 2, "cutru.tam_tru")
        assert (await tx.execute(text("SELECT topic FROM question WHERE id = 101"))).scalar() == "cutru.tam_tru"
        await questions.forget(tx, text("id = 102"))  # type: ignore[arg-type]
    assert "Không còn câu hỏi nào" in await editor.says("/cau_hoi")
    assert await rows(database, "SELECT count(*) FROM likeness_part WHERE question_id = 102") == [(0,)]


async def test_another_topic_is_found_by_typed_words_or_by_its_id(
    editor: Learner, database: Database, clock: VirtualClock
) -> None:
    await asked(database, clock, "câu một khó", "việc hai lạ")
    await editor.says("/cau_hoi")
    await editor.presses("Chủ đề khác")
    assert "Không tìm thấy" in await editor.says("🤷")
    await editor.says("căn cước bị mất")
    assert "Đã ghi: **Việc cancuoc.mat**" in await editor.presses("Nút cancuoc.mat")
    await editor.presses("Chủ đề khác")
    await editor.says("dvc.nop_ho_so")
    await editor.presses("Nút dvc.nop_ho_so")
    decided = await rows(database, "SELECT decision, topic FROM question_review ORDER BY topic")
    assert decided == [("topic", "cancuoc.mat"), ("topic", "dvc.nop_ho_so")]


async def test_what_lies_outside_gets_the_entry_that_says_so_or_none(
    database: Database, dialogue: Dialogue, desk: Office, clock: VirtualClock
) -> None:
    from intents import Matcher, Topic

    topics = [Topic("cutru.tam_tru", ("đăng ký tạm trú", "ở trọ"))]
    topics += [Topic(each.topic, each.utterances, served=False) for each in desk.outside.values()]
    editor = await made_editor(database, dialogue, replace(desk, matcher=Matcher.build(topics)), clock, EDITOR)
    await asked(database, clock, "coi bói tuổi tôi", "coi bói tuổi tôi", "một chuyện khác hẳn")
    await editor.says("/cau_hoi")
    await editor.presses("Ngoài phạm vi")
    assert "Đã ghi: **ngoài phạm vi, Xem bói**" in await editor.presses("Xem bói")
    await editor.presses("Ngoài phạm vi")
    await editor.presses("Chưa có mục nào hợp")
    decided = await rows(database, "SELECT decision, topic FROM question_review ORDER BY topic")
    assert decided == [("outside", None), ("outside", "outside.xem_boi")]


async def test_a_wrong_tap_can_be_taken_back_until_it_is_exported(
    editor: Learner, database: Database, clock: VirtualClock
) -> None:
    await asked(database, clock, "thủ tục nuôi yến")
    await editor.says("/cau_hoi")
    await editor.presses("Bỏ qua")
    undo = editor.button("Sửa câu vừa rồi").action
    assert "thủ tục nuôi yến" in await editor.sends(undo)
    await editor.presses("Cần chủ đề mới")
    async with database.write() as tx:
        await tx.execute(text("UPDATE question_review SET exported_at = 1"))
    assert "không rút lại được" in await editor.sends(undo)


async def test_two_editors_decide_on_a_group_once(
    editor: Learner, database: Database, dialogue: Dialogue, desk: Office, clock: VirtualClock
) -> None:
    other = await made_editor(database, dialogue, desk, clock, OTHER)
    await asked(database, clock, "thủ tục nuôi yến")
    await editor.says("/cau_hoi")
    await other.says("/cau_hoi")
    await editor.presses("Cần chủ đề mới")
    assert "đã có người xử lý" in await other.presses("Bỏ qua")
    assert await rows(database, "SELECT decision FROM question_review") == [("new_topic",)]


async def test_every_decision_leaves_an_audit_record(editor: Learner, database: Database, clock: VirtualClock) -> None:
    await asked(database, clock, "thủ tục nuôi yến")
    await editor.says("/cau_hoi")
    await editor.presses("Cần chủ đề mới")
    await editor.presses("Sửa câu vừa rồi")
    found = await rows(database, "SELECT actor, action, before, after FROM audit ORDER BY id")
    decision = '{"decision":"new_topic","topic":null}'
    assert found == [(1, "review question", None, decision), (1, "take back review", decision, None)]


async def test_nobody_else_sees_or_decides_anything(
    editor: Learner, database: Database, dialogue: Dialogue, desk: Office, clock: VirtualClock
) -> None:
    await asked(database, clock, "thủ tục nuôi yến")
    await editor.says("/cau_hoi")
    actions = [choice.action for choice in editor.buttons]
    stranger = Learner(database, dialogue, desk, clock, chat="666")
    for action in [*actions, actions[0].replace("judge", "unjudge").rsplit(":", 1)[0], "unanswered"]:
        assert "nuôi yến" not in await stranger.sends(action)
    assert "nuôi yến" not in await stranger.says("/cau_hoi")
    assert await rows(database, "SELECT count(*) FROM question_review") == [(0,)]
    assert await rows(database, "SELECT DISTINCT action FROM audit") == [("refused",)]


async def test_who_lost_the_role_while_typing_is_refused(
    editor: Learner, database: Database, clock: VirtualClock
) -> None:
    await asked(database, clock, "thủ tục nuôi yến")
    await editor.says("/cau_hoi")
    await editor.presses("Chủ đề khác")
    async with database.write() as tx:
        await staff.revoke(tx, 1, "editor")
    await editor.says("tạm trú")
    assert not editor.buttons


async def test_forged_data_decides_nothing(editor: Learner, database: Database, clock: VirtualClock) -> None:
    await asked(database, clock, "thủ tục nuôi yến")
    await editor.says("/cau_hoi")
    key = editor.button("Bỏ qua").action.split(":")[1]
    for action in (f"judge:{key}:khong.co", "judge:abc:ignore", f"judge:{key}:outside.khong_co", "unjudge:abc"):
        await editor.sends(action)
    assert await rows(database, "SELECT count(*) FROM question_review") == [(0,)]
