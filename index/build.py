"""From articles to a generation: read, extract, cut, tokenise, encode, write, swap.

What one article needs is worked out by ``prepare``, a pure function that runs in the processes
that read the files; what needs all of them is written by ``build``.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from index.bundled import BundledEncoder, Ids, TokenTable
from index.columns import Columns, day_number, script_number
from index.copies import group_copies
from index.dense import DenseIndex
from index.encoder import Encoder
from index.errors import ArchiveIndexError
from index.generation import DENSE, LEXICAL, STORE, Manifest, write_generation
from index.lexical import LexicalWriter, token_line
from index.passages import cut
from index.store import StoreWriter
from index.text import TOKENIZER_VERSION, script
from index.token_lists import TokenLists
from index.types import Article, Passage, Skipped

ENCODED_AT_ONCE = 4096
"""Passages held back until they are encoded together, so that batches can be sorted by length."""

Progress = Callable[[int, int], None]
"""Called with the numbers of articles and passages so far."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with all that the index keeps of it but its vectors.

    :ivar bodies: the lexical tokens of each passage, as ``LexicalWriter.add`` takes them.
    :ivar title: the lexical tokens of the title, likewise.
    :ivar ids: the tokens of each passage in the bundled model's table.
    :ivar scripts: the script of each passage, by its number.
    """

    article: Article
    passages: tuple[Passage, ...]
    bodies: tuple[str, ...]
    title: str
    ids: tuple[Ids, ...]
    scripts: tuple[int, ...]


def prepare(article: Article, table: TokenTable, *, target_chars: int) -> Prepared:
    """Cut an article into passages and tokenise them."""
    passages = cut(article.paragraphs, target_chars=target_chars)
    return Prepared(
        article=article,
        passages=passages,
        bodies=tuple(token_line(passage.text) for passage in passages),
        title=token_line(article.title),
        ids=tuple(table.ids([passage.text for passage in passages])),
        scripts=tuple(script_number(script(passage.text)) for passage in passages),
    )


@dataclass(frozen=True, slots=True)
class Preparer:
    """``prepare`` for worker processes: each opens the token table once, when it first needs it."""

    target_chars: int

    def __call__(self, article: Article) -> Prepared:
        """Cut an article into passages and tokenise them."""
        return prepare(article, _table_of_this_process(), target_chars=self.target_chars)


@cache
def _table_of_this_process() -> TokenTable:
    return TokenTable.open()


def build(
    prepared: Iterable[Prepared | Skipped],
    index_dir: Path,
    encoder: Encoder,
    table: TokenTable,
    *,
    paths: Sequence[Path],
    target_chars: int,
    keep: int,
    progress: Progress = lambda _articles, _passages: None,
) -> Manifest:
    """Write a new generation of the index and make it current.

    :param prepared: the articles, and the files that could not become one.
    :param paths: what was read, recorded so that the index can be checked and updated.
    :param keep: generations to keep, this one included.
    :raises IndexLocked: if another process writes the index.
    :raises ArchiveIndexError: if it cannot be written, or files were skipped and none kept.
    """

    def fill(folder: Path) -> Callable[[dict[str, str]], Manifest]:
        writer = _Writer(folder, encoder, table)
        for item in prepared:
            writer.add(item)
            progress(writer.store.articles, writer.store.passages)
        if writer.skipped and not writer.store.articles:
            raise ArchiveIndexError(
                f"found no article in {', '.join(map(str, paths))}; the index is left as it was. "
                "Check the paths, and what was said of files that were skipped"
            )
        writer.finish()
        return lambda files: Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            paths=tuple(str(path.absolute()) for path in paths),
            articles=writer.store.articles,
            passages=writer.store.passages,
            skipped=dict(writer.skipped),
            encoder=encoder.info,
            table=table.revision,
            tokenizer_version=TOKENIZER_VERSION,
            target_chars=target_chars,
            files=files,
        )

    return write_generation(index_dir, fill, keep=keep)


class _Writer:
    """The parts of a generation while it is written: row *i* is passage *i* in each."""

    def __init__(self, folder: Path, encoder: Encoder, table: TokenTable) -> None:
        self._folder = folder
        self._encoder = encoder
        self._table = table
        self.store = StoreWriter(folder / STORE)
        self.skipped: Counter[str] = Counter()
        self._lexical = LexicalWriter(folder / LEXICAL)
        self._dense = DenseIndex.empty(encoder.info.dim)
        self._waiting: list[str] = []
        self._ids: list[Ids] = []
        self._articles, self._days, self._sources = array("i"), array("i"), array("i")
        self._scripts = array("b")

    def add(self, item: Prepared | Skipped) -> None:
        if isinstance(item, Skipped):
            self.skipped[item.reason] += 1
            self.store.skip(item)
            return
        article = item.article
        day = day_number(article.date.date() if article.date else None)
        source = self.store.source_number(article.source)
        first = self.store.add(article, item.passages)
        for n, body in enumerate(item.bodies):
            self._lexical.add(first + n, body, item.title, day, source)
            self._articles.append(self.store.articles - 1)
            self._days.append(day)
            self._sources.append(source)
        self._scripts.extend(item.scripts)
        self._ids += item.ids
        self._waiting += [passage.text for passage in item.passages]
        if len(self._waiting) >= ENCODED_AT_ONCE:
            self._encode()

    def finish(self) -> None:
        self._encode()
        self.store.finish()
        self._lexical.finish()
        self._dense.save(self._folder / DENSE)
        lists = TokenLists.build(self._ids, self._table.size)
        lists.save(self._folder)
        Columns(
            articles=np.array(self._articles, np.int32),
            days=np.array(self._days, np.int32),
            sources=np.array(self._sources, np.int32),
            scripts=np.array(self._scripts, np.int8),
            copies=group_copies(lists),
        ).save(self._folder)

    def _encode(self) -> None:
        if not self._waiting:
            return
        if isinstance(self._encoder, BundledEncoder):
            # Its tokens are known already: the same table serves vectors and token lists.
            self._dense.add(self._table.vectors(self._ids[-len(self._waiting) :]))
        else:
            self._dense.add(self._encoder.encode(self._waiting))
        self._waiting.clear()
