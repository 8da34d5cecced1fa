"""New questions join their groups, a batch at a time: equal ones by their key, near ones among few candidates."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.review.likeness import folded, key, nearest, parts
from bot.storage import review
from bot.storage.review import Alike
from intents.text import fold

KEPT = dt.timedelta(days=30)  # what is older is not looked at, even where its words are kept longer
BATCH = 200  # questions; some 100 ms among 100,000 others
SPREAD = 0.25  # of its length; what differs more is not near, even with a few signs more


async def group_new(tx: AsyncConnection, now: dt.datetime, most: int = BATCH) -> int:
    """Group up to ``most`` open questions that have no group yet; how many there were."""
    new = [(id, folded(words)) for id, words in await review.ungrouped(tx, now - KEPT, most)]
    if not new:
        return 0
    known = await review.groups_of(tx, {key(text) for _, text in new})
    shares = {text: parts(text) for _, text in new if key(text) not in known}
    near: dict[int, dict[str, str]] = defaultdict(dict)  # part → words → group
    for part, group, words in await review.with_parts(tx, {part for own in shares.values() for part in own}):
        near[part][words] = group
    alike = []
    for id, text in new:
        own = key(text)
        if own in known:
            alike.append(Alike(id, own, known[own]))
            continue
        candidates = {
            folded(words): group
            for part in shares[text]
            for words, group in near[part].items()
            if abs(len(words) - len(text)) <= len(text) * SPREAD  # folding is dear, and those cannot be near
        }
        found = nearest(text, candidates.keys())
        known[own] = candidates[found] if found is not None else own
        for part in shares[text]:
            near[part][text] = known[own]
        alike.append(Alike(id, own, known[own], tuple(shares[text])))
    await review.join(tx, alike)
    return len(new)


def spokesman(wordings: tuple[str, ...]) -> str:
    """The wording to show and to learn: the most frequent one with accents, else the most frequent one."""
    return next((words for words in wordings if fold(words) != words), wordings[0])
