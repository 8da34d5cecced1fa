"""How often one address may try something: a bucket of tokens that fills again by itself."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict

from bot.clock import Clock

KEPT = 10_000  # addresses; the one that was quiet for longest is forgotten first


class Bucket:
    """``burst`` tries at once, then ``a_minute``. IPv6 addresses count by their network, since one person has many."""

    def __init__(self, clock: Clock, burst: int = 20, a_minute: float = 20) -> None:
        self._clock = clock
        self._burst = burst
        self._a_second = a_minute / 60
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address → tries left, and when

    def take(self, address: str) -> bool:
        """Whether one more try is allowed, which uses it up."""
        key, now = _network(address), self._clock.monotonic()
        left, at = self._left.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._a_second)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        if len(self._left) > KEPT:
            self._left.popitem(last=False)
        return allowed


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
