"""Two requests in one message: where it may be cut, and whether the cut makes sense."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from intents.matcher import Decision
from intents.text import tokens

LEAST = 2  # words of a request
SURE = 0.7  # probability of each half
CUTS = 8  # cuts tried in one message; long stories hold many commas

# Between two requests stands a stop, or one of these words.
_JOINT = re.compile(
    r"\s*[;?!\n]+\s*|\s*[.,]\s+|\s+(?:còn|con|với lại|voi lai|với|voi|và|va|ngoài ra|ngoai ra|đồng thời|dong thoi|sẵn|"
    r"tiện thể|tien the|rồi|roi|cùng|cung|\+|&)\s+",
    re.IGNORECASE,
)


def cuts(text: str) -> Iterator[tuple[str, str]]:
    """(before, after) for each place at which ``text`` may be two requests, the last places first."""
    found = list(_JOINT.finditer(text))[-CUTS:]
    for joint in reversed(found):
        before, after = text[: joint.start()], text[joint.end() :]
        if len(tokens(before)) >= LEAST and len(tokens(after)) >= LEAST:
            yield before, after


def split(text: str, match: Callable[[str], Decision]) -> tuple[str, ...]:
    """The requests in ``text``: two where it can be cut into halves that are answered with different topics, each
    surely; else ``text`` alone. Of several such cuts the one whose weaker half is the surest.
    """
    best: tuple[float, tuple[str, ...]] = (SURE, (text,))
    for before, after in cuts(text):
        one, other = match(before), match(after)
        weaker = min(one.probability, other.probability)
        if "answer" == one.kind == other.kind and one.topic != other.topic and weaker >= best[0]:
            best = weaker, (before, after)
    return best[1]
