"""Greetings, forms of address and politeness around a request: recognised, so that they do not pull the topic.

A word matches with its accents or with none, since half of all messages have none. What is nothing but wrapping is left
whole.
"""

from __future__ import annotations

from intents.text import fold, tokens

_WHO = (
    "em|anh|chị|cô|chú|bác|ông|bà|con|cháu|mình|tôi|ad|admin|bot|bạn|shop|anh chị|cô chú|quý cơ quan|trợ lý|cán bộ"
    "|mọi người|các bạn|cả nhà|e|c"
)
_WHO_AT_END = "em|anh|chị|cô|chú|bác|ad|admin|bot|bạn|shop|anh chị|cô chú|mọi người|các bạn|cả nhà|mn"


def _spread(patterns: str, who: str) -> frozenset[tuple[str, ...]]:
    """Each line, with ``*`` standing for every form of address and ``+`` for a second one; each with its accents and
    without any.
    """
    out = set()
    for pattern in patterns.strip().splitlines():
        words = pattern.split()
        firsts = who.split("|") if "*" in words else [""]
        seconds = who.split("|") if "+" in words else [""]
        for first in firsts:
            for second in seconds:
                spelled = tuple(tokens(" ".join(words).replace("*", first).replace("+", second)))
                out |= {spelled, tuple(fold(word) for word in spelled)}
    return frozenset(out)


_BEFORE = _spread(
    """
    alo
    a lô
    hello
    hi
    hi *
    hey
    dạ
    dạ thưa
    thưa *
    vâng
    chào
    chào *
    xin chào
    xin chào *
    kính chào *
    kính gửi *
    dạ chào *
    em chào *
    con chào *
    cháu chào *
    chào buổi sáng
    * ơi
    ơi
    làm ơn
    làm phiền *
    xin lỗi
    cho hỏi
    xin hỏi
    cho * hỏi
    cho * hỏi tí
    cho * hỏi xíu
    cho * hỏi chút
    cho * hỏi với
    cho hỏi chút
    cho hỏi tí
    cho hỏi xíu
    * cho + hỏi
    * cho hỏi
    * ơi cho hỏi
    * muốn hỏi
    * xin hỏi
    * cần hỏi
    hỏi chút
    hỏi tí
    hỏi xíu
    * ơi cho + hỏi
    nhờ * chỉ giúp
    nhờ * tư vấn
    nhờ * hướng dẫn
    nhờ * chỉ
    """,
    _WHO,
)
_AFTER = _spread(
    """
    ạ
    nha
    nhé
    nhen
    nghen
    hả
    hen
    với
    vậy
    vậy ạ
    vậy *
    thế ạ
    v
    z
    v ad
    z ad
    *
    * ơi
    giúp * với
    giúp với
    giúp * nha
    giúp *
    chỉ * với
    chỉ giúp
    chỉ giúp *
    với ạ
    với *
    cảm ơn
    cảm ơn *
    xin cảm ơn
    em cảm ơn
    với nha
    đi *
    hả *
    vậy ta
    ta
    """,
    _WHO_AT_END,
)
_LONGEST = max(map(len, _BEFORE | _AFTER))
LEFT = 2  # words that must remain


def unwrap(words: list[str]) -> list[str]:
    """``words`` without what wraps the request at either end."""
    start, end = 0, len(words)
    while (size := _match(words[start : min(end, start + _LONGEST)], _BEFORE)) and end - start - size >= LEFT:
        start += size
    while (size := _match(words[max(start, end - _LONGEST) : end], _AFTER, at_end=True)) and end - start - size >= LEFT:
        end -= size
    return words[start:end]


def _match(words: list[str], phrases: frozenset[tuple[str, ...]], *, at_end: bool = False) -> int:
    """How many of ``words``, from the start or at the end, are the longest of ``phrases``."""
    for size in range(len(words), 0, -1):
        if tuple(words[-size:] if at_end else words[:size]) in phrases:
            return size
    return 0
