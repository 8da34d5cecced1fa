"""Read back what was drawn: pixels of a picture, and the text and boxes of a PDF."""

from __future__ import annotations

import io
import re
import zlib

import segno
from PIL import Image, ImageChops

Matrix = tuple[bytes, ...]


def picture(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image.convert("RGB")


def ink(image: Image.Image, area: tuple[int, int, int, int] | None = None) -> tuple[int, int, int, int]:
    """Bounds (left, top, right, bottom) of all that is not paper, within ``area`` if given."""
    left, top, right, bottom = area or (0, 0, *image.size)
    part = image.crop((left, top, right, bottom))
    box = ImageChops.difference(part, Image.new("RGB", part.size, image.getpixel((0, 0)))).getbbox()
    assert box, "nothing but paper"
    return box[0] + left, box[1] + top, box[2] + left, box[3] + top


def share_of(image: Image.Image, colour: tuple[int, int, int], area: tuple[int, int, int, int]) -> float:
    part = image.crop(area)
    counts = {found: count for count, found in part.getcolors(part.width * part.height) or []}
    return counts.get(colour, 0) / (part.width * part.height)


def matrix(content: str) -> Matrix:
    code = segno.make(content, error="m", encoding="utf-8", micro=False)
    return tuple(bytes(row) for row in code.matrix)


def sampled(image: Image.Image, box: tuple[int, int, int, int], size: int) -> Matrix:
    """The modules of a code of ``size`` × ``size`` in ``box``, each judged by the pixel at its centre."""
    module = (box[2] - box[0]) / size
    grey = image.convert("L")

    def dark(row: int, column: int) -> int:
        place = (int(box[0] + (column + 0.5) * module), int(box[1] + (row + 0.5) * module))
        return int(grey.getpixel(place) < 128)

    return tuple(bytes(dark(row, column) for column in range(size)) for row in range(size))


def streams(pdf: bytes) -> list[bytes]:
    found = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return [zlib.decompress(data) if data.startswith(b"x") else data for data in found]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def title(pdf: bytes) -> str:
    found = re.search(rb"/Title <([0-9a-fA-F]+)>", pdf)
    assert found
    return bytes.fromhex(found[1].decode()).decode("utf-16")


def text(pdf: bytes) -> list[tuple[float, str]]:
    """Size in points and words of each line, read through the fonts' own tables of signs."""
    fonts = [_signs(data) for data in streams(pdf) if b"begincmap" in data]
    found: list[tuple[float, str]] = []
    font, size = {0: ""}, 0.0
    for number, points, words in re.findall(rb"/F(\d+) ([\d.]+) Tf|\(((?:\\.|[^\\)])*)\) Tj", _content(pdf), re.DOTALL):
        if number:
            font, size = fonts[int(number) - 1], float(points)
            continue
        codes = re.sub(rb"\\(.)", lambda match: b"\r" if match[1] == b"r" else match[1], words, flags=re.DOTALL)
        found.append((size, "".join(font[code] for code in _pairs(codes))))
    return found


def boxes(pdf: bytes, colour: str) -> list[tuple[float, float, float, float]]:
    """(x, y from the bottom, width, height), in points, of the plain boxes filled in ``colour``."""
    current, found = "", []
    for match in re.finditer(rb"([\d.]+) ([\d.]+) ([\d.]+) rg|([-\d. ]+) re f", _content(pdf)):
        if match[1]:
            current = "#" + "".join(f"{round(float(part) * 255):02x}" for part in match.groups()[:3])
        elif current == colour:
            x, y, width, height = map(float, match[4].split())
            found.append((x, y + height if height < 0 else y, width, abs(height)))
    return found


def stacked(rows: list[tuple[float, float, float, float]], size: int) -> tuple[float, Matrix]:
    """Side in points and modules of a code that was drawn as stretches of dark modules."""
    left, right = min(x for x, _, _, _ in rows), max(x + width for x, _, width, _ in rows)
    top = max(y + height for _, y, _, height in rows)
    module = (right - left) / size
    grid = [bytearray(size) for _ in range(size)]
    for x, y, width, height in rows:
        row, column = round((top - y - height) / module), round((x - left) / module)
        for step in range(round(width / module)):
            grid[row][column + step] = 1
    return right - left, tuple(map(bytes, grid))


def _content(pdf: bytes) -> bytes:
    return next(data for data in streams(pdf) if b" re f" in data)


def _signs(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table)
    return {int(code, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for code, sign in pairs}


def _pairs(codes: bytes) -> list[int]:
    return [codes[at] * 256 + codes[at + 1] for at in range(0, len(codes), 2)]
