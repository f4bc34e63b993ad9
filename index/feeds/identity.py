"""What tells an entry of a feed from the others, now and at the next fetch. Pure.

An id should do, and often does not: feeds give one id, and one link, to all they publish, or write
the headline into the id and change both. So an entry has several keys, each narrower than the one
before: its id, its id and link, and with its title and date, and with its text. The widest that
tells it from all others of its feed is the one that is remembered.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

_OF_A_CAMPAIGN = "utm_"
"""Parameters of a link that say only how somebody came to follow it."""


def keys_of(name: str, link: str, *told: str) -> tuple[str, ...]:
    """Return an entry's keys, the widest first; each begins with the one before and a line break.

    :param name: its id, else its link, else something else.
    :param told: what else tells it from others, the more lasting first.
    """
    keys = [name]
    if link and link != name:
        keys.append(f"{name}\n{link}")
    for text in told:
        keys.append(f"{keys[-1]}\n{digest(text)}")
    return tuple(keys)


def levels(entries: Sequence[Sequence[str]]) -> list[int]:
    """Return for each entry which of its keys tells it from the others.

    Those of which the narrowest is the same are the same entry.

    :param entries: the keys of each.
    """
    chosen = {tuple(keys): 0 for keys in entries}
    for _ in range(max(map(len, entries), default=0)):
        times = Counter(keys[level] for keys, level in chosen.items())
        chosen = {
            keys: min(level + (times[keys[level]] > 1), len(keys) - 1)
            for keys, level in chosen.items()
        }
    return [chosen[tuple(keys)] for keys in entries]


def page_of(link: str | None, site: str | None = None) -> str | None:
    """Return what stays of a link when a site changes its scheme: what names the page of an entry.

    :param site: the link of the feed itself, which names no entry.
    :return: None for a link to the front page, or for none.
    """
    page = _page(link)
    return None if page is None or page == _page(site) else page


def _page(link: str | None) -> str | None:
    try:
        parts = urlsplit(link or "")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return None
    asked = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(_OF_A_CAMPAIGN)
    ]
    path = parts.path.rstrip("/")
    if not parts.hostname or not (path or asked):
        return None
    query = f"?{urlencode(asked)}" if asked else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.hostname.removeprefix('www.')}{port}{path}{query}{fragment}"


def digest(text: str) -> str:
    """Return a hash of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
