"""Greetings, forms of address and politeness around a request: recognised, so that they do not pull the topic.

Matched without accents, since half of all messages have none. What is nothing but wrapping is left whole.
"""

from __future__ import annotations

from intents.text import fold

_WHO = (
    "em|anh|chi|co|chu|bac|ong|ba|con|chau|minh|toi|ad|admin|bot|ban|shop|anh chi|co chu|quy co quan|tro ly|can bo"
    "|moi nguoi|cac ban|ca nha|a|e|c"
)


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(line.split()) for line in text.strip().splitlines())


def _spread(patterns: str) -> frozenset[tuple[str, ...]]:
    """Each line, with ``*`` standing for every form of address and ``+`` for a second one."""
    out = set()
    for pattern in patterns.strip().splitlines():
        words = pattern.split()
        firsts = _WHO.split("|") if "*" in words else [""]
        seconds = _WHO.split("|") if "+" in words else [""]
        for first in firsts:
            for second in seconds:
                out.add(tuple(" ".join(words).replace("*", first).replace("+", second).split()))
    return frozenset(out)


_BEFORE = _spread(
    """
    alo
    a lo
    hello
    hi
    hi *
    hey
    da
    da thua
    thua *
    vang
    u
    chao
    chao *
    xin chao
    xin chao *
    kinh chao *
    kinh gui *
    da chao *
    em chao *
    con chao *
    chau chao *
    chao buoi sang
    * oi
    oi
    lam on
    lam phien *
    xin loi
    cho hoi
    xin hoi
    cho * hoi
    cho * hoi ti
    cho * hoi xiu
    cho * hoi chut
    cho * hoi voi
    cho hoi chut
    cho hoi ti
    cho hoi xiu
    * cho + hoi
    * cho hoi
    * oi cho hoi
    * muon hoi
    * xin hoi
    * can hoi
    hoi chut
    hoi ti
    hoi xiu
    * oi cho + hoi
    nho * chi giup
    nho * tu van
    nho * huong dan
    nho * chi
    """
)
_AFTER = _spread(
    """
    a
    nha
    nhe
    nhen
    nghen
    ha
    hen
    voi
    vay
    vay a
    vay *
    the a
    z
    z ad
    *
    * oi
    giup * voi
    giup voi
    giup * nha
    giup *
    chi * voi
    chi giup
    chi giup *
    voi a
    voi *
    cam on
    cam on *
    xin cam on
    em cam on
    voi nha
    di *
    ha *
    vay ta
    ta
    """
) - _phrases("ba\ncon\nong")
_LONGEST = max(map(len, _BEFORE | _AFTER))
LEFT = 2  # words that must remain


def unwrap(words: list[str]) -> list[str]:
    """``words`` without what wraps the request at either end."""
    folded = [fold(word) for word in words]
    start, end = 0, len(words)
    while (size := _match(folded, start, end, _BEFORE, at_end=False)) and end - start - size >= LEFT:
        start += size
    while (size := _match(folded, start, end, _AFTER, at_end=True)) and end - start - size >= LEFT:
        end -= size
    return words[start:end]


def _match(folded: list[str], start: int, end: int, phrases: frozenset[tuple[str, ...]], *, at_end: bool) -> int:
    for size in range(min(_LONGEST, end - start), 0, -1):
        piece = tuple(folded[end - size : end] if at_end else folded[start : start + size])
        if piece in phrases:
            return size
    return 0
