"""The fields of a head: their names, and what mappings and lists in them come to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, TypeAlias

Value: TypeAlias = str | list[str]
"""What a field of a head holds."""

_FRAMES = frozenset(("taxonomies", "extra", "params", "metadata", "meta", "seo"))
"""Tables that only frame fields (Zola, Hugo): what is in them counts as if it stood outside."""
_SPEAKING = ("name", "title", "label", "text", "value", "created", "published")
"""What a mapping is called after: an author by the name, a date by the day it was made."""
_ADDRESSES = ("url", "link", "href")
_DEEPEST = 8
"""Mappings and lists inside so many others say nothing of an article."""


@lru_cache(maxsize=1_000)
def field_name(key: str) -> str:
    """Return a field's name without what people write differently: ``Pub_Date`` is ``pubdate``."""
    return "".join(letter for letter in key.lower() if letter not in "_- \t")


def flat(fields: Mapping[Any, object]) -> dict[str, Value]:
    """Return fields by name, each with one text or a list of texts.

    A mapping is called after its name, so that of ``author: {name: A, url: b}`` the author is ``A``.
    Of two fields with one name the last counts, and one inside a frame only where none stands outside.
    """
    values: dict[str, Value] = {}
    framed: dict[str, Value] = {}
    for key, value in fields.items():
        name = field_name(str(key))
        if name in _FRAMES and isinstance(value, Mapping):
            framed |= {field_name(str(inner)): _value(one) for inner, one in value.items()}
        elif name == "source" and isinstance(value, Mapping):
            framed |= _source(value)
        else:
            values[name] = _value(value)
    return framed | values


def _source(value: Mapping[Any, object]) -> dict[str, Value]:
    """Return the name and the address in a mapping; its title is that of a text and no source."""
    inner = {field_name(str(key)): _value(one) for key, one in value.items()}
    address = next((inner[key] for key in _ADDRESSES if inner.get(key)), None)
    named = {"source": inner.get("name", "") if address else _text(value)}
    return named if address is None else named | {"sourceurl": address}


def _value(value: object) -> Value:
    if isinstance(value, str):
        return value
    return list(_texts(value)) if isinstance(value, list | tuple) else _text(value)


def _texts(items: Iterable[object], depth: int = 0) -> Iterator[str]:
    for item in items:
        if isinstance(item, list | tuple):
            if depth < _DEEPEST:
                yield from _texts(item, depth + 1)
        else:
            yield _text(item)


def _text(value: object, depth: int = 0) -> str:
    if isinstance(value, str):
        return value
    if value is None or depth == _DEEPEST:
        return ""
    if isinstance(value, Mapping):
        named = {field_name(str(key)): one for key, one in value.items()}
        return next((_text(named[key], depth + 1) for key in _SPEAKING if named.get(key)), "")
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (_text(item, depth + 1) for item in value)))
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)
