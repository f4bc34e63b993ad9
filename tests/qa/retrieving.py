"""A retriever over a folder's index, with the bundled models and the default calibration."""

from index.engines.protocol import Engine
from index.text.dictionary import Dictionary
from qa.retrieval.calibration import DEFAULT
from qa.retrieval.ranking import Ranker
from qa.retrieval.rerank import Reranker
from qa.retrieval.retriever import Retriever
from tests.archive import models


def open_retriever(
    engine: Engine,
    *,
    candidates: int = 20,
    dictionary: Dictionary | None = None,
    reranker: Reranker | None = None,
) -> Retriever:
    """Open the generation that answers; without a dictionary unless one is given."""
    searcher = engine.open(models())
    return Retriever(searcher, Ranker(searcher, candidates, dictionary), DEFAULT, reranker)
