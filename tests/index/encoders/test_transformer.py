"""A real transformer, tiny and random, that the tests build, save and open."""

import json
import logging
import os
import shutil
import subprocess
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.encoders.opening import open_models
from index.encoders.protocol import Encoder, EncoderChoice
from index.encoders.transformer import TransformerEncoder, _quiet
from index.errors import EncoderUnavailable
from tests.feed_server import feed_server
from tests.models import DIM, save_tiny_bert

pytestmark = [
    pytest.mark.slow,
    # Looked for and not imported: that takes seconds, and whoever leaves these out need not wait.
    pytest.mark.skipif(find_spec("sentence_transformers") is None, reason="is not installed"),
]

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers over single letters, in sentence-transformers' format."""
    library = pytest.importorskip("sentence_transformers")
    folder = tmp_path_factory.mktemp("model")
    save_tiny_bert(folder / "plain", "BertModel")
    library.SentenceTransformer(str(folder / "plain"), device="cpu").save(str(folder / "tiny"))
    return folder / "tiny"


@pytest.fixture
def copy(model_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(model_folder, tmp_path / "tiny")


def set_prompts(folder: Path, prompts: dict[str, str], default: str | None = None) -> None:
    path = folder / "config_sentence_transformers.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps({**config, "prompts": prompts, "default_prompt_name": default}))


def opened(choice: EncoderChoice) -> Encoder:
    return open_models(choice).encoder


def run_python(program: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


# Encoding.


def test_rows_are_unit_and_in_the_order_of_the_texts(model_folder: Path) -> None:
    encoder = opened(EncoderChoice(str(model_folder), batch_size=2))
    texts = ["rain", "the river rose and rose", "", "snow", "a bridge of stone"]
    rows = encoder.encode(texts)
    assert rows.dtype == np.float32
    assert rows.shape == (5, DIM)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), np.ones(5), atol=1e-6)
    alone = np.vstack([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(rows, alone, atol=1e-5)
    assert abs(rows[0] @ rows[1]) < 0.9999
    assert encoder.encode([]).shape == (0, DIM)


def test_it_has_no_table_and_its_vectors_are_worth_keeping(model_folder: Path) -> None:
    encoder = opened(EncoderChoice(str(model_folder)))
    assert encoder.table is None
    assert not encoder.lasting


def test_the_rows_are_the_librarys(model_folder: Path) -> None:
    library = pytest.importorskip("sentence_transformers")
    theirs = library.SentenceTransformer(str(model_folder), device="cpu").encode(
        ["rain"], normalize_embeddings=True
    )
    np.testing.assert_allclose(
        opened(EncoderChoice(str(model_folder))).encode(["rain"]), theirs, atol=1e-6
    )


def test_a_lone_surrogate_is_encoded(model_folder: Path) -> None:
    encoder = opened(EncoderChoice(str(model_folder)))
    np.testing.assert_array_equal(encoder.encode(["a\udcffb"]), encoder.encode(["a?b"]))


def test_a_folder_without_sentence_transformers_files_is_read_too(model_folder: Path) -> None:
    done = run_python(
        "from index.encoders.opening import open_models\n"
        "from index.encoders.protocol import EncoderChoice\n"
        f"print(open_models(EncoderChoice({str(model_folder.with_name('plain'))!r})).encoder.encode(['rain']).shape)"
    )
    assert (done.stdout, done.stderr) == (f"(1, {DIM})\n", "")


def test_long_inputs_are_cut_where_asked(model_folder: Path) -> None:
    assert opened(EncoderChoice(str(model_folder))).info.max_tokens == 64
    assert opened(EncoderChoice(str(model_folder), max_tokens=1000)).info.max_tokens == 64
    short = opened(EncoderChoice(str(model_folder), max_tokens=5))
    assert short.info.max_tokens == 5
    rows = short.encode(["a b c", "a b c d e f"])
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-6)


def test_progress_tells_what_is_left(model_folder: Path) -> None:
    calls: list[tuple[int, int, float]] = []
    choice = EncoderChoice(str(model_folder), batch_size=2)
    encoder = TransformerEncoder.open(choice, lambda *call: calls.append(call))
    encoder.encode(["a", "b"])
    assert calls == []
    encoder.encode(["a", "bb", "ccc", "dddd", "eeeee"])
    assert [call[:2] for call in calls] == [(2, 5), (4, 5), (5, 5)]
    assert calls[0][2] > 0
    assert calls[-1][2] == 0


def test_the_libraries_are_quiet_while_a_model_loads(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("sentence_transformers")
    caplog.set_level(logging.INFO, logger.name)
    with _quiet():
        warnings.warn("not for the user", DeprecationWarning, stacklevel=1)
        logger.warning("not for the user")
        logger.error("for the user")
    assert [record.message for record in caplog.records] == ["for the user"]
    assert logger.level == logging.INFO


# Prefixes.


def test_e5_gets_the_prefixes_of_its_family(model_folder: Path, copy: Path) -> None:
    e5 = opened(EncoderChoice(str(copy.rename(copy.with_name("tiny-e5-small")))))
    assert (e5.info.query_prefix, e5.info.passage_prefix) == ("query: ", "passage: ")
    plain = opened(EncoderChoice(str(model_folder)))
    assert (plain.info.query_prefix, plain.info.passage_prefix) == ("", "")
    np.testing.assert_allclose(
        e5.encode(["rain"], role="query"), plain.encode(["query: rain"]), atol=1e-6
    )
    np.testing.assert_allclose(e5.encode(["rain"]), plain.encode(["passage: rain"]), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "prefixes"),
    [
        ("multilingual-e5-base", ("query: ", "passage: ")),
        ("e5-large-v2", ("query: ", "passage: ")),
        ("multilingual-e5-large-instruct", ("", "")),
        ("bge-small-zh-v1.5", ("为这个句子生成表示以用于检索相关文章：", "")),
        ("bge-m3", ("", "")),
    ],
)
def test_families_are_known_by_name(copy: Path, name: str, prefixes: tuple[str, str]) -> None:
    info = opened(EncoderChoice(str(copy.rename(copy.with_name(name))))).info
    assert (info.query_prefix, info.passage_prefix) == prefixes


def test_a_models_own_prompts_are_used_once_and_settings_win(
    model_folder: Path, copy: Path
) -> None:
    set_prompts(copy, {"query": "ask: ", "document": "tell: "}, default="document")
    own = opened(EncoderChoice(str(copy)))
    assert (own.info.query_prefix, own.info.passage_prefix) == ("ask: ", "tell: ")
    plain = opened(EncoderChoice(str(model_folder)))
    np.testing.assert_allclose(own.encode(["rain"]), plain.encode(["tell: rain"]), atol=1e-6)
    set_to_none = opened(EncoderChoice(str(copy), query_prefix="", passage_prefix="say: "))
    assert set_to_none.info.passage_prefix == "say: "
    np.testing.assert_allclose(
        set_to_none.encode(["rain"], role="query"), plain.encode(["rain"]), atol=1e-6
    )


# The record.


def test_the_revision_of_a_folder_follows_its_content_not_its_place(
    model_folder: Path, copy: Path
) -> None:
    first = opened(EncoderChoice(str(model_folder))).info
    second = opened(EncoderChoice(str(copy))).info
    assert (first.name, first.dim) == (str(model_folder), DIM)
    assert first.revision == second.revision != ""
    (copy / "README.md").write_text("Other words.")
    assert opened(EncoderChoice(str(copy))).info.revision == first.revision
    set_prompts(copy, {"query": "ask: "})
    assert opened(EncoderChoice(str(copy))).info.revision != first.revision


def test_a_fetched_hub_model_is_used_without_the_network(
    model_folder: Path, tmp_path: Path
) -> None:
    cached = tmp_path / "hub" / "models--made-up--tiny"
    shutil.copytree(model_folder, cached / "snapshots" / COMMIT)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(COMMIT)
    done = run_python(
        "from index.encoders.opening import open_models\n"
        "from index.encoders.protocol import EncoderChoice\n"
        "info = open_models(EncoderChoice('made-up/tiny')).encoder.info\n"
        "print(info.name, info.revision)",
        HF_HOME=str(tmp_path),
        HF_ENDPOINT="http://127.0.0.1:9",
    )
    assert (done.stdout, done.stderr) == (f"made-up/tiny {COMMIT}\n", "")


# What can go wrong.


@pytest.mark.parametrize(("offline", "asked"), [("1", []), ("0", ["/api/models/made-up/tiny"])])
def test_an_unreachable_hub_is_asked_once_at_most_and_one_clear_error(
    offline: str, asked: list[str], tmp_path: Path
) -> None:
    with feed_server() as hub:  # which knows no page: it hangs up
        done = ask_for_a_model(tmp_path, HF_HUB_OFFLINE=offline, HF_ENDPOINT=hub.url(""))
    # Its library would ask for each file again and again, for more than a minute.
    assert [path for path, _ in hub.requests if "made-up" in path] == asked
    assert done.stderr == ""
    assert "'made-up/tiny'" in done.stdout
    assert "cannot be reached" in done.stdout
    assert "encoder.model to the folder" in done.stdout
    assert "encoder.model to 'bundled'" in done.stdout


def ask_for_a_model(tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return run_python(
        "from index.encoders.opening import open_models\n"
        "from index.encoders.protocol import EncoderChoice\n"
        "from index.errors import EncoderUnavailable\n"
        "try:\n"
        "    open_models(EncoderChoice('made-up/tiny')).encoder\n"
        "except EncoderUnavailable as error:\n"
        "    print(error)",
        HF_HOME=str(tmp_path),
        **env,
    )


def test_a_missing_package_names_the_command_that_installs_it(model_folder: Path) -> None:
    for name in (str(model_folder), "made-up/tiny"):
        done = run_python(
            "import sys\n"
            "sys.modules['sentence_transformers'] = sys.modules['huggingface_hub'] = None\n"
            "from index.encoders.opening import open_models\n"
            "from index.encoders.protocol import EncoderChoice\n"
            "from index.errors import EncoderUnavailable\n"
            "try:\n"
            f"    open_models(EncoderChoice({name!r})).encoder\n"
            "except EncoderUnavailable as error:\n"
            "    print(error)"
        )
        assert "`pip install 'newsquote[transformers]'`" in done.stdout
        assert "'bundled'" in done.stdout


def test_a_missing_folder_and_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="there is none"):
        opened(EncoderChoice(str(tmp_path / "nowhere")))
    with pytest.raises(EncoderUnavailable, match=r"is not a model: expected a file modules\.json"):
        opened(EncoderChoice(str(tmp_path)))


def test_a_damaged_model_is_refused(copy: Path) -> None:
    (copy / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EncoderUnavailable, match="cannot be loaded"):
        opened(EncoderChoice(str(copy)))


def test_a_name_the_hub_cannot_have_is_refused_without_blaming_the_network() -> None:
    with pytest.raises(EncoderUnavailable, match="hub has no"):
        opened(EncoderChoice("not a name"))
