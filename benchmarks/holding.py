"""What a passage is to an engine: its words and tokens, and the bytes of each part of the index.

``benchmarks.scale_plan`` counts with these figures.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.workplace import Archive, Bench, Row
from index.building.prepare import words_of
from index.generations.manifest import read_manifest
from index.parts.columns import Columns
from index.parts.database import Store
from index.parts.token_lists import TokenLists
from index.text.tokens import token_lines

ARTICLES = 1000
"""So many, from all over the archive, have their words counted."""

PARTS = {
    "database_b": ("archive.sqlite",),
    "vectors_b": ("dense.f16.npy",),
    "codes_b": ("dense.faiss",),
    "passage_words_b": ("passage_words",),
    "article_words_b": ("article_words",),
    "tokens_b": ("tokens.npy", "token_starts.npy"),
    "columns_b": ("articles.npy", "copies.npy", "days.npy", "scripts.npy", "sources.npy"),
}
"""Files and folders of a generation, by the column that has their bytes."""


def measure(bench: Bench) -> Iterator[Row]:
    """Yield for each archive what a passage holds, and what it takes on the disk."""
    for archive in bench.archives:
        archive.ensure_index()
        manifest = read_manifest(archive.generation)
        passages = manifest.passages
        yield {
            "archive": archive.name,
            "passages": passages,
            "articles": manifest.articles,
            **counts(archive),
            **{
                column: sum(size(archive.generation / name) for name in names) / passages
                for column, names in PARTS.items()
            },
            "all_b": size(archive.generation) / passages,
        }


def counts(archive: Archive) -> Row:
    """Return means: characters, distinct tokens and distinct words of a passage, words of an article."""
    folder = archive.generation
    number = read_manifest(folder).articles
    chosen = np.unique(np.linspace(0, number - 1, ARTICLES).astype(np.int64)).tolist()
    rows_of = Columns.open(folder).articles
    store = Store(folder)
    try:
        titles = [stored.card.title for stored in store.numbered(chosen)]
        rows = [np.flatnonzero(rows_of == article).tolist() for article in chosen]
        texts = [[one.passage.text for one in store.passages(some)] for some in rows]
    finally:
        store.close()
    bodies = [token_lines(some) for some in texts]
    every = [text for some in texts for text in some]
    return {
        "chars": _mean([len(text) for text in every]),
        "tokens": float(TokenLists.open(folder).lengths().mean()),
        "words": _mean([len(set(line.split())) for lines in bodies for line in lines]),
        "article_words": _mean(
            [
                len(words_of(title, lines).split())
                for title, lines in zip(token_lines(titles), bodies, strict=True)
            ]
        ),
    }


def size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())


def _mean(values: list[int]) -> float:
    return float(np.mean(values))
