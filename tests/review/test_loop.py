"""The whole loop: a question nobody could answer → review in chat → export → replay → answered."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.app import load_core, open_database
from bot.cli import main
from bot.clock import SystemClock
from bot.config import load_settings
from bot.review.queue import KEPT, group_new
from bot.storage import people, questions, review
from bot.storage.database import Database
from bot.storage.questions import Question
from bot.storage.review import Decision
from tests.clock import VirtualClock
from tests.learner import Learner
from tests.site import make_site

ADMIN, CITIZEN = "900", "5"
QUESTION = "dẫn người yêu về ngủ qua đêm"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_site(tmp_path, staff={"admins": [int(ADMIN)]})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verb(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def talk(do: Callable[[Callable[[str], Learner]], Awaitable[None]]) -> None:
    """Chat through the real worker, on the site's own database and its content as it is now."""
    core = load_core(load_settings(Path("config.yaml")))
    clock = VirtualClock(SystemClock().now())

    async def session() -> None:
        database: Database = await open_database(core.settings, core.metrics)
        try:
            await do(lambda chat: Learner(database, core.dialogue, core.office, clock, chat=chat))
        finally:
            await database.close()

    asyncio.run(session())


def ask_and_decide() -> None:
    async def do(someone: Callable[[str], Learner]) -> None:
        citizen, admin = someone(CITIZEN), someone(ADMIN)
        await citizen.says(QUESTION)
        assert citizen.seen[0].decision is not None and citizen.seen[0].decision["kind"] != "answer"
        assert QUESTION in await admin.says("/cau_hoi")
        await admin.presses("Chủ đề khác")
        await admin.says("cutru.tam_tru")
        assert "Đã ghi" in await admin.presses("Nút cutru.tam_tru")

    talk(do)


def decided() -> None:
    """A question and a decision on it, as ``ask_and_decide`` leaves them, without talking."""

    async def do() -> None:
        settings, now = load_settings(Path("config.yaml")), SystemClock().now()
        database = await Database.open(settings.storage.url)
        async with database.write() as tx:
            person = (await people.ensure(tx, {("telegram", CITIZEN)}, now))["telegram", CITIZEN].id
            asked = Question(1, person, now, QUESTION, "abstain", None, 0.1, (), "v1", "2026-11")
            await questions.put(tx, [asked])
            await group_new(tx, now)
            ((group,), _) = await review.queue(tx, now - KEPT, 1)
            await review.decide(tx, Decision(group.key, QUESTION, "topic", "cutru.tam_tru", person, now))
        await database.close()

    asyncio.run(do())


def test_a_question_nobody_could_answer_is_answered_after_review_export_and_replay(site: Path) -> None:
    ask_and_decide()
    shutil.copytree("content", "new")
    assert QUESTION in verb("review", "export").stdout

    applied = verb("review", "export", "--apply", "--content", "new")
    assert applied.exit_code == 0
    assert applied.stdout == "new/vi/articles/cutru/tam_tru.yaml: changed\n"
    after = Path("new/vi/articles/cutru/tam_tru.yaml").read_text(encoding="utf-8")
    before = Path("content/vi/articles/cutru/tam_tru.yaml").read_text(encoding="utf-8")
    assert after.replace(f"- {QUESTION}\n", "") == before

    replayed = verb("replay", "--against", "new", "--json")
    assert replayed.exit_code == 0
    found = json.loads(replayed.stdout)
    assert {"words": QUESTION, "count": 1, "after": "answers cutru.tam_tru"}.items() <= found["changed"][0].items()
    assert found["reviewed"]["before"] == 0.0 and found["reviewed"]["after"] == 1.0

    shutil.rmtree("content")
    shutil.move("new", "content")

    async def ask_again(someone: Callable[[str], Learner]) -> None:
        citizen = someone(CITIZEN)
        assert "Việc cutru.tam_tru" in await citizen.says(QUESTION)
        assert citizen.seen[0].decision is not None and citizen.seen[0].decision["topic"] == "cutru.tam_tru"

    talk(ask_again)


