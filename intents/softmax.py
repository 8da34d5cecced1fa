"""Multinomial logistic regression on sparse rows, by plain gradient steps on mini-batches.

Stopping early stands for a ridge penalty: with steps that sum up to STRENGTH · rows the weights are about those of a
regression with C = STRENGTH. AdaGrad, which lets rare features grow as fast as common ones, was worse on strangers'
questions. Features are left out at random while learning (dropout, Srivastava et al. 2014), since strangers leave out
words too; large classes weigh less than their size. The weights are the mean of MODELS runs: chance decides less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

# Two settings each: where texts are few, and where they are MANY to a class; in between they go over into one another.
MANY = 100
STRENGTH = (
    30.0,
    11.0,
)  # sum of all step sizes over the number of rows, halved: more fit the texts better, strangers worse
DROPPED = 0.2, 0.7  # share of a row's features left out in a step
EPOCHS = 16  # passes over the rows, at least
STEPS = 250  # steps in all, at least: small sets take more passes
BATCH = 16, 1024  # rows a step, at least and at most
BALANCE = 0.5  # 0: every row weighs the same; 1: every class does
MODELS = 2
BIAS = 0.01  # a bias learns this much more slowly than a weight: it is in every row


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


def crowd(count: int, classes: int) -> float:
    """Where ``count`` texts of ``classes`` stand between few (0) and MANY to a class (1)."""
    return min(1.0, count / classes / MANY)


def fit(
    rows: Rows,
    labels: Labels,
    classes: int,
    models: int = MODELS,
    progress: Callable[[float], None] = lambda done: None,
) -> Weights:
    """Deterministic."""

    def learn(model: int) -> Weights:
        return _descend(rows, labels, classes, model, lambda done: progress((model + done) / models))

    runs = [*map(learn, range(models))]
    return Weights(np.mean([run.matrix for run in runs], axis=0), np.mean([run.bias for run in runs], axis=0))


def _descend(rows: Rows, labels: Labels, classes: int, seed: int, progress: Callable[[float], None]) -> Weights:
    from scipy import sparse  # here: only the building process needs it, and it is slow to import

    count = len(rows)
    batch = min(BATCH[1], max(BATCH[0], count // 4))
    in_epoch = -(-count // batch)
    epochs = max(EPOCHS, -(-STEPS // in_epoch))
    steps = epochs * in_epoch
    many = crowd(count, classes)
    strength, dropped = (few * (1 - many) + full * many for few, full in (STRENGTH, DROPPED))
    highest = 2 * strength * count / steps  # the step size falls to zero in a straight line
    sizes = np.maximum(np.bincount(labels, minlength=classes), 1)
    weight = ((sizes.mean() / sizes) ** BALANCE).astype(np.float32)
    matrix = np.zeros((rows.width, classes), dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    chance = np.random.default_rng(seed)
    step = 0
    for _ in range(epochs):
        order = chance.permutation(count)
        for start in range(0, count, batch):
            which = order[start : start + batch]
            part = _thinned(rows.take(which), dropped, chance)
            columns, numbers = _narrowed(part)
            inputs = sparse.csr_array((part.values, numbers, part.starts), shape=(len(which), len(columns)))
            touched = matrix[columns]
            error = _softmax(inputs @ touched + bias)
            error[np.arange(len(which)), labels[which]] -= 1
            error *= weight[labels[which]][:, None] / len(which)
            size = np.float32(highest * (1 - step / steps))
            error *= size
            touched -= inputs.T @ error
            matrix[columns] = touched
            bias -= np.float32(BIAS) * error.sum(axis=0)
            step += 1
        progress(step / steps)
    return Weights(matrix, bias)


def _thinned(rows: Rows, dropped: float, chance: np.random.Generator) -> Rows:
    """``rows`` with the share ``dropped`` of their features left out at random, the others made heavier by as much."""
    kept = chance.random(len(rows.values), dtype=np.float32) >= dropped
    starts = np.concatenate([[0], np.cumsum(kept)])[rows.starts]
    return Rows(starts, rows.numbers[kept], rows.values[kept] / np.float32(1 - dropped), rows.width)


def _narrowed(rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """The columns that ``rows`` use, and the numbers of ``rows`` as places among these."""
    used = np.zeros(rows.width, dtype=np.bool_)
    used[rows.numbers] = True
    columns = np.flatnonzero(used)
    place = np.zeros(rows.width, dtype=np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    return columns, place[rows.numbers]


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores
