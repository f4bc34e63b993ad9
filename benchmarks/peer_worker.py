"""One peer at work, in the environment of the peers: see ``benchmarks.peers``.

    python peer_worker.py NAME FOLDER build|serve|ask

FOLDER holds the same for every peer: passages.json (texts), tokens.json (their tokens, joined by
spaces), vectors.npy, questions.json and question_vectors.npy. What is measured is printed as JSON.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

K = 10


def main() -> None:
    """Do what the arguments say."""
    name, folder, action = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    peer = Txtai(folder) if name == "txtai" else LangChain(folder)
    if action == "build":
        began = time.process_time(), time.perf_counter()
        peer.build()
        print(json.dumps({"cpu_s": time.process_time() - began[0],
                          "wall_s": time.perf_counter() - began[1]}))  # fmt: skip
        return
    questions = _loaded(folder / "questions.json")
    search = peer.open()
    if action == "ask":
        search(questions[0])
        return
    search(questions[0])
    times = []
    for question in questions:
        began_cpu = time.process_time()
        assert len(search(question)) > 0  # noqa: S101 - a peer that finds nothing is set up wrongly
        times.append(1000 * (time.process_time() - began_cpu))
    print(json.dumps({"p50_ms": statistics.median(times), "rss_mb": _rss()}))


class Txtai:
    """txtai, hybrid: its own BM25 and FAISS, texts in SQLite."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self) -> None:
        """Index the passages and save the index."""
        embeddings = self._embeddings()
        texts = _loaded(self._folder / "passages.json")
        embeddings.index((number, text, None) for number, text in enumerate(texts))
        embeddings.save(str(self._folder / "txtai"))

    def open(self) -> Callable[[str], list[Any]]:
        """Return the search of the saved index."""
        embeddings = self._embeddings()
        known = {"transform": _vectors_by_text(self._folder)}  # a function is not saved
        embeddings.load(str(self._folder / "txtai"), config=known)
        return lambda question: embeddings.search(question, K)

    def _embeddings(self) -> Any:
        from txtai import Embeddings  # noqa: PLC0415 - each peer loads its own libraries alone

        return Embeddings(
            method="external",
            transform=_vectors_by_text(self._folder),
            hybrid=True,
            content=True,
        )


class LangChain:
    """LangChain: FAISS and rank_bm25 behind an ensemble; BM25 cannot be saved without pickle."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self) -> None:
        """Index the passages and save what can be saved."""
        self._bm25()
        self._faiss_of_texts().save_local(str(self._folder / "langchain"))

    def open(self) -> Callable[[str], list[Any]]:
        """Return the search by both."""
        from langchain_classic.retrievers import EnsembleRetriever  # noqa: PLC0415 - as above
        from langchain_community.vectorstores import FAISS  # noqa: PLC0415 - as above

        store = FAISS.load_local(
            str(self._folder / "langchain"),
            self._embeddings(),
            allow_dangerous_deserialization=True,
        )
        both = [self._bm25(), store.as_retriever(search_kwargs={"k": K})]
        search: Callable[[str], list[Any]] = EnsembleRetriever(retrievers=both).invoke
        return search

    def _bm25(self) -> Any:
        from langchain_community.retrievers import BM25Retriever  # noqa: PLC0415 - as above

        texts = _loaded(self._folder / "passages.json")
        tokens = dict(zip(texts, _loaded(self._folder / "tokens.json"), strict=True))
        tokens |= _loaded(self._folder / "question_tokens.json")
        return BM25Retriever.from_texts(
            texts, preprocess_func=lambda text: tokens[text].split(), k=K
        )

    def _faiss_of_texts(self) -> Any:
        from langchain_community.vectorstores import FAISS  # noqa: PLC0415 - as above

        return FAISS.from_texts(_loaded(self._folder / "passages.json"), self._embeddings())

    def _embeddings(self) -> Any:
        from langchain_core.embeddings import Embeddings  # noqa: PLC0415 - as above

        vectors_of = _vectors_by_text(self._folder)

        class Known(Embeddings):  # type: ignore[misc] # untyped here: it is another environment's
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                vectors: list[list[float]] = vectors_of(texts).tolist()
                return vectors

            def embed_query(self, text: str) -> list[float]:
                return self.embed_documents([text])[0]

        return Known()


def _vectors_by_text(folder: Path) -> Callable[[list[str]], Any]:
    """Return a function that looks vectors up: encoding costs a peer nothing."""
    vectors = np.concatenate(
        [np.load(folder / "vectors.npy"), np.load(folder / "question_vectors.npy")]
    )
    texts = _loaded(folder / "passages.json") + _loaded(folder / "questions.json")
    rows = {text: row for row, text in enumerate(texts)}
    return lambda wanted: vectors[[rows[text] for text in wanted]]


def _loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _rss() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("no VmRSS in /proc/self/status")


if __name__ == "__main__":
    main()
