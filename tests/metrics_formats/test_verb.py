"""``python -m bot report``: what it prints, writes and refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from bot.cli import main
from tests.site import make_course, make_indicators, make_site


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = make_site(tmp_path, log={"level": "error"})
    make_course(tmp_path / "content")
    make_indicators(tmp_path / "content")
    return path


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(config), "report", *arguments])


def test_text_goes_to_the_terminal(config: Path) -> None:
    result = run(config)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("BÁO CÁO KỸ NĂNG SỐ")


def test_json_can_be_piped(config: Path) -> None:
    result = run(config, "--period", "2026-Q3", "--format", "json", "--set", "THU")
    assert json.loads(result.stdout)["period"]["name"] == "2026-Q3"


def test_a_workbook_and_a_document_are_written_to_a_file(config: Path, tmp_path: Path) -> None:
    for kind in ("xlsx", "pdf"):
        assert run(config, "--format", kind, "--out", str(tmp_path / f"report.{kind}")).exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames[0] == "Tổng quan"
    assert len(PdfReader(io.BytesIO((tmp_path / "report.pdf").read_bytes())).pages) >= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "2026-Q5"], "write a month (2026-11), a quarter (2026-Q4) or a year (2026)"),
        (["--set", "DTI-1"], "one of THU"),
        (["--area", "Nam Cực"], "leave out --area"),
        (["--format", "pdf"], "add --out FILE.pdf"),
        (["--audience", "worker", "--group", "line"], "give only one of"),
        (["--format", "json", "--out", "none/of/these.json"], "choose another file"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_remedy(config: Path, arguments: list[str], said: str) -> None:
    result = run(config, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
