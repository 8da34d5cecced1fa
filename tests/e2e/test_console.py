from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.site import REPO, make_site


def run(folder: Path, *arguments: str, said: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("TELEGRAM")}
    env |= {"PYTHONPATH": str(REPO), **environment}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=folder, input=said, capture_output=True, text=True, env=env, timeout=60)


def test_json_chat_answers_line_by_line_and_ends_with_exit_code_0(tmp_path: Path) -> None:
    make_site(tmp_path)
    done = run(tmp_path, "chat", "--json", said="mất căn cước làm lại sao\n🙂🙂\n")
    assert done.returncode == 0, done.stderr
    answer, unknown = [json.loads(line) for line in done.stdout.splitlines()]
    assert answer["decision"]["topic"] == "cancuoc.mat"
    assert unknown["decision"]["kind"] == "abstain"


def test_run_without_a_token_says_so_in_one_line_and_opens_the_console(tmp_path: Path) -> None:
    make_site(tmp_path)
    done = run(tmp_path, "run", said="mất căn cước làm lại sao\n", PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first == "Chưa có TELEGRAM_TOKEN, nên mở trò chuyện ngay trong cửa sổ này."
    assert any("Việc cancuoc.mat" in line for line in rest)


def test_it_works_in_a_terminal_without_utf_8(tmp_path: Path) -> None:
    make_site(tmp_path)
    done = run(
        tmp_path, "chat", "--json", said="mat can cuoc lam lai sao\n", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING=""
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["decision"]["topic"] == "cancuoc.mat"


def test_a_wrong_setting_stops_the_start_with_exit_code_2(tmp_path: Path) -> None:
    path = make_site(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("synchronous: normal", "synchronous: maybe"), encoding="utf-8"
    )
    done = run(tmp_path, "run")
    assert done.returncode == 2
    assert "config.yaml:" in done.stderr
    assert "storage.synchronous" in done.stderr
    assert "'full' or 'normal'" in done.stderr


def test_check_passes_good_content_and_names_what_is_overdue(tmp_path: Path) -> None:
    make_site(tmp_path)
    done = run(tmp_path, "check", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["articles"], found["problems"]) == (0, 5, [])


def test_check_ends_with_exit_code_1_on_a_problem(tmp_path: Path) -> None:
    make_site(tmp_path)
    path = tmp_path / "content" / "vi" / "articles" / "cancuoc" / "mat.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("owner: to", "owner: la"), encoding="utf-8")
    done = run(tmp_path, "check")
    assert done.returncode == 1
    assert "'la' is no owner of this site" in done.stdout


def test_a_question_set_aside_for_evaluation_may_not_be_an_utterance(tmp_path: Path) -> None:
    make_site(tmp_path)
    (tmp_path / "dev.tsv").write_text("text\tintent\nXin cấp lại thẻ căn cước bị mất!\tcancuoc.mat\n", encoding="utf-8")
    done = run(tmp_path, "check", "--refuse", "dev.tsv")
    assert done.returncode == 1
    assert "is nearly a question of dev.tsv" in done.stdout
