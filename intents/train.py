"""Build the ranking model: a vocabulary of weighted n-grams, a softmax regression over it, and its calibration.

Calibration is fitted on texts scored by models that have not seen them (FOLDS-fold), never on an evaluation file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np

from intents.calibration import calibrate
from intents.features import weights
from intents.folds import left_out
from intents.lexicon import Lexicon
from intents.model import Model, Vectorizer, quantise
from intents.reading import Reader
from intents.softmax import Labels, Rows, crowd, fit
from intents.topics import Topic

RARE = 4  # a feature of fewer utterances than this is left out, where there are many utterances
MANY = 2000
FOLDS = 4
ENOUGH = 8000  # texts left out that make a good calibration

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
    progress("reading", 0.0)
    reader, vectorizer, rows, labels = read(topics, lexicon)
    progress("reading", 0.2)
    with ThreadPoolExecutor(2) as pool:  # the whole and the folds side by side on two cores
        whole = pool.submit(fit, rows, labels, len(topics))
        which, scores = left_out(
            rows, labels, len(topics), FOLDS, pool, lambda done: progress("learning", 0.2 + 0.75 * done), ENOUGH
        )
        weights = whole.result()
    calibration = calibrate(scores, scores.argmax(axis=1) == labels[which])
    progress("done", 1.0)
    return Model(
        topics=tuple(topic.id for topic in topics),
        served=tuple(topic.served for topic in topics),
        urgent=tuple(topic.urgent for topic in topics),
        reader=reader,
        vectorizer=vectorizer,
        weights=quantise(weights),
        calibration=calibration,
    )


def read(topics: Sequence[Topic], lexicon: Lexicon | None = None) -> tuple[Reader, Vectorizer, Rows, Labels]:
    """Every utterance as a row of numbers, with the place of its topic in ``topics``."""
    said = [utterance for topic in topics for utterance in topic.utterances]
    labels = np.repeat(np.arange(len(topics)), [len(topic.utterances) for topic in topics])
    reader = Reader.learn(said, lexicon)
    views = weights(crowd(len(said), len(topics)))
    texts = [reader.features(utterance).all("".join(views)) for utterance in said]
    vectorizer = _vectorizer(texts, views)
    return reader, vectorizer, _rows(vectorizer, texts), labels


def _vectorizer(texts: Sequence[set[str]], views: Mapping[str, float]) -> Vectorizer:
    frequency = Counter(feature for features in texts for feature in features)
    least = RARE if len(texts) >= MANY else 1
    rarest = float(np.log(len(texts) + 1) + 1)
    idf = {
        feature: float(np.log((1 + len(texts)) / (1 + count)) + 1)
        for feature, count in frequency.items()
        if count >= least
    }
    return Vectorizer.learn(idf, rarest, views)


def _rows(vectorizer: Vectorizer, texts: Sequence[set[str]]) -> Rows:
    """What ``vectorizer`` makes of each text, for many texts at once."""
    numbers = vectorizer.numbers
    known: list[list[int]] = []
    strange = []
    for text in texts:
        row = sorted(number for feature in text if (number := numbers.get(feature)) is not None)
        known.append(row)
        strange.append(
            vectorizer.strangeness(feature for feature in text if feature not in numbers)
            if len(row) < len(text)
            else 0.0
        )
    sizes = np.array([len(row) for row in known])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    flat = np.fromiter(chain.from_iterable(known), dtype=np.int64, count=int(starts[-1]))
    values = vectorizer.scale[flat]
    owner = np.repeat(np.arange(len(texts)), sizes)
    lengths = np.bincount(owner, weights=values * values, minlength=len(texts)) + np.array(strange)
    values /= np.sqrt(np.maximum(lengths, 1e-9))[owner]
    return Rows(starts, flat, values.astype(np.float32), len(vectorizer.scale))
