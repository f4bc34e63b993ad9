"""Which file of a generation is damaged, found out when something has gone wrong.

To read every file for every question would cost more than the question; to read them once a
question has failed costs nothing that matters. What a damaged file does to the library that reads
it cannot be foreseen: any exception at all, tantivy's panics among them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexDamaged, NewsquoteError
from index.generations.manifest import load_manifest, sha256_of


def damaged_files(folder: Path) -> list[str]:
    """Return the generation's files that are missing or not what its manifest says.

    :raises IndexDamaged: if the manifest cannot be read.
    """

    def is_whole(name: str, digest: str) -> bool:
        try:
            return sha256_of(folder / name) == digest
        except OSError:
            return False

    files = load_manifest(folder).files.items()
    return [name for name, digest in files if not is_whole(name, digest)]


def check_whole(folder: Path) -> None:
    """Make sure that a generation's files are what its manifest says; all of them are read.

    :raises IndexDamaged: if one is not.
    """
    damaged = damaged_files(folder)
    if damaged:
        raise IndexDamaged(
            f"{folder / damaged[0]} is damaged: its SHA-256 is not the one in the manifest"
        )


@contextmanager
def diagnosed(folder: Path) -> Iterator[None]:
    """Name the damaged file of a generation when reading it fails.

    :raises IndexDamaged: instead of whatever was raised, if a file is not what the manifest says.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except NewsquoteError as error:
        if isinstance(error, IndexDamaged):
            _name_damage(folder, error)
        raise
    except BaseException as error:  # tantivy's panics are no Exception
        _name_damage(folder, error)
        raise


def _name_damage(folder: Path, cause: BaseException) -> None:
    """Read all files of a generation and say which is damaged, if one is.

    :raises IndexDamaged: if a file is not what the manifest says, or the manifest cannot be read.
    """
    damaged = damaged_files(folder)
    if damaged:
        names = ", ".join(str(folder / name) for name in damaged)
        system = cause.__cause__ or cause
        reason = f" ({system.strerror})" if isinstance(system, OSError) and system.strerror else ""
        raise IndexDamaged(
            f"{names}: missing or damaged{reason}, for the SHA-256 is not the one in the manifest"
        ) from cause
