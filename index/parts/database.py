"""Articles and passages in SQLite, by number: passage *i* is row *i* of every other file.

An article's text is stored once; a passage is a span of it. The database of a finished generation
never changes, so it is opened as immutable and may be read from several threads and processes.

SQLite does not notice when a byte of a text has changed on the disk. What is quoted must be what was
indexed, so each text and each card carries a checksum, compared whenever it is read.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import IndexDamaged
from index.types import (
    PARAGRAPH_BREAK,
    Article,
    Card,
    FileReport,
    Held,
    Paragraph,
    Passage,
    StoredArticle,
    StoredPassage,
)

FILE = "archive.sqlite"

_SCHEMA = """
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, title TEXT NOT NULL,
    author TEXT, date TEXT, url TEXT, source TEXT, categories TEXT NOT NULL, tags TEXT NOT NULL,
    language TEXT NOT NULL, truncated INTEGER NOT NULL, title_only INTEGER NOT NULL,
    text TEXT NOT NULL, headings TEXT NOT NULL,
    card_check INTEGER NOT NULL, text_check INTEGER NOT NULL
) STRICT;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles,
    first_paragraph INTEGER NOT NULL, last_paragraph INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL
) STRICT;
CREATE TABLE skipped (
    path TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, line INTEGER, sha256 TEXT
) STRICT;
CREATE TABLE sources (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
"""
_INDEXES = """
CREATE INDEX passages_of_article ON passages (article);
CREATE INDEX articles_by_content ON articles (sha256);
"""

_ARTICLE_BUT_ID = (
    "path, sha256, title, author, date, url, source, categories, tags, language, truncated, "
    "title_only, text, headings, card_check, text_check"
)
_CARD_BUT_PATH = "sha256, title, author, date, url, source, language, truncated, title_only"
_ARTICLE = f"id, card_check, path, {_CARD_BUT_PATH}"
_PASSAGE = "p.row, p.article, p.first_paragraph, p.last_paragraph, p.start, p.end"


class Span(NamedTuple):
    """Where a passage stands: a span of its article's text.

    :ivar first: number of the first paragraph it touches.
    """

    row: int
    article: int
    first: int
    last: int
    start: int
    end: int


class StoreWriter:
    """Writes the database of a new generation.

    :param folder: of the generation.
    :param previous: folder of another generation, from which articles can be kept.
    """

    def __init__(self, folder: Path, previous: Path | None = None) -> None:
        address = (folder / FILE).absolute().as_uri()
        self._db = sqlite3.connect(address, uri=True, isolation_level=None)
        # A build that dies leaves a partial folder that nobody opens: no journal is needed.
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        self.articles = 0
        self.passages = 0
        self._sources: dict[str, int] = {}
        if previous is not None:
            self._db.execute("ATTACH ? AS previous", (_read_only(previous / FILE),))
            self._sources = dict(self._db.execute("SELECT name, number FROM previous.sources"))
        self._new_source = max(self._sources.values(), default=0) + 1
        self._db.execute("BEGIN")

    def add(self, article: Article, passages: Sequence[Passage]) -> int:
        """Add an article with its passages, if any, which get the next rows; return the first row."""
        card, text = article.card, article.text
        date = card.date.isoformat() if card.date else None
        about = (card.path, card.sha256, card.title, card.author, date, card.url, card.source)
        kind = (card.language, int(card.truncated), int(card.title_only))
        values = (
            self.articles,
            *about,
            json.dumps(article.categories, ensure_ascii=False),
            json.dumps(article.tags, ensure_ascii=False),
            *kind,
            text,
            json.dumps([p.heading for p in article.paragraphs], ensure_ascii=False),
            _check(*about, *kind),
            _check(text),
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

    def keep(self, articles: range, rows: range) -> None:
        """Add articles of the previous generation with all their passages, numbered anew.

        :param articles: their numbers there.
        :param rows: the rows of their passages there.
        """
        self._db.execute(
            f"INSERT INTO articles SELECT id + ?, {_ARTICLE_BUT_ID} "  # noqa: S608 - constants
            "FROM previous.articles WHERE id BETWEEN ? AND ? ORDER BY id",
            (self.articles - articles.start, articles.start, articles.stop - 1),
        )
        self._db.execute(
            "INSERT INTO passages SELECT row + ?, article + ?, first_paragraph, last_paragraph, "
            "start, end FROM previous.passages WHERE row BETWEEN ? AND ? ORDER BY row",
            (
                self.passages - rows.start,
                self.articles - articles.start,
                rows.start,
                rows.stop - 1,
            ),
        )
        self.articles += len(articles)
        self.passages += len(rows)

    def move(self, article: int, path: str) -> None:
        """Give an article that was added another path."""
        (card,) = self._db.execute(
            f"SELECT {_CARD_BUT_PATH} FROM articles WHERE id = ?",  # noqa: S608 - constants
            [article],
        )
        self._db.execute(
            "UPDATE articles SET path = ?, card_check = ? WHERE id = ?",
            (path, _check(path, *card), article),
        )

    def skip(self, skipped: FileReport) -> None:
        """Record a file that did not become an article."""
        self._db.execute(
            "INSERT INTO skipped VALUES (?, ?, ?, ?, ?)",
            (skipped.path, skipped.reason, skipped.detail, skipped.line, skipped.sha256),
        )

    def title_only(self) -> int:
        """Return how many of the articles so far have no text."""
        ((count,),) = self._db.execute("SELECT COUNT(*) FROM articles WHERE title_only")
        return int(count)

    def source_number(self, source: str | None) -> int:
        """Return the number of a source; 0 is "no source".

        A source keeps the number that it had in the previous generation: the lexical index, which
        is not written anew, knows it by that.
        """
        if not source:
            return 0
        if source not in self._sources:
            self._sources[source] = self._new_source
            self._new_source += 1
        return self._sources[source]

    def finish(self) -> None:
        """Write everything to the file and close it."""
        used = {name for (name,) in self._db.execute("SELECT DISTINCT source FROM articles")}
        self._db.executemany(
            "INSERT INTO sources VALUES (?, ?)",
            [(number, name) for name, number in self._sources.items() if name in used],
        )
        self._db.execute("COMMIT")
        self._db.executescript(_INDEXES)
        self._db.close()


class Store:
    """The database of a finished generation, opened for reading.

    :param folder: of the generation.
    """

    def __init__(self, folder: Path) -> None:
        self._path = path = folder / FILE
        try:
            self._db = sqlite3.connect(_read_only(path), uri=True, check_same_thread=False)
            self.sources: dict[str, int] = dict(
                self._rows("SELECT name, number FROM sources ORDER BY name")
            )
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
        for row, _, _, _, start, end, text in found.values():
            if not text or len(text) != end - start:
                raise self._damaged(f"passage {row} is not in the text of its article")
        articles = self._articles({record[1] for record in found.values()})
        return [_stored_passage(found[int(row)], articles) for row in rows]

    def passages_of(self, article: int) -> list[StoredPassage]:
        """Return all passages of an article, in its order."""
        rows = self._rows("SELECT row FROM passages WHERE article = ? ORDER BY row", [article])
        return self.passages([row for (row,) in rows])

    def spans(self) -> Iterator[Span]:
        """Yield where every passage stands, by its row."""
        for record in self._rows(f"SELECT {_PASSAGE} FROM passages p ORDER BY row"):  # noqa: S608 - constants
            yield Span(*record)

    def article_text(self, article: int) -> str:
        """Return an article's extracted text.

        :raises IndexDamaged: if it is not what was written.
        """
        found = self._rows("SELECT text, text_check FROM articles WHERE id = ?", [article])
        if not found or _check(found[0][0]) != found[0][1]:
            raise self._damaged(f"the text of article {article} is not what was written")
        return str(found[0][0])

    def articles(self) -> Iterator[StoredArticle]:
        """Yield every article, in the order in which they were indexed."""
        for record in self._rows(f"SELECT {_ARTICLE} FROM articles ORDER BY id"):  # noqa: S608 - constants
            yield self._stored_article(record)

    def numbered(self, numbers: Sequence[int]) -> list[StoredArticle]:
        """Return articles by their numbers, in the order asked for.

        :raises IndexDamaged: if one is missing.
        """
        found = self._articles(set(numbers))
        missing = [number for number in numbers if number not in found]
        if missing:
            raise self._damaged(f"article {missing[0]} is not in it")
        return [found[number] for number in numbers]

    def whole_articles(self) -> Iterator[Article]:
        """Yield every article as it was indexed, in that order."""
        for stored in self.articles():
            ((categories, tags, headings),) = self._rows(
                "SELECT categories, tags, headings FROM articles WHERE id = ?", [stored.id]
            )
            text = self.article_text(stored.id)
            texts = text.split(PARAGRAPH_BREAK) if text else []
            paragraphs = zip(texts, json.loads(headings), strict=True)
            yield Article(
                card=stored.card,
                categories=tuple(json.loads(categories)),
                tags=tuple(json.loads(tags)),
                paragraphs=tuple(Paragraph(text, heading) for text, heading in paragraphs),
            )

    def held(self) -> Sequence[Held]:
        """Return what is held of each source, the largest first."""
        return self._held

    @cached_property
    def _held(self) -> Sequence[Held]:
        return [
            Held(*row)
            for row in self._rows(
                "SELECT source, COUNT(*) AS articles, MIN(substr(date, 1, 10)), "
                "MAX(substr(date, 1, 10)) FROM articles GROUP BY source "
                "ORDER BY articles DESC, source"
            )
        ]

    def languages(self) -> dict[str, int]:
        """Return how many articles there are in each language, the most first."""
        return dict(
            self._rows(
                "SELECT language, COUNT(*) AS articles FROM articles GROUP BY language "
                "ORDER BY articles DESC, language"
            )
        )

    def skipped(self) -> Iterator[FileReport]:
        """Yield the files that did not become articles."""
        for record in self._rows(
            "SELECT path, reason, detail, line, sha256 FROM skipped ORDER BY path"
        ):
            yield FileReport(*record)

    def article_of_content(self, sha256: str) -> StoredArticle | None:
        """Return an article by the digest of its file; the first when several are the same."""
        records = self._rows(
            f"SELECT {_ARTICLE} FROM articles WHERE sha256 = ? ORDER BY id LIMIT 1",  # noqa: S608 - constants
            [sha256],
        )
        return self._stored_article(records[0]) if records else None

    def _articles(self, ids: set[int]) -> dict[int, StoredArticle]:
        marks = ", ".join("?" * len(ids))
        records = self._rows(f"SELECT {_ARTICLE} FROM articles WHERE id IN ({marks})", list(ids))  # noqa: S608 - only marks are put in
        return {record[0]: self._stored_article(record) for record in records}

    def _stored_article(self, record: tuple[Any, ...]) -> StoredArticle:
        number, check, *values = record
        if _check(*values) != check:
            raise self._damaged(f"the card of article {number} is not what was written")
        path, sha256, title, author, date, url, source, language, *kind = values
        when = datetime.fromisoformat(date) if date else None
        card = Card(path, sha256, title, author, when, url, source, language, *map(bool, kind))
        return StoredArticle(number, card)

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, cause: object) -> IndexDamaged:
        return IndexDamaged(f"{self._path}: expected the database of an index, but {cause}")


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _check(*values: str | int | None) -> int:
    """Return a checksum (CRC-32) of some values."""
    text = "\0".join("" if value is None else str(value) for value in values)
    return zlib.crc32(text.encode(errors="surrogatepass"))


def _stored_passage(record: tuple[Any, ...], articles: dict[int, StoredArticle]) -> StoredPassage:
    row, article, first, last, start, end, text = record
    passage = Passage(text=text, paragraphs=tuple(range(first, last + 1)), start=start, end=end)
    return StoredPassage(row=row, passage=passage, article=articles[article])
