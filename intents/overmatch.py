"""Cross-validation over the utterances: which ones another topic claims, and whether probabilities mean what they say.

Borders between topics are blurred there, or an utterance says too little.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from intents import reliability
from intents.folds import left_out
from intents.lexicon import Lexicon
from intents.topics import Topic
from intents.train import read

PAIRS = 40
EXAMPLES = 3


def overmatch(
    topics: Sequence[Topic], lexicon: Lexicon, folds: int, progress: Callable[[float], None] = lambda done: None
) -> dict[str, Any]:
    """How often an utterance, left out of the learning, ranks another topic first; by topic and by pair.

    With ``folds`` parts each utterance is judged by weights from (folds − 1) / folds of the others: more folds come
    closer to leaving out one at a time, and take longer.
    """
    _, _, rows, labels = read(topics, lexicon)
    with ThreadPoolExecutor(2) as pool:
        which, unordered = left_out(rows, labels, len(topics), folds, pool, progress)
    scores = unordered[np.argsort(which)]
    first = scores.argmax(axis=1)
    said = [utterance for topic in topics for utterance in topic.utterances]
    own = scores[np.arange(len(said)), labels]
    among_three = (scores > own[:, None]).sum(axis=1) < 3
    lost: Counter[str] = Counter()
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, (wanted, got) in enumerate(zip(labels, first, strict=True)):
        if wanted != got:
            lost[topics[wanted].id] += 1
            pairs[topics[wanted].id, topics[got].id].append(said[number])
    ranked = sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {
        "utterances": len(said),
        "folds": folds,
        "elsewhere": round(float((first != labels).mean()), 4),
        "not_among_three": round(float((~among_three).mean()), 4),
        "calibration": reliability.judge(scores, first == labels),
        "topics": {t.id: round(lost[t.id] / len(t.utterances), 3) for t in topics},
        "pairs": [
            {"wanted": wanted, "got": got, "n": len(texts), "examples": texts[:EXAMPLES]}
            for (wanted, got), texts in ranked[:PAIRS]
        ],
    }


def as_text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [
        f"{figures['utterances']} utterances, {figures['folds']} folds",
        f"{figures['elsewhere']:6.1%} rank another topic first",
        f"{figures['not_among_three']:6.1%} do not have their own among the first three",
        f"{figures['calibration']['ece']:6.3f} expected calibration error (said → right, n):",
        *(f"        {b['said']:.3f} → {b['right']:.3f} {b['n']:>6}" for b in figures["calibration"]["bins"]),
        "",
        "worst topics (share of their utterances that rank another topic first)",
    ]
    worst = sorted(figures["topics"].items(), key=lambda topic: -topic[1])[:20]
    lines += [f"  {share:6.1%}  {topic}" for topic, share in worst]
    lines += ["", "worst pairs (wanted → ranked first)"]
    for pair in figures["pairs"]:
        lines.append(f"  {pair['n']:>3}  {pair['wanted']} → {pair['got']}")
        lines += [f"         {text}" for text in pair["examples"]]
    return "\n".join(lines)
