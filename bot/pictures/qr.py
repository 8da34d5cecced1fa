"""QR codes as rows of modules."""

from __future__ import annotations

from functools import lru_cache

import segno

QUIET = 4  # modules of blank margin that readers need on every side


@lru_cache(maxsize=64)
def modules(content: str) -> tuple[bytes, ...]:
    """The rows of the code for ``content``, top first, one byte a module, 1 for dark; the quiet zone is not in it.

    Error correction is M or better: a code on a factory wall gets scratched. Nothing to hold, or more than a code
    can hold, gives no rows: half an address would lead astray.
    """
    data = content.encode("utf-8", "ignore").decode("utf-8")
    if not data:
        return ()
    try:
        code = segno.make(data, error="m", encoding="utf-8", micro=False)
    except segno.DataOverflowError:
        return ()
    return tuple(bytes(row) for row in code.matrix)


def runs(row: bytes) -> list[tuple[int, int]]:
    """The dark stretches of a row as (first module, number of modules)."""
    found: list[tuple[int, int]] = []
    for column, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == column:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((column, 1))
    return found
