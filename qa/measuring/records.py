"""Files of one JSON object a line, plain or compressed, read so that every fault has its place."""

import gzip
import json
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from index.errors import NewsquoteError
from index.text.dates import parse_date

_OPENERS: Mapping[str, Callable[..., IO[str]]] = {".gz": gzip.open, ".xz": lzma.open}

SUFFIXES = ("", *_OPENERS)
"""How the name of such a file may go on after ``.jsonl``."""


class DatasetError(NewsquoteError):
    """A question set cannot be read; the message says which file, which line and why."""


def records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each JSON object of a file, with its place for messages.

    :raises DatasetError: if the file cannot be read or a line is not a JSON object.
    """
    for where, line in lines(path):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{where}: expected a line of JSON, but {error}") from error
        if not isinstance(record, dict):
            raise DatasetError(f"{where}: expected a JSON object, found {line[:60]!r}")
        yield where, record


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank, with its place for messages.

    :raises DatasetError: if the file cannot be read.
    """
    opener = _OPENERS.get(path.suffix, open)
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except (OSError, EOFError, zlib.error, lzma.LZMAError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise DatasetError(f"{path}: cannot be read: {reason}") from error


def field_of(record: Mapping[str, Any], name: str, where: str, what: str) -> Any:
    """Return a field that a record must have.

    :param what: what the record was expected to be, for the message.
    :raises DatasetError: if the record has no such field.
    """
    try:
        return record[name]
    except KeyError as error:
        raise DatasetError(f"{where}: expected {what}, but it has no {error}") from error


def texts_of(record: Mapping[str, Any], name: str, where: str, shown: str = "") -> tuple[str, ...]:
    """Return a field that is a list of texts; empty when it is not there.

    :param shown: the field's name in messages, where that is longer.
    :raises DatasetError: if the field is something else.
    """
    found = record.get(name) or ()
    if not isinstance(found, list | tuple):
        raise DatasetError(f"{where}: expected {shown or name} to be a list, found {found!r}")
    return tuple(map(str, found))


def date_of(value: Any, where: str) -> datetime | None:
    """Return the date that a value says, with its offset; None when it says nothing.

    :raises DatasetError: if it is no date.
    """
    if not value:
        return None
    when = parse_date(str(value))
    if when is None:
        raise DatasetError(f"{where}: expected a date such as 2023-07-28, found {value!r}")
    return when


def object_of(record: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    """Return a field that is an object; empty when it is not there.

    :raises DatasetError: if the field is something else.
    """
    found = record.get(name) or {}
    if not isinstance(found, dict):
        raise DatasetError(f"{where}: expected {name} to be an object, found {found!r}")
    return found
