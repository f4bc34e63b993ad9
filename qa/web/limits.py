"""How often one client may ask: a token bucket each."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

CLIENTS = 50_000
"""Clients remembered at most; whoever has not asked for longest is forgotten first."""

_MINUTE = 60.0


@dataclass(slots=True)
class Buckets:
    """A minute's requests at once, then one whenever a share of the minute has passed.

    :ivar now: seconds on a clock that only goes forward.
    """

    now: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, client: str, per_minute: int) -> float:
        """Let a client make a request, if it may.

        :param per_minute: requests; 0 = no limit.
        :return: seconds until it may; 0 = it may now.
        """
        if not per_minute:
            return 0.0
        now = self.now()
        left, at = self._buckets.pop(client, (float(per_minute), now))
        left = min(float(per_minute), left + (now - at) * per_minute / _MINUTE)
        wait = 0.0 if left >= 1 else (1 - left) * _MINUTE / per_minute
        self._buckets[client] = (left if wait else left - 1, now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return wait


def client_of(address: str) -> str:
    """Return what is counted as one client: an IPv4 address, or the 64 bits of an IPv6 network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def is_private(address: str) -> bool:
    """Tell whether an address is of this machine or of a private network."""
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
