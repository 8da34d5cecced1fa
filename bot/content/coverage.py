"""Which facets each article answers, so that an editor sees the gaps at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.content.models import FACETS, Article

YES, NO = "●", "·"


def coverage(articles: Iterable[Article]) -> dict[str, dict[str, int]]:
    """Topic → {facet: 1 or 0, "utterances": how many}, in the order of ``FACETS``."""
    return {
        article.id: {facet: int(facet in article.facets) for facet in FACETS} | {"utterances": len(article.utterances)}
        for article in articles
    }


def as_table(rows: dict[str, dict[str, int]]) -> Iterator[str]:
    """One line a topic, and how many articles have each facet."""
    width = max(map(len, rows), default=0)
    yield " " * width + "".join(f"{facet:>10}" for facet in FACETS) + "  utterances"
    for topic, row in rows.items():
        marks = "".join(f"{YES if row[facet] else NO:>10}" for facet in FACETS)
        yield f"{topic:<{width}}{marks}{row['utterances']:>12}"
    sums = "".join(f"{sum(row[facet] for row in rows.values()):>10}" for facet in FACETS)
    yield f"{'articles with it':<{width}}{sums}{sum(row['utterances'] for row in rows.values()):>12}"
