from __future__ import annotations

import gc
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from bot.documents import DocumentError, load, read, uncollected


class Card(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    sizes: tuple[int, ...] = ()


def problems(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load(path, Card)
    return [str(problem) for problem in caught.value.problems]


def test_a_repeated_key_is_an_error_that_names_both_lines(tmp_path: Path) -> None:
    (found,) = problems(tmp_path / "a.yaml", "name: x\nsizes: [1]\nname: y\n")
    assert "a.yaml:3: [name] stands twice (first on line 1) → keep one of the two" in found


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "No", "ON"])
def test_a_word_that_yaml_turns_into_a_boolean_must_be_quoted(tmp_path: Path, word: str) -> None:
    (found,) = problems(tmp_path / "a.yaml", f"name: {word}\n")
    assert f"YAML reads '{word}' as a boolean" in found
    assert "in quotes" in found


def test_a_key_that_yaml_turns_into_a_boolean_must_be_quoted(tmp_path: Path) -> None:
    found = problems(tmp_path / "a.yaml", "name: x\non: 1\n")
    assert any("the key 'on'" in line and ":2:" in line for line in found)


def test_a_wrong_value_is_reported_with_file_line_field_and_what_was_found(tmp_path: Path) -> None:
    (found,) = problems(tmp_path / "a.yaml", "name: x\nsizes:\n  - 1\n  - hai\n")
    assert "a.yaml:4: [sizes.1]" in found
    assert "'hai'" in found


def test_a_number_where_text_is_wanted_asks_for_quotes(tmp_path: Path) -> None:
    (found,) = problems(tmp_path / "a.yaml", "name: 113\n")
    assert "in quotes" in found


def test_an_unknown_field_asks_to_remove_it_or_fix_its_name(tmp_path: Path) -> None:
    (found,) = problems(tmp_path / "a.yaml", "name: x\nnmae: y\n")
    assert "a.yaml:2: [nmae]" in found
    assert "fix its name" in found


def test_every_mistake_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path / "a.yaml", "nmae: y\nsizes: [a, b]\n")) == 4


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"a: [1", "is not YAML"), (b"\xff\xfe", "is not UTF-8"), (b"a: 'x\n b: c: d", "is not YAML")],
)
def test_what_is_no_yaml_is_an_error_with_a_remedy(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=says):
        read(path)


def test_a_missing_file_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        read(tmp_path / "none.yaml")


def test_an_impossible_date_is_reported_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("name: 2026-13-45\n")
    with pytest.raises(DocumentError, match=r"a\.yaml:1: \[name\]"):
        load(path, Card)


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert "[name]" in problems(tmp_path / "a.yaml", "")[0]


def test_a_mistake_is_looked_up_by_its_place_and_else_by_the_nearest_place_that_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# first\nname:\n  x\nparts:\n  - lessons:\n      - a\n      - b\n", encoding="utf-8")
    document = read(path)
    lines = {
        (): 2,
        ("name",): 2,
        ("parts", 0, "lessons"): 5,
        ("parts", 0, "lessons", 1): 7,
        ("parts", 0, "lessons", 9): 5,
        ("parts", 0, "title"): 5,
        ("none", 0): 2,
    }
    assert {place: document.line(place) for place in lines} == lines


def test_garbage_is_collected_again_once_the_files_are_read_even_after_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(DocumentError), uncollected():
        assert not gc.isenabled()
        read(tmp_path / "none.yaml")
    assert gc.isenabled()
