"""Load every article under ``content/<language>/articles``."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.models import Article
from bot.documents import DocumentError, Problem, read, validate


@dataclass(frozen=True)
class Library:
    """All articles by id, and a version that changes whenever any of their files does."""

    articles: Mapping[str, Article]
    version: str
    root: Path

    def get(self, topic: str) -> Article | None:
        return self.articles.get(topic)

    def path(self, topic: str) -> Path:
        return article_path(self.root, topic)

    def overdue(self, today: dt.date) -> list[Article]:
        """Articles past their review date, the longest overdue first."""
        late = [article for article in self.articles.values() if article.review_by < today]
        return sorted(late, key=lambda article: article.review_by)


def article_path(root: Path, topic: str) -> Path:
    group, name = topic.split(".", 1)
    return root / "articles" / group / f"{name}.yaml"


def load_library(root: Path) -> Library:
    """Every article under ``root`` (such as ``content/vi``).

    Raises:
        DocumentError: with the problems of all files at once.
    """
    articles: dict[str, Article] = {}
    problems: list[Problem] = []
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        try:
            article = _load(path)
        except DocumentError as error:
            problems += error.problems
        else:
            articles[article.id] = article
    problems += _dangling(root, articles) if not problems else []
    if not articles and not problems:
        problems.append(Problem(root / "articles", 1, "", "holds no article", "add <group>/<name>.yaml"))
    if problems:
        raise DocumentError(problems)
    return Library(articles, digest.hexdigest()[:12], root)


def _files(root: Path) -> list[Path]:
    return sorted((root / "articles").glob("*/*.yaml"))


def _load(path: Path) -> Article:
    document = read(path)
    if isinstance(document.data, dict):
        if "id" in document.data:
            raise DocumentError([document.problem(("id",), "comes from the file's place", "remove it")])
        document.data["id"] = f"{path.parent.name}.{path.stem}"
    return validate(document, Article)


def _dangling(root: Path, articles: Mapping[str, Article]) -> Iterator[Problem]:
    for article in articles.values():
        for index, topic in enumerate(article.related):
            if topic not in articles:
                document = read(article_path(root, article.id))
                yield document.problem(("related", index), f"{topic!r} is no article", "name a topic that exists")
