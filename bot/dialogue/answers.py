"""An article, or one facet of it, as a Reply: what was asked first, then where it stands and when it was checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.config import Site
from bot.content.articles import Library
from bot.content.models import FACETS, Article, Facet, FacetName
from bot.dialogue.actions import encode
from bot.dialogue.replies import Choice, Reply
from bot.i18n import Texts

Rows = tuple[tuple[Choice, ...], ...]

FACETS_A_ROW = 3
SOURCES = 2  # named under a summary; each facet names its own


def whole(
    article: Article,
    texts: Texts,
    library: Library,
    site: Site,
    today: dt.date,
    question: int,
    first: FacetName | None = None,
) -> Reply:
    """The summary, after the facet asked for, if any, with buttons for the other facets, related topics and the
    person's verdict on ``question`` (0: none).
    """
    parts = [f"**{article.title}**"]
    if first:
        parts += [f"**{texts('facet.' + first)}**", *_body(article.facets[first], first, texts, today)]
    parts += [article.summary.strip(), *_warning(article, texts, site, today)]
    if article.sources:
        cited = article.facets[first].source if first else tuple(article.sources)[:SOURCES]
        parts.append(_footer(article, cited, texts))
    elif article.opens is None:
        parts.append(f"_{texts('answer.checked', date=texts.date(article.reviewed))}_")
    rows = facet_rows(article, texts, without=first) + related_rows(article, library) + verdict_row(texts, question)
    return Reply("\n\n".join(parts), rows)


def part(article: Article, name: FacetName, facet: Facet, texts: Texts, site: Site, today: dt.date) -> Reply:
    """One facet, with buttons for the others."""
    parts = [f"**{article.title} · {texts('facet.' + name).lower()}**", *_body(facet, name, texts, today)]
    parts += [*_warning(article, texts, site, today), _footer(article, facet.source, texts)]
    return Reply("\n\n".join(parts), facet_rows(article, texts, without=name))


def _body(facet: Facet, name: FacetName, texts: Texts, today: dt.date) -> list[str]:
    """What the facet says on ``today``, and where to check it."""
    parts = []
    if facet.valid_until and facet.after and today > facet.valid_until:
        parts.append(facet.after.strip())
    else:
        parts += [facet.text.strip()] if facet.text else []
        parts += [items(facet.items, numbered=name == "steps")] if facet.items else []
    if facet.check:
        parts.append(texts("answer.check", place=facet.check.strip().rstrip(".")))
    return parts


def items(lines: Iterable[str], *, numbered: bool) -> str:
    """A markup list."""
    return "\n".join((f"{number}. " if numbered else "- ") + line.strip() for number, line in enumerate(lines, 1))


def facet_rows(article: Article, texts: Texts, without: FacetName | None = None) -> Rows:
    names = [name for name in FACETS if name in article.facets and name != without]
    buttons = [Choice(texts("facet." + name), encode("facet", article.id, name)) for name in names]
    return tuple(tuple(buttons[start : start + FACETS_A_ROW]) for start in range(0, len(buttons), FACETS_A_ROW))


def related_rows(article: Article, library: Library) -> Rows:
    return topic_rows(article.related, library)


def topic_rows(topics: Sequence[str], library: Library) -> Rows:
    """One row a topic; topics without an article are left out."""
    known = (article for topic in topics if (article := library.get(topic)))
    return tuple((Choice(article.label, encode("topic", article.id)),) for article in known)


def verdict_row(texts: Texts, question: int) -> Rows:
    if not question:
        return ()
    right = Choice("👍 " + texts("verdict.right"), encode("right", question))
    wrong = Choice("👎 " + texts("verdict.wrong"), encode("wrong", question))
    return ((right, wrong),)


def _footer(article: Article, keys: Iterable[str], texts: Texts) -> str:
    titles = "; ".join(dict.fromkeys(article.sources[key].title.rstrip(".") for key in keys))
    return f"_{texts('answer.source', sources=titles.replace('_', ' '), date=texts.date(article.reviewed))}_"


def _warning(article: Article, texts: Texts, site: Site, today: dt.date) -> list[str]:
    if today <= article.review_by:
        return []
    return [texts("answer.overdue", date=texts.date(article.review_by), portal=site.portal, hotline=site.hotline)]
