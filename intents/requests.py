"""Two requests in one message: where it may be cut, and whether the cut makes sense."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from intents.matcher import Decision
from intents.text import tokens

LEAST = 2  # words of a request
SURE = 0.9  # probability from which a half stands by itself, after a word that joins two requests
SURER = 0.95  # the same after a sign or word that as often joins the halves of one story
CUTS = 8  # cuts tried in one message; long stories hold many commas

_JOINT = re.compile(
    r"\s*(?P<strong>[;?!\n]+)\s*"
    r"|\s*[.,]?\s+(?P<word>còn|với lại|voi lai|với|voi|ngoài ra|ngoai ra|đồng thời|dong thoi|sẵn|tiện thể|tien the)\s+"
    r"|\s*[.,]\s+"
    r"|\s+(?:con|và|va|rồi|roi|cùng|cung|\+|&)\s+",
    re.IGNORECASE,
)


def cuts(text: str) -> Iterator[tuple[str, str, float]]:
    """(before, after, how sure both must be) for each place at which ``text`` may be two requests, the last first."""
    found = list(_JOINT.finditer(text))[-CUTS:]
    for joint in reversed(found):
        before, after = text[: joint.start()], text[joint.end() :]
        if len(tokens(before)) >= LEAST and len(tokens(after)) >= LEAST:
            yield before, after, SURE if joint["strong"] or joint["word"] else SURER


def split(
    text: str, match: Callable[[str], Decision], asks: Callable[[str], bool] = lambda topic: True
) -> tuple[str, ...]:
    """The requests in ``text``: two where it can be cut into halves that are answered with different topics, each
    surely; else ``text`` alone. Of several such cuts the one whose weaker half is the surest.

    ``asks``: whether a topic is a request; a greeting before a question is none.
    """
    best: tuple[float, tuple[str, ...]] = (0.0, (text,))
    for before, after, least in cuts(text):
        one, other = match(before), match(after)
        weaker = min(one.probability, other.probability)
        both = one.topic and other.topic and one.topic != other.topic
        if both and weaker > max(best[0], least) and asks(one.topic) and asks(other.topic):
            best = weaker, (before, after)
    return best[1]
