"""Normalise → rank → decide: answer, ask back, or abstain."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from intents.model import BadModel, Model
from intents.reading import features_of, words_of
from intents.topics import Topic
from intents.train import Progress, train

Kind = Literal["answer", "clarify", "abstain"]

ANSWER = 0.80  # a wrong answer costs about four questions back: answer from 1 − 1/(1 + 4) on
CLARIFY = 0.25  # below this the right topic is too seldom among the three shown
TIE = 0.06  # an urgent topic this close to the first, in score, takes its place
CHOICES = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    topic: str
    probability: float


@dataclass(frozen=True, slots=True)
class Decision:
    """``candidates``: the most probable served topics, best first; the probabilities of a decision sum to at most 1.

    ``outside``: the words are rather about something known that is not served.
    """

    kind: Kind
    candidates: tuple[Candidate, ...]
    outside: bool = False

    @property
    def topic(self) -> str:
        """The topic to answer with; empty unless ``kind`` is answer."""
        return self.candidates[0].topic if self.kind == "answer" else ""

    @property
    def probability(self) -> float:
        return self.candidates[0].probability if self.candidates else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "topic": self.topic or None,
            "candidates": [[c.topic, round(c.probability, 4)] for c in self.candidates],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision was made: the words as understood, scores, thresholds, and the first two topics' best words."""

    decision: Decision
    words: tuple[str, ...]
    scores: tuple[tuple[str, float], ...]
    evidence: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    answer_from: float
    clarify_from: float


class Matcher:
    """Build one from topics; ``match`` is pure and may be called from any thread."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @classmethod
    def build(cls, topics: Sequence[Topic], progress: Progress = lambda stage, done: None) -> Matcher:
        """Learn ``topics``; some seconds for thousands of utterances. Raises ValueError for unusable topics."""
        return cls(train(topics, progress))

    @classmethod
    def load(cls, path: Path) -> Matcher:
        """Raises BadModel when ``path`` is missing, damaged or of another format."""
        return cls(Model.load(path))

    def save(self, path: Path) -> None:
        self._model.save(path)

    @property
    def topics(self) -> tuple[str, ...]:
        return self._model.topics

    def match(self, text: str) -> Decision:
        """Understand ``text``. Total: any string has a decision."""
        return self._decide(self._model.scores(features_of(text)))

    def explain(self, text: str) -> Explanation:
        model = self._model
        scores = model.scores(features_of(text))
        order = np.argsort(-scores)
        known, values = model.vector(features_of(text))
        names = list(model.vocabulary)
        evidence = []
        for topic in order[:2]:
            gains = values * model.weights[known, topic] if known else np.zeros(0)
            best = [(names[known[i]], float(gains[i])) for i in np.argsort(-gains) if names[known[i]][0] in "wbap"][:5]
            evidence.append((model.topics[topic], tuple(best)))
        return Explanation(
            decision=self._decide(scores),
            words=tuple(words_of(text)),
            scores=tuple((model.topics[topic], float(scores[topic])) for topic in order[:5]),
            evidence=tuple(evidence),
            answer_from=ANSWER,
            clarify_from=CLARIFY,
        )

    def _decide(self, scores: np.ndarray[Any, np.dtype[np.float32]]) -> Decision:
        model = self._model
        order = np.argsort(-scores)[: CHOICES + 3]
        first = order[0]
        for other in order[1:]:
            if model.urgent[other] and not model.urgent[first] and scores[first] - scores[other] <= TIE:
                order = np.array([other, *(topic for topic in order if topic != other)])
                break
        top = float(scores[order[0]])
        runner_up = float(max((scores[topic] for topic in order[1:]), default=0.0))
        p = model.calibration(top, abs(top - runner_up)) if top > 0 else 0.0
        outside = not model.served[order[0]]
        shares = _shares(scores, order, p)
        candidates = tuple(
            Candidate(model.topics[topic], share)
            for topic, share in zip(order, shares, strict=True)
            if model.served[topic] and scores[topic] > 0
        )[:CHOICES]
        if outside or not candidates or p < CLARIFY:
            return Decision("abstain", candidates, outside)
        return Decision("answer" if p >= ANSWER else "clarify", candidates)


def _shares(scores: np.ndarray[Any, np.dtype[np.float32]], order: Any, p: float) -> list[float]:
    """``p`` for the first; what is left is shared among the next in proportion to their squared scores."""
    rest = np.maximum(scores[order[1:]].astype(float), 0.0) ** 2
    total = float(rest.sum())
    shared = rest * ((1 - p) * min(1.0, total / (total + 0.02)) / total) if total else rest
    return [p, *(float(share) for share in shared)]


def cached(path: Path, topics: Sequence[Topic], progress: Progress = lambda stage, done: None) -> Matcher:
    """The matcher of ``topics``: read from ``path/<fingerprint>.npz``, or built and kept there."""
    file = path / f"{fingerprint(topics)}.npz"
    try:
        return Matcher.load(file)
    except BadModel:
        matcher = Matcher.build(topics, progress)
        matcher.save(file)
        for old in path.glob("*.npz"):
            if old != file:
                old.unlink(missing_ok=True)
        return matcher


def fingerprint(topics: Sequence[Topic]) -> str:
    """Changes with any topic and with any code of this library."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    for topic in topics:
        digest.update(repr(topic).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
