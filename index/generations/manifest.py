"""What a generation was made from and with, and the SHA-256 of every file of it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.encoders.protocol import EncoderInfo
from index.errors import IndexDamaged, IndexOutdated

SCHEMA_VERSION = 5
"""Raised when a generation's files change shape: older ones are then built again."""

EXTRACTION_VERSION = 8
"""Raised when the same file gives other paragraphs, metadata or passages than before."""

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and with.

    :ivar paths: the files and folders that were read, absolute.
    :ivar articles: those found by their titles alone among them.
    :ivar title_only: articles that have no text, and so no passage.
    :ivar table: revision of the token table behind the token lists.
    :ivar skipped: number of files left out, by reason.
    :ivar extraction_version: version of the rules that make paragraphs and passages of a file.
    :ivar dead: passages that have been given up and still lie in the word index.
    :ivar configured: the setting that names an archive's paths, as it was then; a change of it is
        seen by that. Empty when it is not known.
    :ivar timezone: in which the days of its articles are told; empty = as they are written.
    :ivar share: which share of the files was read, from 1, and of how many; None = all of them.
    :ivar files: SHA-256 of every file, by its path inside the generation.
    """

    created: str
    paths: tuple[str, ...]
    articles: int
    passages: int
    skipped: dict[str, int]
    encoder: EncoderInfo
    table: str
    tokenizer_version: int
    target_chars: int
    files: dict[str, str] = field(default_factory=dict)
    extraction_version: int = EXTRACTION_VERSION
    title_only: int = 0
    dead: int = 0
    configured: tuple[str, ...] = ()
    timezone: str = ""
    share: tuple[int, int] | None = None
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> str:
        """Return the manifest as JSON, with a digest of itself."""
        values = asdict(self)
        return (
            json.dumps({**values, "sha256": _digest(values)}, ensure_ascii=False, indent=2) + "\n"
        )

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read what ``to_json`` wrote.

        :raises IndexOutdated: if another version of the program wrote it.
        :raises ValueError: if the text is something else; KeyError and TypeError likewise.
        """
        values: dict[str, Any] = json.loads(text)
        if values["schema_version"] != SCHEMA_VERSION:
            raise IndexOutdated(f"schema version {values['schema_version']}, not {SCHEMA_VERSION}")
        if values.pop("sha256") != _digest(values):
            raise ValueError("its SHA-256 is not the one it gives")
        values["paths"] = tuple(values["paths"])
        values["configured"] = tuple(values.get("configured", ()))
        values["share"] = tuple(values["share"]) if values.get("share") else None
        values["encoder"] = EncoderInfo(**values["encoder"])
        return cls(**values)


def _digest(values: dict[str, Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest and check that its files are there.

    :raises IndexOutdated: if another version of the program wrote it.
    :raises IndexDamaged: if the manifest cannot be read or a file is missing.
    """
    manifest = load_manifest(folder)
    for name in manifest.files:
        if not (folder / name).is_file():
            raise IndexDamaged(f"{folder / name} is missing")
    return manifest


def load_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest, whatever has become of its files.

    :raises IndexOutdated: if another version of the program wrote it.
    :raises IndexDamaged: if it cannot be read.
    """
    path = folder / MANIFEST
    try:
        return Manifest.from_json(path.read_text(encoding="utf-8"))
    except IndexOutdated as error:
        raise IndexOutdated(
            f"{path}: another version of the program built this index ({error})"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{path}: expected the manifest of an index, but {error}") from error


def recorded_paths(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return ``paths`` and ``configured`` of a manifest, whichever version of the program wrote it.

    :return: nothing of either when they cannot be read.
    """
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return tuple(map(str, values["paths"])), tuple(map(str, values.get("configured", ())))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return (), ()


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
