from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.engines.local import LocalFiles
from index.errors import EncoderUnavailable
from qa.retrieval.rerank import open_reranker
from qa.types import Query
from tests.archive import article, build_index
from tests.models import save_tiny_bert
from tests.qa.retrieving import open_retriever

TEXTS = ["the bridge opened", "a ferry sank", "rain and snow", "the bridge closed"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reranker") / "tiny"
    save_tiny_bert(folder, "BertForSequenceClassification", num_labels=1)
    return folder


@pytest.mark.slow
def test_the_order_is_the_cross_encoders(model: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    scores = library.CrossEncoder(str(model), num_labels=1).predict(
        [("bridge", text) for text in TEXTS]
    )
    expected = sorted(range(4), key=lambda place: -scores[place])
    assert open_reranker(str(model), depth=3).order("bridge", TEXTS) == expected
    assert expected != [0, 1, 2, 3]  # or the test could not fail


@dataclass(frozen=True)
class Backwards:
    """Turns the candidates around: what a cross-encoder of another opinion would do."""

    depth: int

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        assert question == "bridge"
        return list(range(len(texts)))[::-1]


def test_only_the_best_candidates_are_reordered_and_scores_stay(tmp_path: Path) -> None:
    build_index(tmp_path, [article(f"{n}.md", text) for n, text in enumerate(TEXTS)])
    engine = LocalFiles(tmp_path)
    plain = open_retriever(engine, candidates=10)
    turned = open_retriever(engine, candidates=10, reranker=Backwards(2))
    query = Query("bridge", "bridge")
    first, second, *rest = plain.search(query)
    assert turned.search(query) == [second, first, *rest]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["missing/folder/here", "./none"])
def test_a_model_that_cannot_be_loaded_says_what_to_do(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EncoderUnavailable, match=r"rerank\.model"):
        open_reranker(name, depth=3)
