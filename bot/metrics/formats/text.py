"""A report for a terminal of 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bot.pictures.paper import Cell, Column, Figure, Paper, Table, Trend

WIDTH = 100
_LABEL = 46  # columns of a fact's label
_BAR = 20  # signs of a full bar
_NUMBER = 8  # columns of a number in a table, at least


def written(paper: Paper) -> str:
    return "\n".join(line.rstrip() for line in _lines(paper)) + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    if paper.notice:
        yield from ("!" * WIDTH, *_wrapped(paper.notice), "!" * WIDTH, "")
    yield f"{paper.title.upper()} · {paper.site}"
    yield ""
    for passage in paper.about:
        yield from _labelled(passage.label, passage.text, 18)
    if paper.summary:
        yield ""
        for sentence in paper.summary:
            yield from _wrapped(sentence, "• ", "  ")
    yield from _heading(paper.figures_title)
    for figure in paper.figures:
        yield from _figure(figure)
    if paper.trend:
        yield from _trend(paper.trend)
    for table in paper.tables:
        yield from _table(table)
    yield from _heading(paper.notes_title)
    for note in paper.notes:
        yield from _wrapped(note, "• ", "  ")


def _heading(title: str) -> Iterator[str]:
    yield from ("", "", title.upper(), "─" * WIDTH)


def _figure(figure: Figure) -> Iterator[str]:
    yield ""
    yield from _wrapped(f"{'★ ' if figure.headline else ''}{figure.name}")
    yield from _wrapped("; ".join(filter(None, (figure.value, figure.change))), "  ", "  ")
    if figure.target:
        drawn = "" if figure.reached is None else bar(figure.reached, _BAR) + "  "
        yield from _wrapped(f"  {drawn}{figure.target}", "", "  ")
    for fact in figure.facts:
        yield f"    {fact.label:<{_LABEL}}{fact.cell.text:>16}"
    for passage in figure.passages:
        yield from _wrapped(f"{passage.label}: {passage.text}", "    ", "      ")
    if figure.references:
        yield from _wrapped(f"{figure.references.title}:", "    ", "      ")
        for value, year, meaning, source in figure.references.rows:
            line = f"{value.text} ({year.text}): {meaning.text}. {source.text}"
            yield from _wrapped(line, "      - ", "        ")


def bar(share: float, width: int) -> str:
    """Full only when all is reached, empty only when nothing is."""
    full = width if share >= 1 else min(width - 1, max(round(share * width), 1 if share > 0 else 0))
    return "█" * full + "░" * (width - full)


def _trend(trend: Trend) -> Iterator[str]:
    yield from _heading(trend.title)
    yield trend.name
    most = max(trend.values, default=0) or 1
    for month, value, row in zip(trend.months, trend.values, trend.table.rows, strict=True):
        length = 0 if value == 0 else max(1, round(60 * value / most))
        yield f"  {month:>5}  {'█' * length} {row[1].text}"
    yield ""
    yield from _rows(trend.table)


def _table(table: Table) -> Iterator[str]:
    yield from _heading(table.title)
    yield from _rows(table)


def _rows(table: Table) -> Iterator[str]:
    if table.note:
        yield from _wrapped(table.note)
    if not table.rows:
        return
    widths = _widths(table)
    yield ""
    yield from _row([column.name for column in table.columns], table.columns, widths)
    yield "  ".join("─" * width for width in widths)
    for row in table.rows:
        yield from _row([cell.text for cell in row], table.columns, widths)


def _row(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    """Each text broken in its own column; as many lines as the longest takes."""
    broken = [textwrap.wrap(text, width) or [""] for text, width in zip(texts, widths, strict=True)]
    for line in range(max(map(len, broken))):
        parts = []
        for lines, column, width in zip(broken, columns, widths, strict=True):
            part = lines[line] if line < len(lines) else ""
            parts.append(f"{part:<{width}}" if column.kind == "text" else f"{part:>{width}}")
        yield "  ".join(parts)


def _widths(table: Table) -> list[int]:
    """Numbers take what they need; columns of text share the rest by what they hold."""
    cells = list(zip(*table.rows, strict=True))
    need = [
        max(map(_length, column_cells))
        if column.kind == "text"
        else max(_NUMBER, _longest_word(column), *map(_length, column_cells))
        for column, column_cells in zip(table.columns, cells, strict=True)
    ]
    texts = [place for place, column in enumerate(table.columns) if column.kind == "text"]
    for place in texts:
        need[place] = max(need[place], min(12, len(table.columns[place].name)))
    room = WIDTH - 2 * (len(need) - 1) - sum(n for place, n in enumerate(need) if place not in texts)
    wanted = sum(need[place] for place in texts)
    if wanted > room:
        for place in sorted(texts, key=lambda place: need[place]):
            # The narrow ones first: what they leave is for the wide.
            own = min(need[place], max(8, room // len(texts)))
            need[place], room = own, room - own
            texts = texts[1:]
    return need


def _length(cell: Cell) -> int:
    return len(cell.text)


def _longest_word(column: Column) -> int:
    return max(map(len, column.name.split()))


def _labelled(label: str, text: str, width: int) -> Iterator[str]:
    yield from _wrapped(text, f"{label + ':':<{width}}", " " * width)


def _wrapped(text: str, first: str = "", more: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=more)
