from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.documents import DocumentError
from bot.i18n import load_texts
from tests.site import REPO

CONTENT = REPO / "content"


def catalogue(language: str) -> dict[str, str]:
    with (CONTENT / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_both_catalogues_hold_the_same_keys() -> None:
    assert catalogue("vi").keys() == catalogue("en").keys()


def test_every_key_used_in_code_stands_in_the_catalogue_and_the_other_way_round() -> None:
    written = set()
    for path in (REPO / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
    prefixes = ("facet.", "command.", "audience.", "age.", "role.", "kind.", "newgroup.", "profile.", "how.",
                "announce.", "manage.", "unit.", "compose.", "bstatus.")  # fmt: skip
    # those of the pages stand in templates: tests/web/test_texts.py
    prefixes += ("web.",)
    keys = catalogue("vi").keys()
    assert {key for key in keys if not key.startswith(prefixes)} <= written
    shaped = re.compile(rf"({'|'.join({key.split('.')[0] for key in keys})})\.[a-z_]+")
    used = {
        text
        for text in written
        if shaped.fullmatch(text) and not text.startswith(("bot.", "site.", "answer.po", "web.url"))
    }
    assert {text for text in used if not text.endswith(".yaml")} <= keys


def test_the_same_values_are_named_in_both_languages() -> None:
    english = catalogue("en")
    for key, text in catalogue("vi").items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", english[key])), key


def test_dates_and_numbers_are_written_as_people_here_write_them() -> None:
    vi, en = load_texts(CONTENT, "vi"), load_texts(CONTENT, "en")
    assert vi.date(dt.date(2026, 11, 4)) == "04/11/2026"
    assert vi.number(812422) == "812.422"
    assert en.number(812422) == "812,422"


def test_an_unknown_key_is_an_error_not_a_text() -> None:
    with pytest.raises(KeyError):
        load_texts(CONTENT, "vi")("no.such_key")


def test_a_missing_catalogue_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="restore the catalogue"):
        load_texts(tmp_path, "vi")
