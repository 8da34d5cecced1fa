"""Build the ranking model: kernel ridge regression over weighted n-grams, calibrated on left-out utterances.

The leave-one-out score of every utterance comes in closed form from the solved system (Rifkin & Lippert 2007, "Notes on
regularized least squares"): y − α / diag((K + λI)⁻¹). No utterance is ever scored by a model that has seen it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from intents.features import VIEWS
from intents.model import Calibration, Model
from intents.reading import features_of
from intents.topics import Topic

RIDGE = 1.0  # λ; between 0.5 and 2 the results do not differ
BLOCK = 1000  # rows of the likeness matrix made at once
RARE = 2  # a feature of fewer utterances than this is left out

Progress = Callable[[str, float], None]
"""(stage, share of the whole done)"""

Floats = npt.NDArray[np.float32]


def train(topics: Sequence[Topic], progress: Progress = lambda stage, done: None) -> Model:
    """A model of ``topics``. Deterministic.

    Raises:
        ValueError: fewer than two topics, or one without utterances.
    """
    if len(topics) < 2:
        raise ValueError("needs two topics or more → add topics")
    for topic in topics:
        if not topic.utterances:
            raise ValueError(f"topic {topic.id} has no utterance → add some")
    said = [(utterance, number) for number, topic in enumerate(topics) for utterance in topic.utterances]
    texts = [features_of(utterance) for utterance, _ in said]
    progress("features", 0.2)
    frequency = Counter(feature for features in texts for feature in features)
    smallest = RARE if len(texts) > 4 * len(topics) else 1
    vocabulary = {f: i for i, f in enumerate(sorted(f for f, c in frequency.items() if c >= smallest))}
    rarest = float(np.log(len(texts) + 1) + 1)
    idf = np.array([np.log((1 + len(texts)) / (1 + frequency[f])) + 1 for f in vocabulary])
    scale = (idf * np.array([VIEWS[f[0]] for f in vocabulary])).astype(np.float32)

    count = len(topics)
    served = np.array([topic.served for topic in topics])
    urgent = np.array([topic.urgent for topic in topics])
    empty = np.zeros((len(vocabulary), count), dtype=np.float32)
    names = tuple(topic.id for topic in topics)
    untrained = Model(names, served, urgent, vocabulary, scale, empty, rarest, Calibration(0, 0, 0))
    weights, left_out = _solve(untrained, texts, np.array([number for _, number in said]), progress)
    calibration = _calibrate(left_out, np.array([number for _, number in said]), served)
    progress("done", 1.0)
    return Model(names, served, urgent, vocabulary, scale, weights, rarest, calibration)


def _solve(
    model: Model, texts: list[set[str]], labels: npt.NDArray[np.int64], progress: Progress
) -> tuple[Floats, Floats]:
    """The weights, and every utterance's scores by a model that has not seen it."""
    from scipy import linalg, sparse  # here: only the building process needs it, and it is slow to import

    starts, numbers, values = [0], [], []
    for features in texts:
        known, shares = model.vector(features)
        numbers += known
        values.append(shares)
        starts.append(len(numbers))
    shape = (len(texts), len(model.vocabulary))
    matrix = sparse.csr_array((np.concatenate(values), numbers, starts), shape=shape, dtype=np.float32)
    system = np.empty((len(texts), len(texts)), dtype=np.float32, order="F")
    for start in range(0, len(texts), BLOCK):
        system[start : start + BLOCK] = (matrix[start : start + BLOCK] @ matrix.T).toarray()
        progress("likeness", 0.2 + 0.3 * start / len(texts))
    system[np.diag_indices_from(system)] += RIDGE
    targets = np.zeros((len(texts), len(model.topics)), dtype=np.float32)
    targets[np.arange(len(texts)), labels] = 1
    factor = linalg.cholesky(system, lower=True, overwrite_a=True, check_finite=False)
    progress("solving", 0.7)
    alpha = linalg.cho_solve((factor, True), targets, check_finite=False)
    root, failed = linalg.lapack.strtri(factor, lower=1, overwrite_c=1)
    if failed:
        raise ValueError("two utterances are the same to the last feature → remove one")
    diagonal = np.einsum("ij,ij->j", root, root)  # of the inverse: the columns' squared lengths of L⁻¹
    progress("solved", 0.9)
    weights = np.asarray(matrix.T @ alpha, dtype=np.float32)
    return weights, targets - alpha / diagonal[:, None]


def _calibrate(left_out: Floats, labels: npt.NDArray[np.int64], served: npt.NDArray[np.bool_]) -> Calibration:
    """Logistic regression of "the first is right" on score and margin, by Newton's method."""
    ranked = np.sort(left_out, axis=1)
    first = left_out.argmax(axis=1)
    right = ((first == labels) & served[first]).astype(float)
    inputs = np.column_stack([np.ones(len(labels)), ranked[:, -1], ranked[:, -1] - ranked[:, -2]])
    beta = np.zeros(3)
    for _ in range(50):
        p = 1 / (1 + np.exp(-inputs @ beta))
        hessian = (inputs * (p * (1 - p))[:, None]).T @ inputs + 1e-3 * np.eye(3)
        step = np.linalg.solve(hessian, inputs.T @ (right - p) - 1e-3 * beta)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return Calibration(*(float(value) for value in beta))
