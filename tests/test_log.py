from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

import pytest
import structlog

from bot import log
from tests.test_redaction import SECRETS


@pytest.fixture(params=["console", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = io.StringIO()
    log.configure("debug", request.param, stream)
    yield stream
    root.handlers, level = before
    root.setLevel(level)
    structlog.reset_defaults()


def raise_with(text: str) -> None:
    raise ValueError(f"bad input {text}")


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_no_line_of_ours_or_of_a_library_holds_a_secret(written: io.StringIO, secret: str) -> None:
    logger = structlog.get_logger("bot.test")
    logger.info(
        f"event {secret}", value=secret, nested={"key": [secret]}, **{"number": int(secret) if secret.isdigit() else 0}
    )
    logging.getLogger("library").warning("from a library: %s", secret)
    try:
        raise_with(secret)
    except ValueError:
        logger.exception("failed")
        logging.getLogger("library").exception("failed too")
    text = written.getvalue()
    assert text.count("bad input") >= 2, "the exceptions were logged"
    assert secret not in text


def test_a_time_stamp_and_a_level_stay_readable(written: io.StringIO) -> None:
    structlog.get_logger("bot.test").info("hello", count=3)
    line = written.getvalue()
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line)
    assert "info" in line
    assert "3" in line


def test_chatty_libraries_are_quiet(written: io.StringIO) -> None:
    logging.getLogger("telegram.ext").info("update {'from': …}")
    logging.getLogger("httpx").info("POST /bot…/getUpdates")
    assert written.getvalue() == ""
