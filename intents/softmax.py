"""Multinomial logistic regression on sparse rows, by mini-batches with AdaGrad (Duchi, Hazan & Singer 2011).

One accumulator a feature rather than a weight: as good here, and it keeps the build small. Features are left
out at random while learning (dropout, Srivastava et al. 2014), since strangers leave out words too; large classes weigh
less than their size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

UPDATES = 400  # steps in all; more fit the utterances better and strangers' questions worse
RATE = 0.5  # falls to zero in a straight line
BATCH = 16, 1024  # rows a step, at least and at most
DROPPED = 0.5  # share of a row's features left out in a step
BALANCE = 0.5  # 0: every row weighs the same; 1: every class does


@dataclass(frozen=True)
class Rows:
    """Sparse rows: row i holds ``values[starts[i]:starts[i+1]]`` at ``numbers[starts[i]:starts[i+1]]``."""

    starts: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    values: Floats
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, which: npt.NDArray[np.int64]) -> Rows:
        sizes = np.diff(self.starts)[which]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        source = np.repeat(self.starts[:-1][which] - starts[:-1], sizes) + np.arange(starts[-1])
        return Rows(starts, self.numbers[source], self.values[source], self.width)


@dataclass(frozen=True)
class Weights:
    """Score of row x for class c: x · matrix[:, c] + bias[c]."""

    matrix: Floats
    bias: Floats

    def scores(self, rows: Rows) -> Floats:
        from scipy import sparse

        matrix = sparse.csr_array((rows.values, rows.numbers, rows.starts), shape=(len(rows), rows.width))
        scores: Floats = matrix @ self.matrix + self.bias
        return scores


def fit(
    rows: Rows, labels: Labels, classes: int, seed: int = 0, progress: Callable[[float], None] = lambda done: None
) -> Weights:
    """Deterministic for one seed."""
    from scipy import sparse  # here: only the building process needs it, and it is slow to import

    count = len(rows)
    batch = min(BATCH[1], max(BATCH[0], count // 60))
    epochs = max(1, round(UPDATES * batch / count))
    steps = epochs * -(-count // batch)
    matrix = np.zeros((rows.width, classes), dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    seen = np.full((rows.width, 1), 1e-8, dtype=np.float32)
    seen_bias = np.full(classes, 1e-8, dtype=np.float32)
    chance = np.random.default_rng(seed)
    sizes = np.maximum(np.bincount(labels, minlength=classes), 1)
    weight = ((sizes.mean() / sizes) ** BALANCE).astype(np.float32)
    step = 0
    for _ in range(epochs):
        order = chance.permutation(count)
        for start in range(0, count, batch):
            which = order[start : start + batch]
            part = rows.take(which)
            columns, numbers = np.unique(part.numbers, return_inverse=True)
            kept = chance.random(len(part.values), dtype=np.float32) >= DROPPED
            values = part.values * kept / np.float32(1 - DROPPED)
            inputs = sparse.csr_array((values, numbers, part.starts), shape=(len(which), len(columns)))
            error = _softmax(inputs @ matrix[columns] + bias)
            error[np.arange(len(which)), labels[which]] -= 1
            error *= weight[labels[which]][:, None] / len(which)
            slope = inputs.T @ error
            rate = RATE * (1 - step / steps)
            seen[columns] += (slope * slope).mean(axis=1, keepdims=True)
            matrix[columns] -= rate * slope / np.sqrt(seen[columns])
            slope_bias = error.sum(axis=0)
            seen_bias += slope_bias * slope_bias
            bias -= rate * slope_bias / np.sqrt(seen_bias)
            step += 1
        progress(step / steps)
    return Weights(matrix, bias)


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores
