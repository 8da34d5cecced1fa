from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from pathlib import Path

import click
from sqlalchemy import make_url

from bot.cli.session import PROBLEMS, open_settings, or_stop, stop
from bot.clock import SystemClock
from bot.content.lexicon import load_words
from bot.storage import review
from bot.storage.database import Database
from bot.storage.review import Decision
from intents import Matcher
from intents.topics import from_content


@click.command()
@click.option(
    "--against", type=click.Path(path_type=Path), required=True, help="The new content: a folder that holds vi/."
)
@click.option("--limit", type=click.IntRange(min=1), help="Only so many wordings, the most frequent ones.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def replay(config: Path, against: Path, limit: int | None, as_json: bool) -> None:
    """Which logged questions new content would answer otherwise, and how both do on what editors decided.

    Only reads the database, which may be in use. Exit code 1 when fewer of the reviewed questions would be right.
    """
    from bot.review.replaying import as_text  # here: only this verb needs it
    from bot.review.replaying import replay as run
    from intents.__main__ import show_progress

    settings, _ = open_settings(config)
    if not (against / "vi" / "articles").is_dir():
        stop(f"{against}: holds no vi/articles → name a content folder such as {settings.content}")
    path = make_url(settings.storage.url).database or ""
    if not Path(path).exists():
        stop(f"{path}: there is no such database → start the assistant once, or name the right settings (--config)")
    logged, reviewed = or_stop(lambda: asyncio.run(_read(settings.storage.url, settings.limits.question_days, limit)))
    cache = Path(settings.model_cache)
    old = or_stop(lambda: _matcher(Path(settings.content), cache, "running"))
    new = or_stop(lambda: _matcher(against, cache / "replay", "new"))
    found = run(old, new, logged, reviewed, lambda done: show_progress("replaying", done))
    click.echo(json.dumps(found.to_json(), ensure_ascii=False) if as_json else as_text(found))
    sys.exit(PROBLEMS if found.worse else 0)


async def _read(url: str, days: int, limit: int | None) -> tuple[list[tuple[str, int]], list[Decision]]:
    database = await Database.open(url)
    try:
        async with database.read() as tx:
            since = SystemClock().now() - dt.timedelta(days=days)
            return await review.logged(tx, since, limit), await review.decisions(tx)
    finally:
        await database.close()


def _matcher(content: Path, cache: Path, name: str) -> Matcher:
    """Kept in ``cache``, which holds one matcher: the new content's has a folder of its own."""
    from intents.__main__ import show_progress
    from intents.matcher import cached

    root = content / "vi"
    topics = from_content(root)
    return cached(cache, topics, lambda stage, done: show_progress(f"{name}: {stage}", done), load_words(root))
