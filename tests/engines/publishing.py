"""A folder in which an index is built, and the Milvus that it is published to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from index.engines.home import Told
from index.engines.milvus.engine import MilvusServer
from index.generations.opened import open_generation
from index.types import Article
from tests.archive import build_index, models


def quiet(_done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass
class Published:
    """An archive that is built in a folder and answers from Milvus.

    :ivar exact: every vector is compared.
    """

    index_dir: Path
    engine: MilvusServer
    exact: bool = True

    def index(self, articles: Sequence[Article]) -> None:
        """Build and publish."""
        build_index(self.index_dir, articles)
        self.publish()

    def publish(self, told: Told = quiet, *, anew: bool = False) -> str:
        """Publish what the folder holds; return the generation's name in Milvus."""
        generation = open_generation(self.index_dir, models())
        try:
            with self.engine.writing() as writing:
                return writing.publish(generation, told, anew=anew, exact=self.exact)
        finally:
            generation.close()


@dataclass
class Imported(Published):
    """An archive whose generations are written to files, which a server imports.

    :ivar bucket: the server's object store.
    """

    bucket: Path = Path()

    def publish(self, told: Told = quiet, *, anew: bool = True) -> str:
        """Publish what has changed; or all of it: write files, and let the server import them."""
        if not anew:
            return Published.publish(self, told, anew=False)
        return self.take_in([self.write(told)], told=told)

    def take_in(
        self, folders: Sequence[Path], at: str = "", told: Told = quiet, *, keep: int = 100
    ) -> str:
        """Let the server import folders; return the generation's name in Milvus."""
        return self.engine.import_files(folders, at, told, keep=keep)

    def write(self, told: Told = quiet, name: str = "") -> Path:
        """Write files to a folder of the bucket; return it."""
        folder = self.bucket / (name or uuid4().hex)
        generation = open_generation(self.index_dir, models())
        try:
            self.engine.write_files(generation, folder, told, exact=self.exact)
        finally:
            generation.close()
        return folder
