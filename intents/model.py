"""The ranking model: one weight per feature and topic, kept as plain arrays in one file."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from intents.features import VIEWS

FORMAT = 1  # raise it when the meaning of an array changes: old files are then built anew
OOV = 0.7  # how much a feature never seen weighs in the norm, against the rarest one seen

Floats = npt.NDArray[np.float32]


class BadModel(ValueError):
    """A model file is missing, damaged or of another format: build it anew."""


@dataclass(frozen=True)
class Calibration:
    """P(first is right) = σ(bias + score · s + margin · (s − runner-up's s)); fitted on left-out utterances."""

    bias: float
    score: float
    margin: float

    def __call__(self, score: float, margin: float) -> float:
        return float(1 / (1 + np.exp(-(self.bias + self.score * score + self.margin * margin))))


@dataclass(frozen=True)
class Model:
    """``weights``: features × topics; ``scale``: each feature's weight in the vector of a text."""

    topics: tuple[str, ...]
    served: npt.NDArray[np.bool_]
    urgent: npt.NDArray[np.bool_]
    vocabulary: dict[str, int]
    scale: Floats
    weights: Floats
    rarest: float
    calibration: Calibration

    def vector(self, features: Collection[str]) -> tuple[list[int], Floats]:
        """The known features' numbers and their shares of the unit vector; unknown ones count in its length only."""
        look_up = self.vocabulary.get
        known = [number for feature in features if (number := look_up(feature)) is not None]
        values = self.scale[known]
        length = float(values @ values)
        if len(known) < len(features):
            unknown = sum(VIEWS[feature[0]] ** 2 for feature in features if feature not in self.vocabulary)
            length += unknown * (OOV * self.rarest) ** 2
        return known, values / np.float32(max(length, 1e-9) ** 0.5)

    def scores(self, features: Collection[str]) -> Floats:
        """One score a topic: about 1 for its own utterances, about 0 for everything else."""
        known, values = self.vector(features)
        if not known:
            return np.zeros(len(self.topics), dtype=np.float32)
        scores: Floats = values @ self.weights[known]
        return scores

    def save(self, path: Path) -> None:
        """Write to ``path`` all at once: a reader sees the old file or the new one, never a part."""
        path.parent.mkdir(parents=True, exist_ok=True)
        header = {
            "format": FORMAT,
            "topics": self.topics,
            "rarest": self.rarest,
            "calibration": [self.calibration.bias, self.calibration.score, self.calibration.margin],
        }
        names = "\n".join(self.vocabulary).encode()
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            np.savez(
                file,
                header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
                vocabulary=np.frombuffer(names, dtype=np.uint8),
                served=self.served,
                urgent=self.urgent,
                scale=self.scale,
                weights=self.weights,
            )
        os.replace(file.name, path)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises BadModel."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
                header = json.loads(bytes(data["header"]))
                names = bytes(data["vocabulary"]).decode().split("\n")
                arrays = {name: data[name] for name in ("served", "urgent", "scale", "weights")}
            if header["format"] != FORMAT or arrays["weights"].shape != (len(names), len(header["topics"])):
                raise BadModel(f"{path}: is of another format")
            vocabulary = dict(zip(names, range(len(names)), strict=True))
            calibration = Calibration(*header["calibration"])
        except BadModel:
            raise
        except Exception as error:  # whatever a damaged file makes numpy or json raise, the remedy is the same
            raise BadModel(f"{path}: cannot be read: {error}") from None
        return cls(
            tuple(header["topics"]), vocabulary=vocabulary, rarest=header["rarest"], calibration=calibration, **arrays
        )
