"""From scores to a probability that means something: of 100 decisions at 0.8, about 80 are right."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Calibration:
    """P(first is right) = σ(bias + odds · logit(softmax of the first) + lead · (its score − the second's))."""

    bias: float
    odds: float
    lead: float

    def __call__(self, scores: Floats, first: float, second: float) -> float:
        """``scores`` of all classes for one text; the ``first`` and the ``second`` are the best of them."""
        rest = max(float(np.exp(scores - first).sum(dtype=np.float64)) - 1, 1e-12)  # odds against the first
        evidence = self.bias - self.odds * math.log(rest) + self.lead * (first - second)
        return 1 / (1 + math.exp(-min(max(evidence, -700.0), 700.0)))


def calibrate(scores: Floats, right: npt.NDArray[np.bool_]) -> Calibration:
    """Logistic regression by Newton's method. ``scores``: rows of left-out texts; ``right``: was the first right."""
    inputs = np.column_stack([np.ones(len(scores)), _evidence(scores.astype(np.float64))])
    target = right.astype(np.float64)
    beta = np.zeros(3)
    for _ in range(100):
        p = 1 / (1 + np.exp(-inputs @ beta))
        curvature = (inputs * (p * (1 - p))[:, None]).T @ inputs + 1e-3 * np.eye(3)
        step = np.linalg.solve(curvature, inputs.T @ (target - p) - 1e-3 * beta)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return Calibration(*(float(value) for value in beta))


def _evidence(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """For each row: the log-odds of its best class, and its lead over the second."""
    best = np.partition(scores, -2, axis=1)[:, -2:]
    second, first = best[:, 0], best[:, 1]
    rest = np.exp(scores - first[:, None]).sum(axis=1) - 1  # odds against the first
    return np.column_stack([-np.log(np.maximum(rest, 1e-12)), first - second])
