from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.review.likeness import folded, key, nearest, parts
from bot.review.queue import KEPT, group_new, spokesman
from bot.storage import people, questions, review
from bot.storage.database import Database
from bot.storage.questions import Question

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
SYLLABLES = ["dang", "ky", "tam", "tru", "xin", "giay", "xac", "nhan", "doc", "than", "o", "dau"]
WORDS = st.lists(st.sampled_from(SYLLABLES), min_size=4, max_size=9)


def test_case_marks_signs_and_tone_places_do_not_tell_questions_apart() -> None:
    assert len({folded(text) for text in ("Thuỷ lợi phí?", "thủy lợi phí", "THUY LOI PHI", "thuy  loi  phi!")}) == 1


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("xin giay xac nhan doc than", "xin giay xac nhan docthan", True),
        ("da xin giay xac nhan doc than", "xin giay xac nhan doc than", True),
        ("phi tam tru", "phi tam vang", False),
        ("mat can cuoc", "mat bang lai", False),
    ],
)
def test_a_slip_or_a_filler_is_near_and_another_subject_is_not(one: str, other: str, near: bool) -> None:
    assert (nearest(one, [other]) == other) is near


@given(WORDS, st.data())
def test_texts_that_differ_by_one_word_share_a_part(words: list[str], data: st.DataObject) -> None:
    unlike = [*words]
    unlike.insert(data.draw(st.integers(0, len(words))), data.draw(st.sampled_from(["tiem", "boi", "cong"])))
    found = parts(" ".join(words))
    assert len(found) == 1 or set(found) & set(parts(" ".join(unlike)))


async def ask(database: Database, words: list[str], first: int = 1) -> None:
    async with database.write() as tx:
        person = (await people.ensure(tx, {("telegram", "7")}, NOW))["telegram", "7"].id
        rows = [
            Question(first + n, person, NOW, each, "abstain", None, 0.1, (), "v1", "2026-11")
            for n, each in enumerate(words)
        ]
        await questions.put(tx, rows)


async def groups(database: Database) -> list[tuple[int, set[str]]]:
    async with database.write() as tx:
        while await group_new(tx, NOW, 2):
            pass
        found, left = await review.queue(tx, NOW - KEPT, 100)
        assert left == len(found)
        worded = [await review.group(tx, each.key, NOW - KEPT) for each in found]
    return [(each.count, set(each.wordings)) for each in worded if each]


async def test_questions_alike_are_one_group_whatever_batch_they_come_in(database: Database) -> None:
    same = ["xin giấy xác nhận độc thân ở đâu", "xin giay xac nhan doc than o dau", "xin giấy xác nhận độc thn ở đâu"]
    await ask(database, [same[0], "thủ tục nuôi yến", *same[1:], same[0]])
    assert await groups(database) == [(4, set(same)), (1, {"thủ tục nuôi yến"})]


async def test_questions_that_come_later_join_the_group_that_is_there(database: Database) -> None:
    await ask(database, ["xin giấy xác nhận độc thân ở đâu"])
    await groups(database)
    await ask(database, ["Xin giấy xác nhận độc thân ở đâu ạ", "XIN GIAY XAC NHAN DOC THAN O DAU"], 10)
    assert [count for count, _ in await groups(database)] == [3]


async def test_a_group_is_known_by_its_decision_after_its_questions_are_forgotten(database: Database) -> None:
    await ask(database, ["thủ tục nuôi yến"])
    ((group,), _) = await _queue(database)
    decision = review.Decision(group.key, "thủ tục nuôi yến", "new_topic", None, None, NOW)
    async with database.write() as tx:
        await review.decide(tx, decision)
        await questions.forget_words(tx, NOW + dt.timedelta(days=1))
    await ask(database, ["Thủ tục nuôi yến?"], 10)
    assert await groups(database) == []


async def test_what_is_forgotten_leaves_no_trace_of_its_words(database: Database) -> None:
    await ask(database, ["thủ tục nuôi yến"])
    await groups(database)
    async with database.write() as tx:
        await questions.forget_words(tx, NOW + dt.timedelta(days=1))
        row = (await tx.execute(text("SELECT words, wording, group_key FROM question"))).one()
        left = (await tx.execute(text("SELECT count(*) FROM likeness_part"))).scalar()
    assert (tuple(row), left) == ((None, None, None), 0)


async def test_a_decision_is_unique_to_its_group(database: Database) -> None:
    first = review.Decision("k", "câu", "topic", "a.b", None, NOW)
    async with database.write() as tx:
        assert await review.decide(tx, first)
        assert not await review.decide(tx, review.Decision("k", None, "ignore", None, None, NOW))
        assert await review.decision(tx, "k") == first


def test_the_wording_shown_has_accents_where_any_has() -> None:
    assert spokesman(("nuoi yen", "nuôi yến")) == "nuôi yến"
    assert spokesman(("nuoi yen", "nuoiyen")) == "nuoi yen"


def test_equal_texts_have_equal_keys_and_others_do_not() -> None:
    assert key("a b") == key("a b") != key("b a")


async def _queue(database: Database) -> tuple[list[review.Group], int]:
    async with database.write() as tx:
        await group_new(tx, NOW)
        return await review.queue(tx, NOW - KEPT, 10)
