"""An index opened for questions: one generation, held for as long as the object lives."""

from dataclasses import dataclass
from pathlib import Path

from index.encoders.protocol import Encoder, check
from index.encoders.token_table import TokenTable
from index.errors import MEND, IndexDamaged, IndexOutdated, NewsquoteError
from index.generations.damage import diagnosed
from index.generations.folders import DENSE, LEXICAL, STORE, Manifest, current, read_manifest
from index.parts.columns import Columns
from index.parts.database import Store
from index.parts.token_lists import TokenLists
from index.parts.vectors import DenseIndex
from index.parts.words import LexicalIndex
from index.text.tokens import TOKENIZER_VERSION


@dataclass(frozen=True, slots=True)
class Generation:
    """All parts of one generation, aligned by row."""

    folder: Path
    manifest: Manifest
    store: Store
    dense: DenseIndex
    lexical: LexicalIndex
    lists: TokenLists
    columns: Columns

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()


def open_generation(index_dir: Path, encoder: Encoder, table: TokenTable) -> Generation:
    """Open the current generation; the next one, when it is pruned in the same moment.

    :raises IndexMissing: if nothing has been built yet.
    :raises EncoderMismatch: if the encoder is not the one that built it.
    :raises IndexOutdated: if this version of the program needs the index built again.
    :raises IndexDamaged: if a file is missing or does not fit the others.
    """
    folder = current(index_dir)
    try:
        with diagnosed(folder):
            return _open(folder, encoder, table)
    except NewsquoteError:
        if current(index_dir) == folder:
            raise
        return open_generation(index_dir, encoder, table)


def _open(folder: Path, encoder: Encoder, table: TokenTable) -> Generation:
    manifest = read_manifest(folder)
    check(manifest.encoder, encoder.info)
    if (manifest.table, manifest.tokenizer_version) != (table.revision, TOKENIZER_VERSION):
        raise IndexOutdated(
            f"{folder} was built with token table {manifest.table} and tokenizer version "
            f"{manifest.tokenizer_version}, this program has {table.revision} and "
            f"{TOKENIZER_VERSION}; build it again with 'newsquote index build'"
        )
    columns = Columns.open(folder)
    generation = Generation(
        folder=folder,
        manifest=manifest,
        store=Store(folder / STORE),
        dense=DenseIndex.open(folder / DENSE, columns.scripts),
        lexical=LexicalIndex(folder / LEXICAL),
        lists=TokenLists.open(folder),
        columns=columns,
    )
    for part in (generation.dense, generation.lexical, generation.lists, generation.columns.days):
        if len(part) != manifest.passages:
            raise IndexDamaged(
                f"{folder}: expected {manifest.passages} passages in each part, found {len(part)} "
                f"in {type(part).__name__}; {MEND}"
            )
    return generation
