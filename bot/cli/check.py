from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from bot.cli.session import PROBLEMS, open_settings, or_stop
from bot.content.articles import Library, load_library
from bot.content.competences import load_competences
from bot.content.consent import load_consent
from bot.content.courses import Catalogue, load_catalogue
from bot.content.coverage import as_table, coverage
from bot.content.indicators import Indicators, load_indicators
from bot.content.lexicon import load_words
from bot.content.links import load_official
from bot.content.menu import load_menu
from bot.content.models import Article
from bot.content.outside import load_outside
from bot.content.places import load_places
from bot.documents import Problem
from bot.i18n import load_texts
from intents.topics import read_examples


@click.command()
@click.option(
    "--refuse", type=click.Path(path_type=Path), multiple=True, help="A TSV whose questions may not be utterances."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def check(config: Path, refuse: tuple[Path, ...], as_json: bool) -> None:
    """Check settings and content; show which facets each article answers, and which are past their review date.

    Exit code 1 when something is wrong.
    """
    from bot.content.check import check_articles, dead_topics, leaked_questions  # here: only this verb needs them
    from bot.content.indicator_check import check_indicators
    from bot.content.quiz_check import check_courses

    settings, _ = open_settings(config)
    content = Path(settings.content)
    library = or_stop(lambda: load_library(content / "vi"))
    for part in (load_outside, load_menu, load_official, load_words, load_consent, load_competences):
        or_stop(partial(part, content / "vi"))
    for language in ("vi", "en"):
        or_stop(partial(load_texts, content, language))
    catalogue = or_stop(lambda: load_catalogue(content / "vi"))
    places = or_stop(lambda: load_places(content / "vi"))
    own = Path(settings.metrics.denominators) if settings.metrics.denominators else None
    indicators = or_stop(lambda: load_indicators(content / "vi", own))
    problems = check_articles(library, settings.site.owners) + check_courses(catalogue, library)
    rows = own or content / "vi" / "denominators.csv"
    problems += check_indicators(
        content / "vi" / "indicators.yaml", rows, indicators, catalogue.courses, places.units if places else ()
    )
    for name in ("menu", "places", "official"):
        problems += dead_topics(content / "vi" / f"{name}.yaml", library)
    for path in refuse:
        questions = [example.text for example in or_stop(partial(read_examples, path))]
        for file in sorted((content / "vi").rglob("*.yaml")):
            problems += leaked_questions(file, questions, path)
    overdue = library.overdue(dt.datetime.now(dt.UTC).date())
    show = _as_json if as_json else _as_text
    click.echo(show(library, catalogue, indicators, problems, overdue))
    sys.exit(PROBLEMS if problems else 0)


def _as_text(
    library: Library,
    catalogue: Catalogue,
    indicators: Indicators,
    problems: Sequence[Problem],
    overdue: Sequence[Article],
) -> str:
    lines = [*as_table(coverage(library.articles.values())), "", *map(str, problems)]
    lines += [f"past its review date ({late.review_by}): {late.id}, owner {late.owner}" for late in overdue]
    lines += [f"no value yet for {key} ({total.title}): {total.ask}" for key, total in indicators.wanted().items()]
    utterances = sum(len(article.utterances) for article in library.articles.values())
    lessons = list(catalogue.lessons())
    counts = f"{len(library.articles)} articles, {utterances} utterances, {len(catalogue.courses)} courses, "
    counts += f"{len(lessons)} lessons, {sum(len(lesson.questions) for lesson in lessons)} questions, "
    counts += f"{len(indicators.all)} indicators"
    return "\n".join([*lines, f"{counts}: {len(problems)} problems, {len(overdue)} past their review date"])


def _as_json(
    library: Library,
    catalogue: Catalogue,
    indicators: Indicators,
    problems: Sequence[Problem],
    overdue: Sequence[Article],
) -> str:
    found = {
        "articles": len(library.articles),
        "lessons": sum(1 for _ in catalogue.lessons()),
        "indicators": len(indicators.all),
        "no_value_yet": sorted(indicators.wanted()),
        "problems": [
            {"file": str(p.file), "line": p.line, "field": p.field, "message": p.message, "remedy": p.remedy}
            for p in problems
        ],
        "coverage": coverage(library.articles.values()),
        "overdue": [{"topic": a.id, "owner": a.owner, "review_by": str(a.review_by)} for a in overdue],
    }
    return json.dumps(found, ensure_ascii=False)