def test_applying_twice_changes_nothing(site: Path) -> None:
    decided()
    verb("review", "export", "--apply")
    content = {path: path.read_bytes() for path in Path("content").rglob("*.yaml")}
    with closing(sqlite3.connect("site.db")) as database:
        exported = database.execute("SELECT * FROM question_review").fetchall()
        again = verb("review", "export", "--apply")
        assert again.exit_code == 0 and again.stdout == ""
        assert database.execute("SELECT * FROM question_review").fetchall() == exported
    assert {path: path.read_bytes() for path in Path("content").rglob("*.yaml")} == content
    assert verb("review", "export").stdout == "{}\n"


def test_what_was_written_but_not_marked_is_marked_the_next_time(site: Path) -> None:
    decided()
    verb("review", "export", "--apply")
    with closing(sqlite3.connect("site.db")) as database:
        with database:
            database.execute("UPDATE question_review SET exported_at = NULL")
        assert verb("review", "export", "--apply").stdout == ""
        assert database.execute("SELECT exported_at IS NULL FROM question_review").fetchall() == [(0,)]


def test_a_refused_utterance_is_named_left_waiting_and_the_exit_code_says_so(site: Path) -> None:
    decided()
    with closing(sqlite3.connect("site.db")) as database:
        with database:
            database.execute("UPDATE question_review SET words = 'Mất căn cước làm lại sao?'")
        result = verb("review", "export", "--apply")
        assert result.exit_code == 1
        assert "stands in cancuoc.mat already" in result.stderr
        assert database.execute("SELECT exported_at FROM question_review").fetchall() == [(None,)]


def test_the_patch_can_be_written_to_a_file_and_marks_nothing(site: Path) -> None:
    decided()
    assert verb("review", "export", "--out", "patch.yaml").exit_code == 0
    text = Path("patch.yaml").read_text(encoding="utf-8")
    assert text == f"topics:\n  cutru.tam_tru:\n  - {QUESTION}\n"
    assert QUESTION in verb("review", "export").stdout
    assert verb("review", "export", "--out", "patch.yaml", "--apply").exit_code == 2


def test_the_list_shows_what_waits_for_an_editor_and_what_for_export(site: Path) -> None:
    decided()
    with closing(sqlite3.connect("site.db")) as database, database:
        database.execute("DELETE FROM question_review")
    found = json.loads(verb("review", "list", "--json").stdout)
    assert (found["left"], found["open"][0]["words"], found["open"][0]["count"]) == (1, QUESTION, 1)
    assert QUESTION in verb("review", "list").stdout
    with closing(sqlite3.connect("site.db")) as database, database:
        database.execute(
            "INSERT INTO question_review (key, words, decision, topic, decided_at) VALUES (?, 'a', 'topic', 'a.b', 1)",
            [found["open"][0]["key"]],
        )
    found = json.loads(verb("review", "list", "--json").stdout)
    assert (found["left"], [each["topic"] for each in found["decided"]]) == (0, ["a.b"])


def test_replay_fails_when_fewer_reviewed_questions_would_be_right(site: Path) -> None:
    decided()
    shutil.copytree("content", "old")
    verb("review", "export", "--apply")
    worse = verb("replay", "--against", "old")
    assert worse.exit_code == 1
    assert "- answers cutru.tam_tru\n       + " in worse.stdout
    assert "right 100.0% → 0.0%" in worse.stdout and "lost" in worse.stdout


def test_replay_only_reads_and_does_not_wait_for_a_writer(site: Path) -> None:
    decided()
    shutil.copytree("content", "new")
    with closing(sqlite3.connect("site.db", isolation_level=None)) as writer:
        before = "\n".join(writer.iterdump())
        writer.execute("BEGIN IMMEDIATE")
        result = verb("replay", "--against", "new", "--limit", "5")
        writer.execute("ROLLBACK")
        assert result.exit_code == 0 and "0 would change" in result.stdout
        assert "\n".join(writer.iterdump()) == before


def test_replay_keeps_the_running_matcher_beside_the_new_one(site: Path) -> None:
    decided()
    shutil.copytree("content", "new")
    (Path("new/vi/articles/dvc/nop_ho_so.yaml")).unlink()
    verb("replay", "--against", "new")
    verb("replay", "--against", "new")
    assert [len(list(Path(folder).glob("*.model"))) for folder in ("var/model", "var/model/replay")] == [1, 1]


@pytest.mark.parametrize("against", ["nowhere", "content/vi"])
def test_replay_says_what_it_needs(site: Path, against: str) -> None:
    result = verb("replay", "--against", against)
    assert result.exit_code == 2 and "holds no vi/articles" in result.stderr
