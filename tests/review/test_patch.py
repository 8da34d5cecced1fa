"""Decisions become utterances, and nothing else of a content file changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.content.articles import load_library
from bot.content.outside import load_outside
from bot.documents import DocumentError, read
from bot.review.patch import Patch, as_yaml, changed_files, insert, patch, utterance
from bot.storage.review import Choice, Decision
from tests.site import REPO, make_content

NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
OUTSIDE = """\
# Neighbours.
topics:
  - id: xem_boi   # fortune
    label: Xem bói
    reply: "Trợ lý không xem bói."
    utterances:
      - coi tuổi  # common

  - id: lo_de
    label: Lô đề
    reply: Trợ lý không biết số đề.
    utterances:
    - đánh con gì
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_content(tmp_path) / "vi"
    (root / "outside.yaml").write_text(OUTSIDE, encoding="utf-8")
    return root


def decided(words: str, topic: str | None, decision: Choice = "topic", key: str = "") -> Decision:
    return Decision(key or words[:16], words, decision, topic, 1, NOW)


def planned(root: Path, *decisions: Decision) -> Patch:
    return patch(decisions, load_library(root), load_outside(root))


def written(root: Path, *decisions: Decision) -> dict[str, str]:
    return {path.name: text for path, text in changed_files(planned(root, *decisions), root).items()}


def test_an_utterance_is_inserted_as_one_line_at_the_end_of_its_list(root: Path) -> None:
    old = (root / "articles/cutru/tam_tru.yaml").read_text(encoding="utf-8")
    files = written(root, decided("khai báo khách ngủ lại nhà", "cutru.tam_tru"))
    last = "- thuê phòng mới có cần báo công an không\n"
    assert files == {"tam_tru.yaml": old.replace(last, last + "- khai báo khách ngủ lại nhà\n")}


def test_comments_blank_lines_and_indentation_stay(root: Path) -> None:
    new = written(
        root,
        decided("bói bài tây", "outside.xem_boi", "outside"),
        decided("hôm nay ra số mấy", "outside.lo_de", "outside"),
    )["outside.yaml"]
    assert new == OUTSIDE.replace("# common\n", "# common\n      - bói bài tây\n") + "    - hôm nay ra số mấy\n"


@pytest.mark.parametrize("name", ["bhyt/*.yaml", "meta/*.yaml", "vneid/*.yaml"])
def test_the_product_s_own_files_take_an_utterance_and_change_in_that_line_only(name: str) -> None:
    for path in (REPO / "content/vi/articles").glob(name):
        old = path.read_text(encoding="utf-8")
        new = insert(path, old, f"{path.parent.name}.{path.stem}", ["một câu hoàn toàn mới"])
        added = [line for line in new.splitlines() if "một câu hoàn toàn mới" in line]
        assert len(added) == 1 and new.replace(added[0] + "\n", "") == old


@pytest.mark.parametrize(
    "last",
    ["- 'trích: dẫn'", '- "hai\n  dòng"', "- dài quá\n  nên xuống dòng", "- |-\n  khối chữ", "- >-\n  gấp\n  dòng\n"],
)
@pytest.mark.parametrize("rest", ["", "\nlabel: Nhãn\n", "\n# hết\n"])
def test_whatever_the_last_utterance_looks_like_the_new_one_stands_after_it(last: str, rest: str) -> None:
    old = f"title: A\nutterances:\n- một\n{last}{rest}"
    data = yaml.safe_load(insert(Path("a.yaml"), old, "a.b", ["mới"]))
    assert data == yaml.safe_load(old) | {"utterances": [*yaml.safe_load(old)["utterances"], "mới"]}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=2, max_size=60))
def test_any_words_are_read_back_as_they_were(words: str) -> None:
    said = utterance(words)
    data = yaml.safe_load(insert(Path("a.yaml"), "utterances:\n  - một\nb: 1\n", "a.b", [said]))
    assert data == {"utterances": ["một", said], "b": 1}


def test_words_that_yaml_takes_for_something_else_are_quoted(root: Path, tmp_path: Path) -> None:
    words = ["no", "2026-11-24", "phí: bao nhiêu", "- gạch", "# thăng", "câu #2 là gì", "@ai"]
    path = tmp_path / "a.yaml"
    path.write_text(insert(path, "utterances:\n- một\n", "a.b", words), encoding="utf-8")
    assert read(path).data == {"utterances": ["một", *words]}


def test_windows_line_ends_stay(root: Path) -> None:
    assert insert(Path("a.yaml"), "utterances:\r\n- một\r\n", "a.b", ["hai"]) == "utterances:\r\n- một\r\n- hai\r\n"


def test_a_list_on_one_line_is_left_to_a_person() -> None:
    with pytest.raises(DocumentError, match="one a line"):
        insert(Path("a.yaml"), "utterances: [một, hai]\n", "a.b", ["ba"])


def test_an_utterance_of_another_topic_is_refused(root: Path) -> None:
    plan = planned(root, decided("Mất căn cước làm lại sao?", "cutru.tam_tru"), decided("coi tuổi!", "cutru.tam_tru"))
    assert [why.split(" already")[0] for _, why in plan.refused] == [
        "stands in cancuoc.mat",
        "stands in outside.xem_boi",
    ]
    assert not plan.topics


def test_an_utterance_that_stands_in_its_topic_already_is_known_and_inserted_once(root: Path) -> None:
    plan = planned(
        root,
        decided("Đăng ký tạm trú?", "cutru.tam_tru"),
        decided("câu mới toanh", "cutru.tam_tru"),
        decided("Câu mới toanh!", "cutru.tam_tru"),
    )
    assert [each.words for each in plan.known] == ["Đăng ký tạm trú?", "Câu mới toanh!"]
    assert [each.words for each in plan.topics["cutru.tam_tru"]] == ["câu mới toanh"]


def test_a_topic_that_is_gone_is_refused(root: Path) -> None:
    assert "khong.co is not in this content" in planned(root, decided("câu", "khong.co")).refused[0][1]


def test_labels_of_redaction_are_no_words_of_an_utterance() -> None:
    assert utterance("gọi [số] bị\nlừa  [mã] sao") == "gọi bị lừa sao"


def test_the_patch_names_what_to_insert_and_what_somebody_has_to_write(root: Path) -> None:
    plan = planned(
        root,
        decided("câu một", "cutru.tam_tru"),
        decided("câu hai", "outside.xem_boi", "outside"),
        decided("câu ba", None, "outside"),
        decided("câu bốn", None, "new_topic"),
        Decision("k", None, "ignore", None, 1, NOW),
    )
    assert yaml.safe_load(as_yaml(plan)) == {
        "topics": {"cutru.tam_tru": ["câu một"]},
        "outside": {"xem_boi": ["câu hai"]},
        "outside_without_entry": ["câu ba"],
        "new_topics": ["câu bốn"],
    }


def test_a_new_topic_that_somebody_wrote_is_known(root: Path) -> None:
    plan = planned(root, decided("ở trọ phải khai báo gì", None, "new_topic"))
    assert [each.words for each in plan.known] == ["ở trọ phải khai báo gì"] and not plan.by_hand
