"""Normalise → rank → decide: answer, ask back, or abstain."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from intents.lexicon import Lexicon
from intents.model import BadModel, Floats, Model
from intents.topics import Topic
from intents.train import Progress, train

Kind = Literal["answer", "clarify", "abstain"]

ANSWER = 0.8  # a wrong answer costs as much as five questions back: answer when 5 · (1 − p) ≤ 1
CLARIFY = 0.1  # below this the right topic is too seldom among the three shown
OUTSIDE = 0.5  # from here on "that is not my field" is more often right than wrong
TIE = 0.693  # ln 2: an urgent topic at least half as probable as the first takes its place
CHOICES = 3
FIRST = 6  # topics looked at: some of them may not be served


@dataclass(frozen=True, slots=True)
class Candidate:
    topic: str
    probability: float


@dataclass(frozen=True, slots=True)
class Decision:
    """``candidates``: the most probable served topics, best first; the probabilities of a decision sum to at most 1.

    ``outside``: the unserved topic that the words are rather about; empty when they are not.
    """

    kind: Kind
    candidates: tuple[Candidate, ...]
    outside: str = ""

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
            "outside": self.outside or None,
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
    def build(
        cls,
        topics: Sequence[Topic],
        progress: Progress = lambda stage, done: None,
        lexicon: Lexicon | None = None,
    ) -> Matcher:
        """Learn ``topics``; some seconds for thousands of utterances. Raises ValueError for unusable topics."""
        return cls(train(topics, progress, lexicon))

    @classmethod
    def load(cls, path: Path) -> Matcher:
        """Raises BadModel when ``path`` is missing, damaged or of another format."""
        model = Model.load(path)
        model.warm()
        return cls(model)

    def save(self, path: Path) -> None:
        self._model.save(path)

    @property
    def topics(self) -> tuple[str, ...]:
        return self._model.topics

    def match(self, text: str) -> Decision:
        """Understand ``text``. Total: any string has a decision."""
        scores = self._model.scores(self._model.reader.features(text))
        return Decision("abstain", ()) if scores is None else self._decide(scores)

    def words(self, text: str) -> list[str]:
        """The canonical words of ``text``, as they are understood."""
        return self._model.reader.words(text)

    def explain(self, text: str) -> Explanation:
        model = self._model
        features = model.reader.features(text)
        scores = model.scores(features)
        if scores is None:
            words = tuple(model.reader.words(text))
            return Explanation(Decision("abstain", ()), words, (), (), ANSWER, CLARIFY)
        order = np.argsort(-scores)
        known, values = model.vectorizer(features)
        names = list(model.vectorizer.numbers)
        evidence = []
        for topic in order[:2]:
            gains = values * model.weights.step[known] * model.weights.matrix[known, topic]
            best = [(names[known[i]], float(gains[i])) for i in np.argsort(-gains) if names[known[i]][0] in "wbap"][:5]
            evidence.append((model.topics[topic], tuple(best)))
        return Explanation(
            decision=self._decide(scores),
            words=tuple(model.reader.words(text)),
            scores=tuple((model.topics[topic], float(scores[topic])) for topic in order[:5]),
            evidence=tuple(evidence),
            answer_from=ANSWER,
            clarify_from=CLARIFY,
        )

    def _decide(self, scores: Floats) -> Decision:
        model = self._model
        found = np.argpartition(scores, -FIRST)[-FIRST:] if len(scores) > FIRST else np.arange(len(scores))
        ranked = sorted(zip(scores[found].tolist(), found.tolist(), strict=True), reverse=True)
        p = model.calibration(scores, ranked[0][0], ranked[1][0])
        if not model.urgent[ranked[0][1]]:
            near = [pair for pair in ranked if model.urgent[pair[1]] and ranked[0][0] - pair[0] <= TIE][:1]
            ranked = near + [pair for pair in ranked if pair not in near]
        first = ranked[0][1]
        outside = "" if model.served[first] or p < OUTSIDE else model.topics[first]
        shares = _shares([score for score, _ in ranked], p)
        served = [(topic, share) for (_, topic), share in zip(ranked, shares, strict=True) if model.served[topic]]
        candidates = tuple(Candidate(model.topics[topic], share) for topic, share in served[:CHOICES])
        best = candidates[0].probability if candidates else 0.0
        if outside or best < CLARIFY:
            return Decision("abstain", candidates, outside)
        return Decision("answer" if best >= ANSWER and model.served[first] else "clarify", candidates)


def _shares(scores: list[float], p: float) -> list[float]:
    """``p`` for the first; the others share what is left, in proportion to the exponents of their scores."""
    top = max(scores)
    weights = [math.exp(score - top) for score in scores[1:]]
    rest, whole = min(p, 1 - p), max(sum(weights), 1e-300)
    return [p, *[weight * rest / whole for weight in weights]]


def cached(
    path: Path,
    topics: Sequence[Topic],
    progress: Progress = lambda stage, done: None,
    lexicon: Lexicon | None = None,
) -> Matcher:
    """The matcher of ``topics``: read from ``path/<fingerprint>.model``, or built and kept there."""
    lexicon = lexicon or Lexicon()
    file = path / f"{fingerprint(topics, lexicon)}.model"
    try:
        return Matcher.load(file)
    except BadModel:
        matcher = Matcher.build(topics, progress, lexicon)
        matcher.save(file)
        for old in path.glob("*.model"):
            if old != file:
                old.unlink(missing_ok=True)
        return matcher


def fingerprint(topics: Sequence[Topic], lexicon: Lexicon) -> str:
    """Changes with any topic, any word of the lexicon and any code of this library."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    for topic in topics:
        digest.update(repr(topic).encode("utf-8", "surrogatepass"))
    digest.update(json.dumps(lexicon.to_json(), sort_keys=True).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
