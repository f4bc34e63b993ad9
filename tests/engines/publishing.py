"""A folder in which an index is built, and the Milvus that it is published to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
