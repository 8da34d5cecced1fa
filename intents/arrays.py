"""Named arrays in one file, memory-mapped when read: only what a message touches takes memory.

Layout: MAGIC, the header's length (8 bytes), the header (JSON: what the caller kept, each array's place, type and
shape, a checksum of all arrays), then the arrays, each on a multiple of 64 bytes.
"""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"intents\n"
_ALIGN = 64
_CHUNK = 1 << 20

Arrays = Mapping[str, npt.NDArray[Any]]


class BadFile(ValueError):
    """The file is missing, damaged or of another kind."""


def save(path: Path, kept: Mapping[str, Any], arrays: Arrays) -> None:
    """Write to ``path`` all at once: a reader sees the old file or the new one, never a part. ``kept`` is JSON data."""
    path.parent.mkdir(parents=True, exist_ok=True)
    places, blobs, at, checksum = {}, [], 0, 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        data += b"\0" * (-len(data) % _ALIGN)
        places[name] = {"at": at, "type": array.dtype.str, "shape": array.shape}
        checksum = zlib.crc32(data, checksum)
        blobs.append(data)
        at += len(data)
    header = json.dumps({"kept": kept, "arrays": places, "size": at, "checksum": checksum}).encode()
    header += b" " * (-(len(MAGIC) + 8 + len(header)) % _ALIGN)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        for blob in blobs:
            file.write(blob)
    os.replace(file.name, path)


def load(path: Path) -> tuple[dict[str, Any], Arrays]:
    """What was kept, and the arrays, read-only. Raises BadFile."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise BadFile(f"{path}: is no model of this kind")
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
            start, checksum = file.tell(), 0
            while chunk := file.read(_CHUNK):
                checksum = zlib.crc32(chunk, checksum)
            if file.tell() - start != header["size"] or checksum != header["checksum"]:
                raise BadFile(f"{path}: is damaged")
        mapped = np.memmap(path, dtype=np.uint8, mode="r", offset=start) if header["size"] else np.zeros(0, np.uint8)
        arrays = {name: _array(mapped, place) for name, place in header["arrays"].items()}
        return header["kept"], arrays
    except (OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise BadFile(f"{path}: cannot be read: {error}") from None


def _array(mapped: npt.NDArray[np.uint8], place: Mapping[str, Any]) -> npt.NDArray[Any]:
    kind, shape = np.dtype(place["type"]), tuple(place["shape"])
    size = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    array: npt.NDArray[Any] = mapped[place["at"] : place["at"] + size].view(kind).reshape(shape)
    return np.asarray(array)  # still mapped, without the cost that np.memmap adds to every slice
