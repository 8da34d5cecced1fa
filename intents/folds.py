"""Scores of texts by weights that have not seen them: for calibration, and to find utterances that pull elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np

from intents.softmax import Floats, Labels, Rows, fit


def left_out(
    rows: Rows, labels: Labels, classes: int, folds: int, pool: Executor, progress: Callable[[float], None]
) -> Floats:
    """A row of scores for each row, from weights learnt on the other ``folds`` − 1 parts; jobs go to ``pool``.

    Deterministic. A fold without rows to learn from leaves zeros.
    """
    fold_of = np.random.default_rng(0).permutation(len(rows)) % folds
    scores = np.zeros((len(rows), classes), dtype=np.float32)
    done = [0.0] * folds

    def hold_out(fold: int) -> None:
        def tell(share: float) -> None:
            done[fold] = share
            progress(sum(done) / folds)

        seen, unseen = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        if len(seen) and len(unseen):
            weights = fit(rows.take(seen), labels[seen], classes, progress=tell)
            scores[unseen] = weights.scores(rows.take(unseen))

    for job in [pool.submit(hold_out, fold) for fold in range(folds)]:
        job.result()
    return scores
