"""Build the ranking model: a vocabulary of weighted n-grams, a softmax regression over it, and its calibration.

Calibration is fitted on texts scored by models that have not seen them (FOLDS-fold), never on an evaluation file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from intents.calibration import Calibration, calibrate
from intents.lexicon import Lexicon
from intents.model import Model, Vectorizer, quantise
from intents.reading import Reader
from intents.softmax import Rows, Weights, fit
from intents.topics import Topic

RARE = 4  # a feature of fewer utterances than this is left out, where there are many utterances
MANY = 2000
FOLDS = 3

Progress = Callable[[str, float], None]
"""(stage, share of the whole done)"""


def train(
    topics: Sequence[Topic], progress: Progress = lambda stage, done: None, lexicon: Lexicon | None = None
) -> Model:
    """A model of ``topics``, with the words of ``lexicon``. Deterministic.

    Raises:
        ValueError: fewer than two topics, or one without utterances.
    """
    if len(topics) < 2:
        raise ValueError("needs two topics or more → add topics")
    for topic in topics:
        if not topic.utterances:
            raise ValueError(f"topic {topic.id} has no utterance → add some")
    said = [utterance for topic in topics for utterance in topic.utterances]
    labels = np.repeat(np.arange(len(topics)), [len(topic.utterances) for topic in topics])
    reader = Reader.learn(said, lexicon)
    texts = [reader.features(utterance) for utterance in said]
    progress("reading", 0.1)
    vectorizer = _vectorizer(texts)
    rows = _rows(vectorizer, texts)
    weights, left_out = _fit_all(rows, labels, len(topics), progress)
    served = np.array([topic.served for topic in topics])
    first = left_out.argmax(axis=1)
    calibration: Calibration = calibrate(left_out, (first == labels) & served[first])
    progress("done", 1.0)
    return Model(
        topics=tuple(topic.id for topic in topics),
        served=served,
        urgent=np.array([topic.urgent for topic in topics]),
        reader=reader,
        vectorizer=vectorizer,
        weights=quantise(weights),
        calibration=calibration,
    )


def _vectorizer(texts: Sequence[set[str]]) -> Vectorizer:
    frequency = Counter(feature for features in texts for feature in features)
    least = RARE if len(texts) >= MANY else 1
    rarest = float(np.log(len(texts) + 1) + 1)
    idf = {
        feature: float(np.log((1 + len(texts)) / (1 + count)) + 1)
        for feature, count in frequency.items()
        if count >= least
    }
    return Vectorizer.learn(idf, rarest)


def _rows(vectorizer: Vectorizer, texts: Sequence[set[str]]) -> Rows:
    vectors = [vectorizer(sorted(features)) for features in texts]
    starts = np.concatenate([[0], np.cumsum([len(known) for known, _ in vectors])])
    numbers = np.concatenate([known for known, _ in vectors])
    return Rows(starts, numbers, np.concatenate([shares for _, shares in vectors]), len(vectorizer.scale))


def _fit_all(
    rows: Rows, labels: np.ndarray[tuple[int], np.dtype[np.int64]], classes: int, progress: Progress
) -> tuple[Weights, np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """The weights from all rows, and each row's scores by weights from the other folds; side by side on two cores."""
    folds = np.random.default_rng(0).permutation(len(rows)) % FOLDS
    left_out = np.zeros((len(rows), classes), dtype=np.float32)
    done = dict.fromkeys(range(FOLDS + 1), 0.0)

    def report(job: int) -> Callable[[float], None]:
        def tell(share: float) -> None:
            done[job] = share
            progress("learning", 0.1 + 0.85 * sum(done.values()) / len(done))

        return tell

    def hold_out(fold: int) -> None:
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(seen) and len(unseen):
            weights = fit(rows.take(seen), labels[seen], classes, progress=report(fold))
            left_out[unseen] = weights.scores(rows.take(unseen))

    with ThreadPoolExecutor(2) as pool:
        whole = pool.submit(fit, rows, labels, classes, progress=report(FOLDS))
        for job in [pool.submit(hold_out, fold) for fold in range(FOLDS)]:
            job.result()
        return whole.result(), left_out
