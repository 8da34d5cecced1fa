"""The ranking model as plain arrays, and as one file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intents import arrays
from intents.calibration import Calibration
from intents.features import Features, extract, of_word
from intents.lexicon import Lexicon
from intents.reading import Reader
from intents.softmax import Weights

FORMAT = 7  # raise it when the meaning of an array changes: old files are then built anew
OOV = 0.7  # how much a feature never seen weighs in a text's length, against the rarest one seen

Floats = npt.NDArray[np.float32]
Split = tuple[Collection[int], Collection[str]]


class BadModel(ValueError):
    """A model file is missing, damaged or of another format: build it anew."""


@dataclass(frozen=True)
class Vectorizer:
    """Features to a sparse unit vector.

    ``numbers``: the known features and their places; ``scale``: each one's weight; ``rarest``: idf of one seen once;
    ``views``: the weight of each view.
    """

    numbers: Mapping[str, int]
    scale: Floats
    rarest: float
    views: Mapping[str, float]

    @classmethod
    def learn(cls, idf: Mapping[str, float], rarest: float, views: Mapping[str, float]) -> Vectorizer:
        names = sorted(idf, key=lambda name: (idf[name], name))  # the frequent ones lie together in memory
        scale = np.array([idf[name] * views[name[0]] for name in names], dtype=np.float32)
        return cls({name: number for number, name in enumerate(names)}, scale, rarest, views)

    def __call__(self, features: Features) -> tuple[npt.NDArray[np.intp], Floats]:
        """The known features' numbers and their shares; unknown ones count in the length only."""
        parts = [*map(self._of_word, features.words), self._split(features.between)]
        known = set().union(*[numbers for numbers, _ in parts])
        unknown = set().union(*[strange for _, strange in parts if strange])
        numbers = np.fromiter(known, dtype=np.intp, count=len(known))
        values = self.scale[numbers]
        length = float(values @ values) + self.strangeness(unknown)
        return numbers, values / np.float32(max(length, 1e-9) ** 0.5)

    @cached_property
    def _of_word(self) -> Callable[[str], Split]:
        views = "".join(self.views)
        return lru_cache(maxsize=1 << 14)(lambda word: self._split(of_word(word, views)))

    def _split(self, features: tuple[str, ...]) -> Split:
        """The numbers of those that are known, and those that are not."""
        found = [*map(self.numbers.get, features)]
        known = [number for number in found if number is not None]
        if len(known) == len(found):
            return known, ()
        return known, [feature for feature, number in zip(features, found, strict=True) if number is None]

    def strangeness(self, unknown: Iterable[str]) -> float:
        """What features that are not known add to a text's squared length."""
        strange = self._strange
        return sum([strange[feature[0]] for feature in unknown]) * (OOV * self.rarest) ** 2

    @cached_property
    def _strange(self) -> Mapping[str, float]:
        return {view: weight**2 for view, weight in self.views.items()}


@dataclass(frozen=True)
class Quantised:
    """Weights in a byte each: ``matrix[f, c] · step[f]``; the ranking does not notice, memory is a quarter."""

    matrix: npt.NDArray[np.int8]
    step: Floats
    bias: Floats


def quantise(weights: Weights) -> Quantised:
    step = np.maximum(np.abs(weights.matrix).max(axis=1), 1e-9) / 127
    matrix = np.rint(weights.matrix / step[:, None]).astype(np.int8)
    return Quantised(matrix, step.astype(np.float32), weights.bias)


@dataclass(frozen=True)
class Model:
    """``served`` and ``urgent``: one flag a topic, in the order of ``topics``."""

    topics: tuple[str, ...]
    served: tuple[bool, ...]
    urgent: tuple[bool, ...]
    reader: Reader
    vectorizer: Vectorizer
    weights: Quantised
    calibration: Calibration

    def scores(self, features: Features) -> Floats | None:
        """One score a topic; only their differences mean something. None: no feature is known, so nothing is."""
        known, values = self.vectorizer(features)
        if not len(known):
            return None
        rows = self.weights.matrix.take(known, axis=0).astype(np.float32)
        gains: Floats = np.dot(values * self.weights.step[known], rows)
        return gains + self.weights.bias

    def warm(self) -> None:
        """Meet every known word once, so that the first person waits no longer than the second; some 60 ms."""
        for word in self.reader.known:
            self.vectorizer(extract([word]))
        self.reader.speller.repair("")  # builds its index

    def save(self, path: Path) -> None:
        kept = {
            "format": FORMAT,
            "topics": self.topics,
            "rarest": self.vectorizer.rarest,
            "views": dict(self.vectorizer.views),
            "calibration": astuple(self.calibration),
            "lexicon": self.reader.lexicon.to_json(),
        }
        arrays.save(
            path,
            kept,
            {
                "known": _pack(sorted(self.reader.known)),
                "counts": np.array([self.reader.known[word] for word in sorted(self.reader.known)], dtype=np.int32),
                "names": _pack(self.vectorizer.numbers),
                "served": np.array(self.served),
                "urgent": np.array(self.urgent),
                "scale": self.vectorizer.scale,
                "matrix": self.weights.matrix,
                "step": self.weights.step,
                "bias": self.weights.bias,
            },
        )

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises BadModel."""
        try:
            kept, found = arrays.load(path)
            if kept["format"] != FORMAT:
                raise BadModel(f"{path}: is of another format")
            numbers = {name: number for number, name in enumerate(_unpack(found["names"]))}
            return cls(
                topics=tuple(kept["topics"]),
                served=tuple(found["served"].tolist()),
                urgent=tuple(found["urgent"].tolist()),
                reader=Reader(
                    dict(zip(_unpack(found["known"]), found["counts"].tolist(), strict=True)),
                    Lexicon.from_json(kept["lexicon"]),
                ),
                vectorizer=Vectorizer(numbers, found["scale"], kept["rarest"], kept["views"]),
                weights=Quantised(found["matrix"], found["step"], found["bias"]),
                calibration=Calibration(*kept["calibration"]),
            )
        except (arrays.BadFile, KeyError, TypeError) as error:
            raise BadModel(f"{path}: {error}") from None


def _pack(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpack(packed: npt.NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")
