"""What is said about pasted addresses. Strangers' addresses are shown broken, so that no chat makes them clickable."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.content.links import Judged
from bot.dialogue.answers import Rows
from bot.dialogue.replies import Reply
from bot.i18n import Texts

SHOWN = 3


def verdicts(judged: Sequence[Judged], rows: Rows, texts: Texts) -> Reply:
    """One text on the first few addresses, with ``rows`` as what to do next."""
    parts = [_one(each, texts) for each in judged[:SHOWN]]
    if any(each.package for each in judged):
        parts.append(texts("link.package"))
    return Reply("\n\n".join([*parts, texts("link.not_opened")]), rows)


def _one(judged: Judged, texts: Texts) -> str:
    match judged.verdict:
        case "official":
            return texts("link.official", host=judged.host, of=judged.of)
        case "open":
            return texts("link.store" if judged.store else "link.open", host=judged.host)
        case "hidden":
            return texts("link.hidden", host=_broken(judged.host))
        case "lookalike":
            return texts("link.lookalike", host=_broken(judged.host), of=judged.of)
        case "unknown":
            return texts("link.unknown", host=_broken(judged.host))


def _broken(host: str) -> str:
    return re.sub(r"[^\w.-]", "?", host).replace(".", "[.]")
