from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.chat import converse
from bot.cli.session import open_settings, or_stop, stop
from bot.config import WEBHOOK_SECRET
from bot.i18n import load_texts


@click.command()
@click.pass_obj
def run(config: Path) -> None:
    """Start the assistant; without a Telegram token, chat in this terminal."""
    settings, secrets = open_settings(config)
    if secrets.telegram_token is None:
        say = or_stop(lambda: load_texts(Path(settings.content), settings.site.language))
        click.echo(say("console.no_token"))
        converse(settings, as_json=False)
        return
    if settings.channels.telegram.mode == "webhook" and secrets.webhook_secret is None:
        stop(f"{WEBHOOK_SECRET} is not set, and channels.telegram.mode is webhook → set it to 1-256 of A-Z a-z 0-9 _ -")
    from bot.app import load_core, serve_telegram
    from intents.__main__ import show_progress

    core = or_stop(lambda: load_core(settings, show_progress))
    or_stop(lambda: asyncio.run(serve_telegram(core, secrets)))
