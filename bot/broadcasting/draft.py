"""What may stand in an announcement. Pure: a problem is a key of the catalogue, so that each says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bot.content import markup
from bot.content.courses import Catalogue
from bot.content.links import Official

LONGEST = 3500  # UTF-16 units: a message takes 4,096
LONGEST_CAPTION = 900  # under a picture or document it takes 1,024
BUTTONS = 2
_LABEL = 36

Button = dict[str, str]


def text_problem(text: str, with_file: bool) -> str | None:
    """Why ``text`` cannot be sent; None when it can."""
    plain = markup.plain(text).strip()
    if len(plain) < 5:
        return "announce.too_short"
    if len(plain.encode("utf-16-le", "surrogatepass")) // 2 > (LONGEST_CAPTION if with_file else LONGEST):
        return "announce.too_long"
    return None


def read_button(line: str, catalogue: Catalogue) -> Button | None:
    """``label | https://…`` or ``label | lesson``: a button; None for anything else."""
    label, bar, target = (part.strip() for part in line.partition("|"))
    if not bar or not 2 <= len(label) <= _LABEL:
        return None
    if catalogue.lesson(target):
        return {"label": label, "lesson": target}
    try:
        address = urlsplit(target)
    except ValueError:
        return None
    good = address.scheme == "https" and "." in (address.hostname or "") and not address.username
    return {"label": label, "url": target} if good and " " not in target else None


def doubtful(text: str, buttons: Sequence[Button], official: Official | None) -> Iterator[str]:
    """Hosts that nobody knows to be official, in order: the author and the approver are warned of them."""
    if official is None:
        return
    linked = [span.url for block in markup.parse(text) for span in block.spans if span.url.startswith("http")]
    everything = " ".join([markup.plain(text), *linked, *(button.get("url", "") for button in buttons)])
    for judged in official.judge(everything):
        if judged.verdict != "official":
            yield judged.host
