"""Text in a room: how large it may stand, and where its lines break."""

from __future__ import annotations

from dataclasses import dataclass

from bot.pictures.fonts import Weight, clean, fitted, width

LEADING = 1.36  # of the size, from baseline to baseline: accents in two storeys keep clear of the line above
ASCENT = 1.05  # of the size, from the top of a block to its first baseline
CAPITAL = 0.74  # of the size, height of a capital without accents
ELLIPSIS = "…"
_EASE = 0.75  # of the wanted size: one line may shrink so far before a second line looks better


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size; lengths are in the page's unit."""

    lines: tuple[str, ...]
    weight: Weight
    size: int

    @property
    def leading(self) -> float:
        return self.size * LEADING

    @property
    def height(self) -> float:
        return len(self.lines) * self.leading

    @property
    def width(self) -> float:
        return max((width(line, self.weight, self.size) for line in self.lines), default=0.0)


def wrap(text: str, weight: Weight, size: float, room: float) -> tuple[str, ...]:
    """Break clean ``text`` at spaces into lines of at most ``room``; a word that is longer breaks anywhere."""
    lines: list[str] = []
    room += 1e-6  # sums of widths differ in their last digit by the order of adding
    line, run, space = "", 0.0, width(" ", weight, size)
    for word in text.split():
        length = width(word, weight, size)
        if line and run + space + length <= room:
            line, run = f"{line} {word}", run + space + length
            continue
        if line:
            lines.append(line)
        line, run = word, length
        if length > room:
            *whole, line = _pieces(word, weight, size, room)
            lines += whole
            run = width(line, weight, size)
    return (*lines, line) if line else ()


def block(text: str, weight: Weight, size: int, room: float, *, lines: int = 1, least: int = 1) -> Block:
    """Set ``text`` as large as ``size`` allows in ``room``, on as few of at most ``lines`` lines as look well.

    Text that is too long even at size ``least`` ends with an ellipsis.
    """
    text = clean(text)
    largest = 0
    for count in range(1, lines + 1):
        largest = _largest(text, weight, size, room, count, least)
        if largest >= size * _EASE:
            break
    if largest:
        return Block(wrap(text, weight, largest, room), weight, largest)
    whole = wrap(text, weight, least, room)
    return Block((*whole[: lines - 1], _shortened(whole[lines - 1], weight, least, room)), weight, least)


def balanced(block: Block) -> Block:
    """The same text on as many lines of about one length, which is how centred text looks calm."""
    if len(block.lines) < 2:
        return block
    low, high = block.width / len(block.lines), block.width
    text = " ".join(block.lines)
    best = block.lines
    while high - low > block.size / 4:
        middle = (low + high) / 2
        tried = wrap(text, block.weight, block.size, middle)
        # A narrower room may break a word that stood whole; such a line break is no gain.
        if len(tried) <= len(best) and " ".join(tried) == text:
            best, high = tried, middle
        else:
            low = middle
    return Block(best, block.weight, block.size)


def _largest(text: str, weight: Weight, size: int, room: float, count: int, least: int) -> int:
    """The largest size from ``least`` to ``size`` at which ``text`` needs at most ``count`` lines; 0: none."""
    if count == 1:
        one = fitted(text, weight, size, room)
        return one if one >= least and width(text, weight, one) <= room else 0
    if len(wrap(text, weight, least, room)) > count:
        return 0
    low, high = least, size
    while low < high:
        middle = (low + high + 1) // 2
        if len(wrap(text, weight, middle, room)) <= count:
            low = middle
        else:
            high = middle - 1
    return low


def _pieces(word: str, weight: Weight, size: float, room: float) -> list[str]:
    pieces, run = [""], 0.0
    for sign in word:
        length = width(sign, weight, size)
        if pieces[-1] and run + length > room:
            pieces.append("")
            run = 0.0
        pieces[-1] += sign
        run += length
    return pieces


def _shortened(line: str, weight: Weight, size: float, room: float) -> str:
    while line and width(line + ELLIPSIS, weight, size) > room:
        line = line[:-1]
    return line.rstrip(" ,;:.") + ELLIPSIS
