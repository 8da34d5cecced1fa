"""The ranking model as plain arrays, and as one file."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intents.calibration import Calibration
from intents.features import VIEWS
from intents.reading import Reader
from intents.softmax import Weights

FORMAT = 2  # raise it when the meaning of an array changes: old files are then built anew
OOV = 0.7  # how much a feature never seen weighs in a text's length, against the rarest one seen

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


class BadModel(ValueError):
    """A model file is missing, damaged or of another format: build it anew."""


@dataclass(frozen=True)
class Vectorizer:
    """Features to a sparse unit vector. ``scale``: each feature's weight; ``rarest``: the idf of one seen once."""

    vocabulary: dict[str, int]
    scale: Floats
    rarest: float

    def __call__(self, features: Collection[str]) -> tuple[list[int], Floats]:
        """The known features' numbers and their shares; unknown ones count in the length only."""
        known = [number for feature in features if (number := self.vocabulary.get(feature)) is not None]
        values = self.scale[known]
        length = float(values @ values)
        if len(known) < len(features):
            unknown = sum(VIEWS[feature[0]] ** 2 for feature in features if feature not in self.vocabulary)
            length += unknown * (OOV * self.rarest) ** 2
        return known, values / np.float32(max(length, 1e-9) ** 0.5)


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
    served: Flags
    urgent: Flags
    reader: Reader
    vectorizer: Vectorizer
    weights: Quantised
    calibration: Calibration

    def scores(self, features: Collection[str]) -> Floats:
        """One score a topic; only their differences mean something."""
        known, values = self.vectorizer(features)
        gains: Floats = (values * self.weights.step[known]) @ self.weights.matrix[known].astype(np.float32)
        return gains + self.weights.bias

    def save(self, path: Path) -> None:
        """Write to ``path`` all at once: a reader sees the old file or the new one, never a part."""
        path.parent.mkdir(parents=True, exist_ok=True)
        header = {
            "format": FORMAT,
            "topics": self.topics,
            "rarest": self.vectorizer.rarest,
            "calibration": astuple(self.calibration),
            "known": sorted(self.reader.known),
        }
        names = "\n".join(self.vectorizer.vocabulary).encode()
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            np.savez(
                file,
                header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
                vocabulary=np.frombuffer(names, dtype=np.uint8),
                served=self.served,
                urgent=self.urgent,
                scale=self.vectorizer.scale,
                matrix=self.weights.matrix,
                step=self.weights.step,
                bias=self.weights.bias,
            )
        os.replace(file.name, path)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises BadModel."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
                header = json.loads(bytes(data["header"]))
                names = bytes(data["vocabulary"]).decode().split("\n")
                weights = Quantised(data["matrix"], data["step"], data["bias"])
                if header["format"] != FORMAT or weights.matrix.shape != (len(names), len(header["topics"])):
                    raise BadModel(f"{path}: is of another format")
                vocabulary = dict(zip(names, range(len(names)), strict=True))
                return cls(
                    topics=tuple(header["topics"]),
                    served=data["served"],
                    urgent=data["urgent"],
                    reader=Reader(frozenset(header["known"])),
                    vectorizer=Vectorizer(vocabulary, data["scale"], header["rarest"]),
                    weights=weights,
                    calibration=Calibration(*header["calibration"]),
                )
        except BadModel:
            raise
        except Exception as error:  # whatever a damaged file makes numpy or json raise, the remedy is the same
            raise BadModel(f"{path}: cannot be read: {error}") from None
