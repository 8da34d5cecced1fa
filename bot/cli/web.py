from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.session import open_settings, or_stop, stop


@click.command()
@click.pass_obj
def web(config: Path) -> None:
    """Serve the pages with the figures alone, without any channel, until it is stopped.

    `python -m bot run` serves them beside the channel when `web` is set.
    """
    settings, secrets = open_settings(config)
    if settings.web.url is None:
        stop("web.url is not set → set it in config.yaml to the address that browsers use")
    from bot.app import load_metrics, serve_web  # here: the other verbs do without a web server

    metrics = or_stop(lambda: load_metrics(settings))
    or_stop(lambda: asyncio.run(serve_web(settings, secrets, metrics)))
