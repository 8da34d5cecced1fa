"""What part of an answer a question asks for: its fee, papers, time, place, steps, online way or legal basis.

Learnt from examples like topics are, but of every topic, so that only the words of the aspect are left to learn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from intents.matcher import Matcher, cached
from intents.text import fold
from intents.topics import BadFile, Topic
from intents.train import Progress

NONE = "none"
SURE = 0.5  # below this no facet is taken to be asked for

# Words that a question about a facet is made of when it names no subject of its own: "còn phí thì sao", "ở đâu vậy".
_SUBJECTLESS = frozenset(
    """
    phi le tien bao nhieu het ton mat gia dong trieu nghin mien giam o dau cho nao noi ra toi den di gap ai giay to gi
    can mang theo cam dem ho so gom nhung may ngay bua lau khi chung gio thang tuan nam moi luc online onl mang tren qua
    dien thoai duoc khong ko co phai thi sao con the cai do nay kia no lam vay a nha ha nhe luat phat bi buoc bat cac
    cach nhu tuc buoc link trang nop gui va la hay voi roi chua ma xong lay nhan ket qua can cu quy dinh nghi quyen vay
    u oi bot ad dung phuong xa minh toi em vu viec thu cu mau don to khai mot lan nua them tai nha
    """.split()  # noqa: SIM905  a table a person can read
)


class Facets:
    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    @classmethod
    def build(
        cls, examples: Mapping[str, Sequence[str]], cache: Path, progress: Progress = lambda stage, done: None
    ) -> Facets:
        """``examples``: facet → questions that ask for it, ``none`` → those that ask for none. Kept in ``cache``."""
        topics = [Topic(facet, tuple(said), served=facet != NONE) for facet, said in examples.items()]
        return cls(cached(cache, topics, progress))

    def of(self, text: str) -> str:
        """The facet that ``text`` asks for; empty: none in particular."""
        decision = self._matcher.match(text)
        first = decision.candidates[0] if decision.candidates and not decision.outside else None
        return first.topic if first and first.probability >= SURE else ""

    def subjectless(self, words: Sequence[str]) -> bool:
        """Whether canonical ``words`` name no subject, so that only what was talked about before can be meant."""
        return bool(words) and all(fold(word) in _SUBJECTLESS for word in words)


def read_facets(path: Path) -> dict[str, list[str]]:
    """{facet: examples} of a YAML file; empty where there is no such file. Raises BadFile."""
    if not path.exists():
        return {}
    data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict) or not all(isinstance(said, list) and said for said in data.values()):
        raise BadFile(f"{path}:1: is not a mapping of facets to examples → write `fee:` and a list under it")
    return {str(facet): [str(text) for text in said] for facet, said in data.items()}
