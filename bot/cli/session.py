"""What the verbs share: settings read, logs set up, and errors that end the program with a remedy."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import log
from bot.config import Secrets, Settings, load_secrets, load_settings
from bot.documents import DocumentError
from bot.storage.database import Database
from bot.storage.migrate import NewerDatabase
from intents.topics import BadFile

T = TypeVar("T")

PROBLEMS = 1  # exit code: a check found something
UNUSABLE = 2  # exit code: settings, content or arguments cannot be used


def open_settings(config: Path) -> tuple[Settings, Secrets]:
    """Read the settings and send logs where they say. Ends the program when they cannot be used."""
    settings = or_stop(lambda: load_settings(config))
    log.configure(settings.log.level, settings.log.format)
    return settings, load_secrets(os.environ)


def or_stop(do: Callable[[], T]) -> T:
    """The value of ``do()``, or the end of the program with what is wrong, where, and what helps."""
    try:
        return do()
    except (DocumentError, BadFile, NewerDatabase) as error:
        stop(str(error))


def stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(UNUSABLE)


def write(settings: Settings, do: Callable[[AsyncConnection], Awaitable[None]]) -> None:
    """Run ``do`` in one transaction on the site's database; what ends the program rolls it back."""

    async def session() -> None:
        database = await Database.open(settings.storage.url, settings.storage.synchronous)
        try:
            async with database.write() as tx:
                await do(tx)
        finally:
            await database.close()

    or_stop(lambda: asyncio.run(session()))
