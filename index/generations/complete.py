"""Whether parts of an archive that were indexed apart are all of it, and were indexed alike."""

from collections.abc import Callable, Sequence
from pathlib import Path

from index.errors import ArchiveIndexError, IndexOutdated
from index.generations.manifest import Manifest


def check_complete(parts: Sequence[Path], manifests: Sequence[Manifest]) -> None:
    """Make sure that the parts are all shares of an archive.

    :param parts: where each is, for messages.
    :raises ArchiveIndexError: if one is missing, is there twice, or is no part.
    """
    whole = [part for part, one in zip(parts, manifests, strict=True) if one.share is None]
    if whole:
        raise ArchiveIndexError(
            f"expected indexes that were built with --share, but {whole[0]} was not"
        )
    shares = [one.share for one in manifests if one.share]
    of = shares[0][1]
    wanted = [(number, of) for number in range(1, of + 1)]
    if sorted(shares) != wanted:
        raise ArchiveIndexError(
            f"expected the shares {_named(wanted)}, each once, found {_named(shares)}"
        )


def check_alike(part: Path, manifest: Manifest, first: Manifest) -> None:
    """Make sure that a part was built as the first one was.

    :raises IndexOutdated: if it was not.
    """
    asked: Sequence[tuple[str, Callable[[Manifest], object]]] = (
        ("its encoder", lambda one: one.encoder),
        ("its token table", lambda one: one.table),
        ("its tokenizer's version", lambda one: one.tokenizer_version),
        ("its extraction's version", lambda one: one.extraction_version),
        ("its passages' length", lambda one: one.target_chars),
        ("its time zone", lambda one: one.timezone),
        ("what it was built from", lambda one: one.paths),
    )
    for what, value in asked:
        check_same(part, what, value(manifest), value(first))


def check_same(part: Path, what: str, found: object, awaited: object) -> None:
    """Make sure that something of a part is what it should be.

    :raises IndexOutdated: if it is not.
    """
    if found != awaited:
        raise IndexOutdated(f"{part}: {what}: expected {awaited!r}, found {found!r}")


def _named(shares: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{number}/{of}" for number, of in shares)
