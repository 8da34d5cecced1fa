from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.session import open_settings, or_stop
from bot.config import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One message a line in, one JSON object a reply out.")
@click.pass_obj
def chat(config: Path, as_json: bool) -> None:
    """Talk to the assistant in this terminal."""
    settings, _ = open_settings(config)
    converse(settings, as_json)


def converse(settings: Settings, as_json: bool) -> None:
    """Until the end of standard input."""
    from bot.app import load_core, open_console
    from bot.channels.console import chat as talk
    from bot.channels.console import chat_json, standard_streams
    from intents.__main__ import show_progress

    core = or_stop(lambda: load_core(settings, show_progress))
    source, out = standard_streams()

    async def session() -> None:
        console, database = await open_console(core)
        try:
            if as_json:
                await chat_json(console, source, out)
            else:
                out.write(core.texts[settings.site.language]("console.welcome") + "\n")
                await talk(console, source, out)
        finally:
            await database.close()

    try:
        or_stop(lambda: asyncio.run(session()))
    except KeyboardInterrupt:
        out.write("\n")
