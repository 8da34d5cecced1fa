"""Scores of texts by weights that have not seen them: for calibration, and to find utterances that pull elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np

from intents.softmax import Floats, Labels, Rows, fit


def left_out(
    rows: Rows,
    labels: Labels,
    classes: int,
    folds: int,
    pool: Executor,
    progress: Callable[[float], None],
    enough: int | None = None,
) -> tuple[Labels, Floats]:
    """Rows (their numbers) and their scores from weights learnt on the other ``folds`` − 1 parts; jobs go to ``pool``.

    All rows, or with ``enough`` as many folds as hold that many. Deterministic.
    """
    fold_of = np.random.default_rng(0).permutation(len(rows)) % folds
    used = folds if enough is None else min(folds, -(-enough * folds // max(len(rows), 1)))
    done = [0.0] * used

    def hold_out(fold: int) -> tuple[Labels, Floats]:
        def tell(share: float) -> None:
            done[fold] = share
            progress(sum(done) / used)

        seen, unseen = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        if not len(seen) or not len(unseen):
            return unseen, np.zeros((len(unseen), classes), dtype=np.float32)
        weights = fit(rows.take(seen), labels[seen], classes, progress=tell)
        return unseen, weights.scores(rows.take(unseen))

    parts = list(pool.map(hold_out, range(used)))
    return np.concatenate([which for which, _ in parts]), np.concatenate([scores for _, scores in parts])
