"""Plain Vietnamese, as far as a machine can check it: short sentences, abbreviations explained, labels that fit.

Pure functions from text to findings; ``bot check`` turns findings into problems with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.content.markup import parse
from bot.content.models import Article

MAX_WORDS = 25  # a sentence's length in syllables that a tired reader still takes in at once
MAX_SUMMARY_SENTENCES = 3
MAX_STEPS = 8

# Names and signs that everybody meets on a phone, a sign or a uniform: no need to spell them out.
COMMON = frozenset(
    """
    VNeID VssID eTax QR OTP SIM PDF NFC AI SMS TP.HCM TP HCM USB 3G 4G 5G APK ID CCCD CMND URL Zalo iOS GB MB KB WiFi
    VPN ATM CV PIN CVV CH EVNHCMC IP GPS PC TV
    """.split()  # noqa: SIM905  one list a person can read
)

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZĐÀ-Ỹ\"“(])|;\s")
_CAPITALS = re.compile(r"(?<![\w./-])[A-ZĐ][A-ZĐ.]*[A-ZĐ](?![\w/-])")
_EXPLAINED = re.compile(r"\(([A-ZĐ.]{2,})[,)]|([A-ZĐ.]{2,}) \((?=[a-zà-ỹđ])")


def sentences(markup: str) -> Iterator[str]:
    for block in parse(markup):
        for sentence in _SENTENCE_END.split(block.text):
            if sentence.strip():
                yield sentence.strip()


def long_sentences(markup: str) -> Iterator[str]:
    """Sentences of more than MAX_WORDS words; a word is a run of letters or figures."""
    return (sentence for sentence in sentences(markup) if len(re.findall(r"[\w.,/@:-]*\w", sentence)) > MAX_WORDS)


def unexplained(texts: Iterable[str]) -> set[str]:
    """Abbreviations that no text explains as ``tên đầy đủ (VIẾT TẮT)`` and that are not COMMON.

    Numbers of legal documents (``69/2024/NĐ-CP``) are names, not abbreviations.
    """
    used: set[str] = set()
    known: set[str] = set()
    for text in texts:
        plain = "\n".join(block.text for block in parse(text))
        used.update(_CAPITALS.findall(plain))
        known.update(filter(None, (part for pair in _EXPLAINED.findall(plain) for part in pair)))
    return used - known - COMMON


def texts(article: Article) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of an article that a person reads, with its place in the file."""
    yield ("summary",), article.summary
    for name, facet in article.facets.items():
        if facet.text:
            yield ("facets", name, "text"), facet.text
        for index, item in enumerate(facet.items):
            yield ("facets", name, "items", index), item
        if facet.after:
            yield ("facets", name, "after"), facet.after


def findings(article: Article) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Place, message and remedy of everything in ``article`` that is hard to read."""
    for place, text in texts(article):
        for sentence in long_sentences(text):
            yield place, f"a sentence has over {MAX_WORDS} words: {sentence[:60]!r}…", "split it in two"
    summary = list(sentences(article.summary))
    if len(summary) > MAX_SUMMARY_SENTENCES:
        yield (
            ("summary",),
            f"has {len(summary)} sentences",
            f"say it in {MAX_SUMMARY_SENTENCES}; move the rest to a facet",
        )
    steps = article.facets.get("steps")
    if steps and len(steps.items) > MAX_STEPS:
        yield ("facets", "steps", "items"), f"has {len(steps.items)} steps", f"join them to at most {MAX_STEPS}"
    for short in sorted(unexplained(text for _, text in texts(article))):
        yield (), f"the abbreviation {short!r} is not explained", f"write 'tên đầy đủ ({short})' where it first stands"
