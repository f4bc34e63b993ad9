"""Prove the index against its sources: each file is read and extracted again, and compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from index.articles.files import indexable, read_article
from index.parts.database import Store
from index.types import Card, FileReport, StoredPassage


@dataclass(frozen=True, slots=True)
class Checked:
    """One article file after comparison.

    :ivar passages: passages that were compared.
    :ivar problems: what is not as it was indexed, one line each; empty when all is.
    """

    path: str
    passages: int
    problems: tuple[str, ...]


def verify(store: Store, *, max_bytes: int) -> Iterator[Checked]:
    """Compare every article of an index with its source file.

    :param max_bytes: size from which a file is not read, in bytes.
    """
    for article in store.articles():
        yield _check(store.passages_of(article.id), article.card, max_bytes)


def verify_passages(store: Store, rows: Iterable[int], *, max_bytes: int) -> Iterator[Checked]:
    """Compare some passages with their source files.

    :raises IndexDamaged: if a row is not in the index.
    """
    passages = store.passages(sorted(rows))
    for card, group in groupby(passages, lambda stored: stored.article.card):
        yield _check(list(group), card, max_bytes)


def _check(passages: list[StoredPassage], card: Card, max_bytes: int) -> Checked:
    """Compare passages of an article with its file; of one without text the title."""
    path = card.path
    found = indexable(read_article(Path(path), max_bytes=max_bytes))
    if isinstance(found, FileReport):
        return Checked(path, len(passages), (f"{found.reason}: {found.detail}".rstrip(": "),))
    problems = []
    if found.card.sha256 != card.sha256:
        problems.append(f"the file has changed: SHA-256 was {card.sha256}, is {found.card.sha256}")
    if card.title_only and not found.card.title_only:
        problems.append("the index has the title only, the file has a text")
    elif card.title_only and found.card.title != card.title:
        problems.append(
            f"title only: the index has {_short(card.title)!r}, the file {_short(found.card.title)!r}"
        )
    text = found.text
    for stored in passages:
        quoted = stored.passage
        if text[quoted.start : quoted.end] != quoted.text:
            moved = " (it stands elsewhere in the article now)" if quoted.text in text else ""
            problems.append(
                f"passage {stored.row}, characters {quoted.start} to {quoted.end}: "
                f"the index has {_short(quoted.text)!r}, "
                f"the file {_short(text[quoted.start : quoted.end])!r}{moved}"
            )
    return Checked(path, len(passages), tuple(problems))


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
