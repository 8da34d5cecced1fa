"""The verbs as they are typed, in a process of their own."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.metrics.made import make_metrics
from tests.site import REPO, settings

KEY = "k" * 40


def typed(folder: Path, *words: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPO), "EVIDENCE_KEY": key}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_metrics(tmp_path)
    (tmp_path / "config.yaml").write_text(json.dumps(settings()), encoding="utf-8")
    return tmp_path


def planted(site: Path) -> None:
    rows = sqlite3.connect(site / "site.db")
    rows.execute("UPDATE tally SET n = n + 1 WHERE measure = 'any' AND dimension = 'all' AND scope = 'turn'")
    rows.commit()
    rows.close()


def test_a_demo_is_made_verified_spoilt_rebuilt_and_exported(site: Path) -> None:
    made = typed(site, "demo", "--people", "120", "--until", "2026-11-24", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["people"] == 120

    again = typed(site, "demo", "--people", "5")
    assert again.returncode == 2 and "the database holds people (120 of the channel 'demo')" in again.stderr

    clean = typed(site, "metrics", "verify")
    assert clean.returncode == 0 and "0 differences" in clean.stdout

    planted(site)
    spoilt = typed(site, "metrics", "verify", "--json")
    found = json.loads(spoilt.stdout)
    assert spoilt.returncode == 1 and found["questions"] == []
    assert all(each["kept"] == each["counted"] + 1 for each in found["differences"]) and found["differences"]
    assert "metrics rebuild" in typed(site, "metrics", "verify").stdout

    rebuilt = typed(site, "metrics", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert typed(site, "metrics", "verify").returncode == 0

    exported = typed(site, "metrics", "evidence", "--period", "2026", "--out", "e.csv")
    assert exported.returncode == 0, exported.stderr
    data = (site / "e.csv").read_bytes()
    assert data.startswith("\ufeffMã ẩn danh".encode())
    assert typed(site, "metrics", "evidence", "--period", "2026", "--public", "--out", "p.csv", key="").returncode == 0
    assert {path.name for path in site.iterdir() if "csv" in path.name} == {"e.csv", "p.csv"}, "no half-written file"

    record = [json.loads(line) for line in typed(site, "staff", "audit").stdout.splitlines()]
    assert [entry["action"] for entry in record] == ["rebuild figures", "export evidence", "export evidence"]
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert record[1]["after"] == {"file": "e.csv", "public": False, "rows": len(rows) - 1, "left_out": 0}


@pytest.mark.parametrize(
    ("words", "key", "message"),
    [
        (("--period", "2026", "--out", "e.csv"), "short", "EVIDENCE_KEY is missing or shorter than 32"),
        (("--period", "Q3", "--out", "e.csv"), KEY, "is not a period"),
        (("--period", "2026", "--area", "1", "--out", "e.csv"), KEY, "is not the code of a ward"),
        (("--period", "2026", "--out", "nowhere/e.csv"), KEY, "there is no folder nowhere"),
    ],
)
def test_an_export_that_cannot_be_made_says_what_to_do(
    site: Path, words: tuple[str, ...], key: str, message: str
) -> None:
    refused = typed(site, "metrics", "evidence", *words, key=key)
    assert refused.returncode == 2 and message in refused.stderr
    assert not list(site.glob("**/*.csv"))[1:], "only the content's own"
