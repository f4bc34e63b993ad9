import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from config.loading import load_settings
from index.errors import IndexDamaged, IndexNotWritten
from index.parts.vectors import (
    MEASURED_GROWTH,
    DenseIndex,
    DenseWriter,
    Growth,
    holds_vectors,
    open_vectors,
)
from index.types import Rows, Vectors
from tests.full_disk import files_of_at_most

PLANE = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 0]], np.float32)
ROOT = Path(__file__).parents[3]
EXACT = Growth(exact_passages=10_000, retrain_factor=4)
CODED = Growth(exact_passages=0, retrain_factor=4)
DIM = 128


def write(folder: Path, vectors: Vectors, growth: Growth, previous: Path | None = None) -> Path:
    """Write an index into a new folder, and return that."""
    folder.mkdir()
    writer = DenseWriter(folder, vectors.shape[1], growth, previous)
    half = len(vectors) // 2
    writer.add(vectors[:half])
    writer.add(vectors[half:])
    assert len(writer) == len(vectors)
    writer.finish(scripts_of(len(vectors)))
    return folder


def scripts_of(rows: int) -> NDArray[np.int8]:
    return np.arange(rows).astype(np.int8) % 3


def opened(folder: Path) -> DenseIndex:
    return DenseIndex.open(folder, scripts_of(len(open_vectors(folder))))


def clustered(rows: int, *, seed: int = 0) -> Vectors:
    """Return unit vectors around 50 centres: the nearest of one are in its own cluster."""
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(1).standard_normal((50, DIM))
    vectors = centres[generator.integers(0, 50, rows)] + generator.standard_normal((rows, DIM))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def nearest(
    vectors: Vectors, query: Vectors, k: int, allowed: NDArray[np.bool_] | None = None
) -> Rows:
    scores = vectors.astype(np.float16).astype(np.float32) @ query
    if allowed is not None:
        scores[~allowed] = -np.inf
    return np.argsort(-scores, kind="stable")[:k]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(params=[EXACT, CODED], ids=["exact", "coded"])
