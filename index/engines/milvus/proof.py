"""Whether the rows of a generation say what they said when they were written; all of them are read."""

from collections.abc import Iterator

from index.engines.milvus.client import Client, Row
from index.engines.milvus.packing import body_of
from index.engines.milvus.records import Record, Records, problems
from index.engines.milvus.rows import article_row, content_of, passage_content
from index.engines.milvus.schema import ARTICLES, PASSAGES, in_generation
from index.errors import IndexDamaged

_PLACE = ("article", "first", "last", "start", "stop", "script", "copies")


def faults(client: Client, record: Record) -> Iterator[str]:
    """Yield what is missing in a generation, and each row that is not what was written.

    Texts, cards and where passages stand are held against the numbers that were made of them. Vectors,
    words and tokens are not.
    """
    yield from problems(client, record)
    records, here = Records(client), in_generation(record.number)
    name = records.collection(record.line, ARTICLES)
    fields = ["content", "since", "pieces", "body"]
    for row in client.every(name, f"piece == 0 and {here}", fields):
        fault = _article_fault(client, name, row)
        if fault:
            yield f"{name}, row {row['id']}: {fault}"
    name = records.collection(record.line, PASSAGES)
    for row in client.every(name, here, ["content", *_PLACE]):
        if passage_content(*(row[field] for field in _PLACE)) != row["content"]:
            yield f"{name}, row {row['id']}: it is not what was written"


def _article_fault(client: Client, name: str, row: Row) -> str:
    """Return what is wrong with an article; empty when nothing is."""
    more = [article_row(row["content"], row["since"], n) for n in range(1, row["pieces"])]
    pieces = client.rows(name, more, ["body"])
    if len(pieces) < len(more):
        return f"expected {len(more)} more pieces, found {len(pieces)}"
    try:
        body = body_of([row["body"], *(pieces[one]["body"] for one in more)])
    except IndexDamaged as error:
        return str(error)
    written = content_of(body.card, body.text) == row["content"]
    return "" if written else "it is not what was written"
