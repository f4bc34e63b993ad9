"""What Milvus keeps as text: articles, token lists, and how many passages hold each word.

A text field holds 65,535 bytes. What may be longer is cut into pieces.
"""

import json
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.types import Card

PIECE = 60_000
"""Bytes of a text field that are used at most."""


@dataclass(frozen=True, slots=True)
class Body:
    """An article as it is stored."""

    card: Card
    text: str


def pieces_of(card: Card, text: str) -> list[str]:
    """Return an article as one text field or more."""
    values = {**asdict(card), "date": card.date.isoformat() if card.date else None}
    packed = pack({"card": values, "text": text})
    return [packed[begin : begin + PIECE] for begin in range(0, len(packed), PIECE)]


def body_of(pieces: Sequence[str]) -> Body:
    """Return the article that ``pieces_of`` has cut.

    :raises IndexDamaged: if it is not what was written: there is a checksum in it.
    """
    values = unpack("".join(pieces))
    try:
        card = values["card"]
        date = datetime.fromisoformat(card["date"]) if card["date"] else None
        return Body(Card(**{**card, "date": date}), values["text"])
    except (KeyError, TypeError, ValueError) as error:
        raise IndexDamaged(f"expected an article in Milvus, but {error!r}") from error


def pack(values: object) -> str:
    """Return JSON, compressed with a checksum (zlib), in ASCII."""
    text = json.dumps(values, ensure_ascii=False).encode(errors="surrogatepass")
    return b64encode(zlib.compress(text, 6)).decode("ascii")


def unpack(packed: str) -> Any:
    """Return what ``pack`` has packed.

    :raises IndexDamaged: if it is something else.
    """
    try:
        text = zlib.decompress(b64decode(packed, validate=True))
        return json.loads(text.decode(errors="surrogatepass"))
    except (zlib.error, NotBase64, ValueError) as error:
        raise IndexDamaged(f"a field in Milvus is not what was written ({error})") from error


def tokens_to_text(ids: NDArray[np.int32]) -> str:
    """Return a passage's token numbers as a text field."""
    return b64encode(ids.astype("<i4").tobytes()).decode("ascii")


def tokens_of_text(packed: str) -> NDArray[np.int32]:
    """Return the token numbers that ``tokens_to_text`` has written.

    :raises IndexDamaged: if it is something else.
    """
    try:
        return np.frombuffer(b64decode(packed, validate=True), "<i4").astype(np.int32)
    except (NotBase64, ValueError) as error:
        raise IndexDamaged(f"expected token numbers in Milvus, but {error}") from error


def frequencies_to_text(frequencies: Mapping[int, int]) -> str:
    """Return how many passages hold each of some words, as a text field.

    :param frequencies: by dimension.
    """
    pairs = np.array(sorted(frequencies.items()), "<u4").reshape(-1, 2)
    return b64encode(zlib.compress(pairs.T.tobytes(), 6)).decode("ascii")


def frequencies_of_text(packed: str) -> dict[int, int]:
    """Return what ``frequencies_to_text`` has written.

    :raises IndexDamaged: if it is something else.
    """
    try:
        pairs = np.frombuffer(zlib.decompress(b64decode(packed, validate=True)), "<u4")
        words, counts = pairs.reshape(2, -1)
    except (zlib.error, NotBase64, ValueError) as error:
        raise IndexDamaged(f"expected frequencies of words in Milvus, but {error}") from error
    return dict(zip(words.tolist(), counts.tolist(), strict=True))
