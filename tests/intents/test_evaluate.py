from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from intents.__main__ import main
from intents.evaluate import evaluate
from intents.matcher import Candidate, Decision
from intents.topics import BadFile, Example, from_content, from_tsv, read_examples
from tests.site import TOPICS, make_content


class Says:
    """A matcher that decides by the first word."""

    topics = ("a", "b", "c")

    def match(self, text: str) -> Decision:
        kind, *topics = text.split()
        candidates = tuple(Candidate(topic, 0.9 / 2**rank) for rank, topic in enumerate(topics))
        return Decision(kind, candidates)  # type: ignore[arg-type]


def figures(*examples: Example) -> dict[str, object]:
    return evaluate(Says(), examples)  # type: ignore[arg-type]


def test_shares_are_counted_over_the_right_rows() -> None:
    found = figures(
        Example("answer a", ("a",), ("clean",)),
        Example("answer b", ("a",), ("clean", "long")),
        Example("clarify b a", ("a",)),
        Example("clarify b c", ("a",)),
        Example("abstain c", ()),
        Example("answer c", ()),
        Example("answer x", ("unknown",)),
    )
    assert (found["n"], found["n_in_scope"], found["skipped"], found["skipped_labels"]) == (6, 4, 1, ["unknown"])
    assert (found["accuracy"], found["accuracy_at_3"]) == (0.25, 0.5)
    assert (found["answered"], found["accuracy_answered"]) == (0.5, 0.5)
    assert (found["clarified"], found["clarified_has_right"]) == (0.5, 0.5)
    assert found["false_answers"] == 0.5
    assert found["by_style"]["long"] == {"n": 1, "accuracy": 0.0, "answered": 1.0}  # type: ignore[index]
    assert found["confusions"][0] == {"wanted": "a", "got": "b", "n": 3}  # type: ignore[index]


def test_either_of_two_labels_is_right() -> None:
    assert figures(Example("answer b", ("a", "b")))["accuracy"] == 1.0


def test_the_promised_keys_are_all_there() -> None:
    assert {
        "n", "accuracy", "accuracy_at_3", "answered", "accuracy_answered", "clarified", "clarified_has_right",
        "false_answers", "oos_auroc", "latency_us", "build_s", "by_style", "by_intent", "confusions",
    } <= figures(Example("answer a", ("a",))).keys()  # fmt: skip


def test_an_empty_side_gives_no_figure_rather_than_a_made_up_one() -> None:
    found = figures(Example("answer a", ("a",)))
    assert found["false_answers"] is None
    assert found["oos_auroc"] is None


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_file_of_questions_is_read_with_labels_and_styles(tmp_path: Path) -> None:
    path = write(tmp_path / "t.tsv", "text\tintent\tstyle", 'câu "một"\ta|b\tclean+long', "câu hai\tout_of_scope\t")
    assert read_examples(path) == [Example('câu "một"', ("a", "b"), ("clean", "long")), Example("câu hai", (), ())]
    assert [(topic.id, topic.served) for topic in from_tsv(path)] == [("a", True), ("out_of_scope", False)]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["câu\tintent"], "lacks the columns"),
        (["text\tintent", "câu"], ":2: lacks text or intent"),
        ([""], "lacks the columns"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_a_remedy(tmp_path: Path, rows: list[str], says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read_examples(write(tmp_path / "t.tsv", *rows))


def test_content_gives_topics_and_what_lies_outside_is_not_served(tmp_path: Path) -> None:
    content = make_content(tmp_path) / "vi"
    write(content / "outside.yaml", "topics:", "  - id: gia_vang", "    reply: x", "    utterances: [giá vàng hôm nay]")
    topics = {topic.id: topic for topic in from_content(content)}
    assert topics.keys() == TOPICS.keys() | {"outside.gia_vang"}
    assert not topics["outside.gia_vang"].served


def test_evaluate_prints_json_for_scripts(tmp_path: Path) -> None:
    train = write(tmp_path / "a.tsv", "text\tintent", "một hai\ta", "ba bốn\tb", "một ba\ta", "bốn năm\tb")
    result = CliRunner().invoke(main, ["evaluate", "--train", str(train), "--test", str(train), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["accuracy"] == 1.0


def test_match_shows_ranking_and_why(tmp_path: Path) -> None:
    train = write(tmp_path / "a.tsv", "text\tintent", "một hai\ta", "ba bốn\tb", "một ba\ta", "bốn năm\tb")
    result = CliRunner().invoke(main, ["match", "mot hai", "--train", str(train)])
    assert result.exit_code == 0, result.output
    assert "1. a" in result.output
    assert "answer from" in result.output


def test_a_missing_file_ends_with_exit_code_2_and_a_remedy(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["evaluate", "--test", str(tmp_path / "none.tsv")])
    assert result.exit_code == 2
    assert "check the path" in result.output
