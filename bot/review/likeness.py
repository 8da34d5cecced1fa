"""Which questions are one and the same: equal once folded, or so alike that only a slip tells them apart. Pure."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b
from zlib import crc32

from rapidfuzz import fuzz, process

from intents.text import fold, tokens

NEAR = 90.0  # per cent of equal letters from which two folded questions are one: a slip or a filler word apart
PARTS = 3


def folded(words: str) -> str:
    """The words alone, without case, marks and signs."""
    return " ".join(fold(word) for word in tokens(words))


def key(folded: str) -> str:
    """Sixteen signs that stand for a folded text."""
    return blake2b(folded.encode(), digest_size=8).hexdigest()


def parts(folded: str) -> list[int]:
    """Up to three numbers; texts that differ by one word, changed, added or left out, share at least one.

    Each word belongs to one of three parts by its letters; a changed word touches two of them, so the third is equal
    (where it has any words: very short texts may share none).
    """
    shares: list[set[str]] = [set() for _ in range(PARTS)]
    for word in folded.split():
        shares[crc32(word.encode()) % PARTS].add(word)
    return [_number(f"{place} {' '.join(sorted(share))}") for place, share in enumerate(shares) if share]


def nearest(folded: str, others: Collection[str]) -> str | None:
    """The one of ``others`` (folded) that ``folded`` is nearly equal to, if any."""
    found = process.extractOne(folded, others, scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[0] if found else None


def _number(text: str) -> int:
    """63 bits, which every database's integer holds."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
