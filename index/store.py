"""Articles and passages in SQLite, by number: passage *i* is row *i* of every other file.

An article's text is stored once; a passage is a span of it. The database of a finished generation
never changes, so it is opened as immutable and may be read from several threads and processes.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from index.errors import IndexDamaged
from index.types import PARAGRAPH_BREAK, Article, Passage, Skipped

_SCHEMA = """
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, title TEXT NOT NULL,
    author TEXT, date TEXT, url TEXT, source TEXT, categories TEXT NOT NULL, tags TEXT NOT NULL,
    language TEXT NOT NULL, truncated INTEGER NOT NULL, text TEXT NOT NULL, headings TEXT NOT NULL
) STRICT;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles,
    first_paragraph INTEGER NOT NULL, last_paragraph INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL
) STRICT;
CREATE TABLE skipped (path TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, line INTEGER)
STRICT;
CREATE TABLE sources (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
"""
_INDEXES = "CREATE INDEX passages_of_article ON passages (article);"

_ARTICLE = "id, path, sha256, title, author, date, url, source, language, truncated"
_PASSAGE = "p.row, p.article, p.first_paragraph, p.last_paragraph, p.start, p.end"


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article's card: what a citation says of it."""

    id: int
    path: str
    sha256: str
    title: str
    author: str | None
    date: datetime | None
    url: str | None
    source: str | None
    language: str
    truncated: bool


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its row and its article."""

    row: int
    passage: Passage
    article: StoredArticle


class StoreWriter:
    """Writes the database of a new generation."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        # A build that dies leaves a partial folder that nobody opens: no journal is needed.
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        self._db.execute("BEGIN")
        self.articles = 0
        self.passages = 0
        self._sources: dict[str, int] = {}

    def add(self, article: Article, passages: Sequence[Passage]) -> int:
        """Add an article with its passages, which get the next rows; return the first row."""
        values = (
            self.articles,
            article.path,
            article.sha256,
            article.title,
            article.author,
            article.date.isoformat() if article.date else None,
            article.url,
            article.source,
            json.dumps(article.categories, ensure_ascii=False),
            json.dumps(article.tags, ensure_ascii=False),
            article.language,
            int(article.truncated),
            article.text,
            json.dumps([p.heading for p in article.paragraphs], ensure_ascii=False),
        )
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO articles VALUES ({marks})", values)  # noqa: S608 - only marks are put in
        first = self.passages
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            [
                (first + n, self.articles, p.paragraphs[0], p.paragraphs[-1], p.start, p.end)
                for n, p in enumerate(passages)
            ],
        )
        self.articles += 1
        self.passages += len(passages)
        return first

    def skip(self, skipped: Skipped) -> None:
        """Record a file that did not become an article."""
        self._db.execute(
            "INSERT INTO skipped VALUES (?, ?, ?, ?)",
            (skipped.path, skipped.reason, skipped.detail, skipped.line),
        )

    def source_number(self, source: str | None) -> int:
        """Return the number of a source, the same for the same name; 0 is "no source"."""
        return self._sources.setdefault(source, len(self._sources) + 1) if source else 0

    def finish(self) -> None:
        """Write everything to the file and close it."""
        self._db.executemany(
            "INSERT INTO sources VALUES (?, ?)",
            [(number, name) for name, number in self._sources.items()],
        )
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        self._db.close()


class Store:
    """The database of a finished generation, opened for reading."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self.sources: dict[str, int] = dict(self._rows("SELECT name, number FROM sources"))
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """Return passages by their rows, in the order asked for.

        :raises IndexDamaged: if a row is missing.
        """
        marks = ", ".join("?" * len(rows))
        found = {
            record[0]: record
            for record in self._rows(
                f"SELECT {_PASSAGE}, substr(a.text, p.start + 1, p.end - p.start) "  # noqa: S608 - only marks are put in
                f"FROM passages p JOIN articles a ON a.id = p.article WHERE p.row IN ({marks})",
                [int(row) for row in rows],
            )
        }
        missing = [row for row in rows if int(row) not in found]
        if missing:
            raise self._damaged(f"passage {missing[0]} is not in it")
        articles = self._articles({record[1] for record in found.values()})
        return [_stored_passage(found[int(row)], articles) for row in rows]

    def passages_of(self, article: int) -> list[StoredPassage]:
        """Return all passages of an article, in its order."""
        rows = self._rows("SELECT row FROM passages WHERE article = ? ORDER BY row", [article])
        return self.passages([row for (row,) in rows])

    def article_text(self, article: int) -> str:
        """Return an article's extracted text."""
        ((text,),) = self._rows("SELECT text FROM articles WHERE id = ?", [article])
        return str(text)

    def paragraphs(self, article: int) -> list[str]:
        """Return an article's paragraphs."""
        return self.article_text(article).split(PARAGRAPH_BREAK)

    def articles(self) -> Iterator[StoredArticle]:
        """Yield every article, in the order in which they were indexed."""
        for record in self._rows(f"SELECT {_ARTICLE} FROM articles ORDER BY id"):  # noqa: S608 - constants
            yield _stored_article(record)

    def skipped(self) -> Iterator[Skipped]:
        """Yield the files that did not become articles."""
        for path, reason, detail, line in self._rows("SELECT * FROM skipped ORDER BY path"):
            yield Skipped(path=path, reason=reason, detail=detail, line=line)

    def _articles(self, ids: set[int]) -> dict[int, StoredArticle]:
        marks = ", ".join("?" * len(ids))
        records = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE id IN ({marks})", list(ids))  # noqa: S608 - only marks are put in
        return {record[0]: _stored_article(record) for record in records}

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, cause: object) -> IndexDamaged:
        return IndexDamaged(
            f"{self._path}: expected the database of an index, but {cause}; "
            "build it again with 'newsquote index build'"
        )


def _stored_article(record: tuple[Any, ...]) -> StoredArticle:
    number, path, sha256, title, author, date, url, source, language, truncated = record
    return StoredArticle(
        id=number,
        path=path,
        sha256=sha256,
        title=title,
        author=author,
        date=datetime.fromisoformat(date) if date else None,
        url=url,
        source=source,
        language=language,
        truncated=bool(truncated),
    )


def _stored_passage(record: tuple[Any, ...], articles: dict[int, StoredArticle]) -> StoredPassage:
    row, article, first, last, start, end, text = record
    passage = Passage(text=text, paragraphs=tuple(range(first, last + 1)), start=start, end=end)
    return StoredPassage(row=row, passage=passage, article=articles[article])