def plane(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    vectors = PLANE
    if request.param is CODED:  # codes are trained on 16 vectors at least
        vectors = np.concatenate([PLANE, np.tile(-PLANE[:1], (28, 1))])
    return write(tmp_path / "plane", vectors, request.param)


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    return write(tmp_path / "coded", clustered(2000), CODED)


def test_nearest_rows_come_first_with_their_cosine(plane: Path) -> None:
    rows, scores = opened(plane).search(np.array([1, 0], np.float32), 3)
    assert rows.tolist() == [0, 2, 1] or rows.tolist() == [0, 2, 3]  # 1 and 3 are as near
    assert scores == pytest.approx([1, 0.6, 0], abs=1e-3)


def test_only_allowed_rows_are_searched(plane: Path) -> None:
    index = opened(plane)
    allowed = np.zeros(len(index), np.bool_)
    allowed[[1, 2]] = True
    rows, _ = index.search(np.array([1, 0], np.float32), 4, allowed)
    assert rows.tolist() == [2, 1]
    rows, _ = index.search(np.array([1, 0], np.float32), 4, np.zeros(len(index), np.bool_))
    assert rows.tolist() == []


@pytest.mark.parametrize("growth", [EXACT, CODED], ids=["exact", "coded"])
def test_only_wanted_scripts_are_searched(tmp_path: Path, growth: Growth) -> None:
    vectors, question = clustered(600), clustered(1, seed=2)[0]
    index, written = opened(write(tmp_path / "dense", vectors, growth)), scripts_of(600)
    allowed = np.random.default_rng(3).random(600) < 0.5
    for scripts in ([0], [1], [2], [0, 2], [0, 1, 2], []):
        wanted = np.isin(written, scripts)
        rows, scores = index.search(question, 600, scripts=scripts)
        assert rows.tolist() == nearest(vectors, question, int(wanted.sum()), wanted).tolist()
        assert scores == pytest.approx(index.vectors(rows) @ question, abs=1e-6)
        both = wanted & allowed
        rows, _ = index.search(question, 600, allowed, scripts=scripts)
        assert rows.tolist() == nearest(vectors, question, int(both.sum()), both).tolist()


def test_a_zero_vector_finds_nothing(plane: Path) -> None:
    rows, scores = opened(plane).search(np.zeros(2, np.float32), 3)
    assert rows.tolist() == scores.tolist() == []


def test_vectors_come_back_at_half_precision(plane: Path) -> None:
    found = opened(plane).vectors(np.array([3, 2, 2]))
    assert found.dtype == np.float32
    assert found.tolist() == PLANE.astype(np.float16).astype(np.float32)[[3, 2, 2]].tolist()


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = opened(write(tmp_path / "empty", PLANE[:0], CODED))
    assert (len(index), index.dim) == (0, 2)
    assert index.search(np.array([1, 0], np.float32), 3)[0].tolist() == []


def test_size_decides_what_is_written(tmp_path: Path) -> None:
    vectors = clustered(101)
    growth = Growth(exact_passages=100, retrain_factor=4)
    small = write(tmp_path / "small", vectors[:100], growth)
    assert names(small) == {"dense.f16.npy"}
    large = write(tmp_path / "large", vectors, growth)
    assert names(large) == {"dense.faiss", "dense.f16.npy", "dense.json"}
    assert all(map(holds_vectors, names(large)))
    assert not any(map(holds_vectors, ("archive.sqlite", "days.npy", "passage_words/keys.npy")))
    # 64 codes of four bits and a number of eight bytes; centroids and padding beside
    assert (large / "dense.faiss").stat().st_size < 101 * (32 + 8) + 14_000


@pytest.mark.slow
@pytest.mark.parametrize("share", [1.0, 0.5, 0.05, 0.005])
def test_codes_find_what_an_exact_search_finds(tmp_path: Path, share: float) -> None:
    vectors, questions = clustered(20_000), clustered(100, seed=2)
    index = opened(write(tmp_path / "dense", vectors, CODED))
    allowed = None if share == 1 else np.random.default_rng(3).random(20_000) < share
    found = 0
    for question in questions:
        rows, scores = index.search(question, 10, allowed)
        assert scores == pytest.approx(index.vectors(rows) @ question, abs=1e-6)
        assert (np.diff(scores) <= 0).all()
        found += len(set(rows.tolist()) & set(nearest(vectors, question, 10, allowed).tolist()))
    assert found >= 980


def test_few_allowed_rows_are_all_compared(coded: Path) -> None:
    """The farthest passage is found too, which no list of candidates would hold."""
    vectors, question = clustered(2000), clustered(1, seed=2)[0]
    allowed = np.zeros(2000, np.bool_)
    allowed[nearest(vectors, -question, 5)] = True
    rows, _ = opened(coded).search(question, 5, allowed)
    assert rows.tolist() == nearest(vectors, -question, 5)[::-1].tolist()


def test_an_update_keeps_the_centroids_until_the_archive_has_grown(tmp_path: Path) -> None:
    growth = Growth(exact_passages=500, retrain_factor=2)
    first = write(tmp_path / "1", clustered(1000), growth)
    second = write(tmp_path / "2", clustered(1999, seed=5), growth, previous=first)
    third = write(tmp_path / "3", clustered(2000, seed=5), growth, previous=second)
    trained = [json.loads((path / "dense.json").read_text()) for path in (first, second, third)]
    assert [one["trained_with"] for one in trained] == [1000, 1000, 2000]
    index, vectors = opened(second), clustered(1999, seed=5)
    question = clustered(1, seed=2)[0]
    assert set(index.search(question, 5)[0]) == set(nearest(vectors, question, 5))


@pytest.mark.parametrize("growth", [EXACT, CODED], ids=["exact", "coded"])
@pytest.mark.parametrize("kinds", [3, 1], ids=["three scripts", "one script"])
def test_what_is_kept_is_as_if_it_were_written_anew(
    tmp_path: Path, growth: Growth, kinds: int
) -> None:
    old, new = clustered(1000), clustered(90, seed=7)
    folders = [tmp_path / name for name in ("first", "kept", "anew")]
    for folder in folders:
        folder.mkdir()
    first = DenseWriter(folders[0], DIM, growth)
    first.add(old)
    first.finish(scripts_of(1000) % kinds)
    scripts = scripts_of(740) % kinds
    kept = DenseWriter(folders[1], DIM, growth, folders[0])
    kept.add(new[:40])
    kept.keep(range(700, 1000))
    kept.add(new[40:])
    kept.keep(range(33, 383))
    kept.finish(scripts)
    anew = DenseWriter(folders[2], DIM, growth, folders[0])
    anew.add(np.concatenate([new[:40], old[700:], new[40:], old[33:383]]))
    anew.finish(scripts)
    for path in folders[1].iterdir():
        assert path.read_bytes() == (folders[2] / path.name).read_bytes()
    assert len(names(folders[1])) == (1 if growth is EXACT else 3)
    with pytest.raises(ValueError, match="no previous index"):
        first.keep(range(1))


def test_a_list_longer_than_what_is_coded_at_once(tmp_path: Path) -> None:
    """A vector with the code of another one is not among the candidates that are compared."""
    rows = 2**14 + 100
    vectors = np.random.default_rng(0).standard_normal((rows, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    writer = DenseWriter(tmp_path, 16, CODED)
    writer.add(vectors)
    scripts = np.zeros(rows, np.int8)
    writer.finish(scripts)
    index = DenseIndex.open(tmp_path, scripts)
    for row in (0, 31, 2**14 - 1, 2**14, 2**14 + 31, 2**14 + 32, rows - 1):
        assert index.search(vectors[row], 1)[0].tolist() == [row]


def test_an_archive_that_outgrows_the_exact_search_is_trained(tmp_path: Path) -> None:
    growth = Growth(exact_passages=500, retrain_factor=4)
    small = write(tmp_path / "1", clustered(500), growth)
    write(tmp_path / "2", clustered(600), growth, previous=small)
    assert json.loads((tmp_path / "2" / "dense.json").read_text()) == {"trained_with": 600}
    write(tmp_path / "3", clustered(400), growth, previous=tmp_path / "2")
    assert names(tmp_path / "3") == {"dense.f16.npy"}


@pytest.mark.slow
def test_the_same_passages_give_the_same_files(tmp_path: Path) -> None:
    """Whatever the number of threads: another process with another number writes the same."""
    code = (
        "import sys; from pathlib import Path; from tests.index.parts.test_vectors import CODED, clustered, write\n"
        "write(Path(sys.argv[1]), clustered(6000), CODED)"
    )
    for threads in ("1", "4"):
        subprocess.run(
            [sys.executable, "-c", code, tmp_path / threads],
            env={
                **os.environ,
                "OMP_NUM_THREADS": threads,
                "PYTHONPATH": str(ROOT),
            },
            check=True,
        )
    assert len(names(tmp_path / "1")) == 3
    for name in names(tmp_path / "1"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "4" / name).read_bytes()


def test_a_full_disk_is_an_error_that_says_so(tmp_path: Path) -> None:
    writer = DenseWriter(tmp_path, DIM, CODED)
    writer.add(clustered(2000))
    with (
        files_of_at_most(50_000),
        pytest.raises(IndexNotWritten, match=r"cannot write .*/dense\.faiss; .* still answers$"),
    ):
        writer.finish(scripts_of(2000))


@pytest.mark.parametrize("keep", [0, 10, 600])
def test_a_damaged_file_of_codes_is_named(coded: Path, keep: int) -> None:
    codes = coded / "dense.faiss"
    codes.write_bytes(codes.read_bytes()[:keep])
    with pytest.raises(IndexDamaged, match=r"dense\.faiss: expected a FAISS index"):
        opened(coded)


def test_codes_of_passages_that_are_not_there_are_refused(coded: Path) -> None:
    """FAISS would read their vectors from wherever that is in memory."""
    codes = coded / "dense.faiss"
    whole = codes.read_bytes()
    number = np.int64(1998).tobytes()  # the last of its list, before the codes
    assert whole.count(number) == 1
    for wrong in (2000, 2**40, -1):
        codes.write_bytes(whole.replace(number, np.int64(wrong).tobytes()))
        with pytest.raises(
            IndexDamaged, match=r"dense\.faiss: it names passages that are not there"
        ):
            opened(coded)


@pytest.mark.parametrize("keep", [0, 50, 1000])
def test_a_damaged_file_of_vectors_is_named(plane: Path, keep: int) -> None:
    path = plane / "dense.f16.npy"
    path.write_bytes(path.read_bytes()[: min(keep, path.stat().st_size - 1)])
    with pytest.raises(IndexDamaged, match=r"dense\.f16\.npy: expected a NumPy array"):
        opened(plane)


def test_vectors_of_another_kind_are_refused(plane: Path) -> None:
    np.save(plane / "dense.f16.npy", PLANE)
    with pytest.raises(IndexDamaged, match=r"dense\.f16\.npy: expected .*float16.*float32"):
        opened(plane)


def test_vectors_of_another_index_are_refused(coded: Path) -> None:
    np.save(coded / "dense.f16.npy", clustered(1999).astype(np.float16))
    with pytest.raises(
        IndexDamaged, match=r"dense\.f16\.npy: expected .*\(2000, 128\), found .*\(1999, 128\)"
    ):
        opened(coded)


def test_a_damaged_note_on_training_is_named(coded: Path) -> None:
    (coded / "dense.json").write_text("{}")
    with pytest.raises(IndexDamaged, match=r"dense\.json.*trained_with"):
        write(coded.with_name("new"), clustered(2000), CODED, previous=coded)


def test_the_defaults_are_those_of_the_settings() -> None:
    settings = load_settings().index
    assert Growth(settings.exact_passages, settings.retrain_factor) == MEASURED_GROWTH
