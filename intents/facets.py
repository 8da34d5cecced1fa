"""What part of an answer a question asks for: its fee, papers, time, place, steps, online way or legal side.

Vietnamese marks these with set phrases, mostly at the end: the one that weighs most decides, of equals the last.
Matched without accents, after short forms are written out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from intents.text import fold

_Y = re.compile(r"\b(h|k|l|m|s|t|qu)y\b")  # as ``text.canonical`` spells them


def _phrases(table: str) -> list[tuple[str, int, re.Pattern[str]]]:
    """(facet, weight, pattern) for each section of ``facets.txt``."""
    names: dict[str, str] = {}
    sections: list[tuple[str, int, list[str]]] = []
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            facet, weight = line.strip("[]").split()
            sections.append(("" if facet == "none" else facet, int(weight), []))
        elif sections:
            sections[-1][2].append(re.sub("<([A-Z]+)>", lambda match: names[match[1]], line))
        else:
            name, _, pattern = line.partition(" = ")
            names[name] = pattern
    return [
        (facet, weight, re.compile(rf"\b(?:{_Y.sub(lambda match: match[1] + 'i', '|'.join(lines))})"))
        for facet, weight, lines in sections
    ]


_PHRASES = _phrases((Path(__file__).parent / "facets.txt").read_text(encoding="utf-8"))

# Words that a question about a facet is made of when it names no subject of its own: "còn phí thì sao", "ở đâu vậy".
_SUBJECTLESS = frozenset(
    """
    phi le tien bao nhieu het ton mat gia dong trieu nghin mien giam o dau cho nao noi ra toi den di gap ai giay to gi
    can mang theo cam dem ho so gom nhung may ngay bua lau khi chung gio thang tuan nam moi luc online onl mang tren qua
    dien thoai duoc khong ko co phai thi sao con the cai do nay kia no lam vay a nha ha nhe luat phat bi buoc bat cac
    cach nhu tuc buoc link trang nop gui va la hay voi roi chua ma xong lay nhan ket qua can cu quy dinh nghi quyen vay
    u oi bot ad tre cham qua han som dung phuong xa minh toi em vu viec thu cu mau don to khai mot lan nua them tai nha
    """.split()  # noqa: SIM905  a table a person can read
)


def facet(words: Sequence[str]) -> str:
    """The facet that canonical ``words`` ask for; empty: none in particular."""
    folded = " ".join(fold(word) for word in words)
    best, found = (0, -1), ""
    for name, weight, pattern in _PHRASES:
        for match in pattern.finditer(folded):
            if (weight, match.end()) > best:
                best, found = (weight, match.end()), name
    return found


def subjectless(words: Sequence[str]) -> bool:
    """Whether ``words`` name no subject, so that only what was talked about before can be meant."""
    return bool(words) and all(fold(word) in _SUBJECTLESS for word in words)
