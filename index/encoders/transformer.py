"""Any model of the sentence-transformers family, from a folder or the model hub."""

import hashlib
import logging
import math
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoders.batches import longest_first
from index.encoders.protocol import BUNDLED, EncoderChoice, EncoderInfo, Progress
from index.encoders.unit import unit_rows
from index.errors import EncoderUnavailable
from index.text.character_map import encodable
from index.types import Role, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# What families want before a question and before a passage, by their model cards on the hub; the
# first that matches the last part of the model's name. Models with prompts of their own follow.
_FAMILIES = (
    (re.compile(r"e5-(small|base|large)(-v2)?$"), ("query: ", "passage: ")),
    (re.compile(r"bge-\w+-zh(-v1\.5)?$"), ("为这个句子生成表示以用于检索相关文章：", "")),
    (
        re.compile(r"bge-\w+-en(-v1\.5)?$"),
        ("Represent this sentence for searching relevant passages: ", ""),
    ),
)
_PROMPT_NAMES: Mapping[Role, tuple[str, ...]] = {
    "query": ("query",),
    "passage": ("passage", "document", "corpus"),
}
_MODEL_FILES = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
_OTHER_BACKENDS = frozenset({"onnx", "openvino"})
_LIBRARIES = ("sentence_transformers", "transformers", "huggingface_hub")
_REVISION_DIGITS = 16
_HUB_TIMEOUT = 10.0  # seconds


class TransformerEncoder:
    """A sentence-transformers model as an ``Encoder``. ``TransformerEncoder.open`` makes one.

    :param batch_size: texts encoded at once, >= 1.
    :param progress: called after each batch of a call of ``encode`` that takes more than one.
    """

    def __init__(
        self,
        model: "SentenceTransformer",
        info: EncoderInfo,
        *,
        batch_size: int = 32,
        progress: Progress | None = None,
    ) -> None:
        self._model = model
        self._info = info
        self._batch_size = batch_size
        self._progress = progress

    @classmethod
    def open(
        cls,
        choice: EncoderChoice,
        progress: Progress | None = None,
    ) -> "TransformerEncoder":
        """Load a model.

        A hub model that has been fetched before is taken from the hub's cache without a look at
        the network.

        :raises EncoderUnavailable: if it cannot be loaded.
        """
        model, found_revision = _load(choice.model, choice.revision, choice.device)
        prompts = dict(getattr(model, "prompts", None) or {})
        info = EncoderInfo(
            name=choice.model,
            revision=found_revision,
            dim=len(model.encode("", prompt="", show_progress_bar=False)),
            query_prefix=_prefix("query", choice.query_prefix, choice.model, prompts),
            passage_prefix=_prefix("passage", choice.passage_prefix, choice.model, prompts),
            max_tokens=_limit_tokens(model, choice.max_tokens),
        )
        return cls(model, info, batch_size=choice.batch_size, progress=progress)

    @property
    def table(self) -> None:
        """None: it is a network."""

    @property
    def lasting(self) -> bool:
        """False: to encode a passage again takes as long as the first time."""
        return False

    @property
    def info(self) -> EncoderInfo:
        """What an index built with this encoder records."""
        return self._info

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        """Return unit rows, float32, shape (n, dim), in the order of the texts."""
        prefix = self._info.query_prefix if role == "query" else self._info.passage_prefix
        rows = np.zeros((len(texts), self._info.dim), dtype=np.float32)
        for batch in longest_first(texts, self._batch_size, self._progress):
            rows[batch] = self._model.encode(
                encodable([texts[i] for i in batch]),
                prompt=prefix,  # never None, which would mean the model's default prompt
                batch_size=self._batch_size,
                show_progress_bar=False,
            )
        return unit_rows(rows)


def _load(name: str, revision: str | None, device: str | None) -> tuple["SentenceTransformer", str]:
    """Return the model and its revision."""
    folder = Path(name).expanduser()
    if folder.exists() or name.startswith((".", "/", "~")) or name.count("/") > 1:
        _check_folder(folder)
        return _open(str(folder), None, device, local=True), _digest(folder)
    repository = name if "/" in name else f"sentence-transformers/{name}"
    commit = _cached_commit(repository, revision)
    if commit is not None:
        with suppress(EncoderUnavailable):  # half fetched: the rest is on the hub
            return _open(repository, commit, device, local=True), commit
    commit = _hub_commit(repository, revision)
    return _open(repository, commit, device, local=False), commit


def _open(
    name: str, revision: str | None, device: str | None, *, local: bool
) -> "SentenceTransformer":
    try:
        with _quiet():
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - brings torch
    except ImportError as error:
        raise _unavailable(
            f"The model {name!r} needs the package sentence-transformers ({error})",
            "install it with `pip install 'newsquote[transformers]'`",
        ) from error
    try:
        with _quiet(), _without_bars():
            return SentenceTransformer(
                name,
                revision=revision,
                device=device,
                local_files_only=local,
            )
    except Exception as error:  # the layers below refuse a file each in its own way
        raise _unavailable(
            f"The model {name!r} cannot be loaded ({_first_line(error)})",
            "check that encoder.model names a sentence-transformers model",
        ) from error


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise _unavailable(
            f"encoder.model names the folder {str(folder)!r}, but there is none",
            "correct encoder.model",
        )
    if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
        raise _unavailable(
            f"The folder {str(folder)!r} is not a model: expected a file modules.json or "
            "config.json in it, as sentence-transformers saves them",
            "correct encoder.model",
        )


def _digest(folder: Path) -> str:
    """Return a digest of what the model's vectors depend on: configuration, tokenizer, weights."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.suffix not in _MODEL_FILES or not _OTHER_BACKENDS.isdisjoint(relative.parts):
            continue
        with path.open("rb") as file:
            digest.update(relative.as_posix().encode() + b"\0")
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:_REVISION_DIGITS]


def _cached_commit(repository: str, revision: str | None) -> str | None:
    """Return the commit of a model that the hub's cache holds."""
    with suppress(Exception):  # no hub library, or not a name the hub could know: said later
        from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - comes with the extra

        cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
        found = try_to_load_from_cache(
            repository, "config.json", cache_dir=cache, revision=revision
        )
        if isinstance(found, str):
            return Path(found).parent.name
    return None


def _hub_commit(repository: str, revision: str | None) -> str:
    """Ask the hub once; its library would try again for more than a minute for each file."""
    instead = "set encoder.model to the folder of a model that you have"
    try:
        from huggingface_hub import HfApi  # noqa: PLC0415 - comes with the extra
        from huggingface_hub.errors import (  # noqa: PLC0415 - the same
            HFValidationError,
            RepositoryNotFoundError,
            RevisionNotFoundError,
        )
    except ImportError as error:
        raise _unavailable(
            f"The model {repository!r} needs the package sentence-transformers ({error})",
            "install it with `pip install 'newsquote[transformers]'`",
        ) from error
    try:
        commit = HfApi().model_info(repository, revision=revision, timeout=_HUB_TIMEOUT).sha
    except (HFValidationError, RepositoryNotFoundError, RevisionNotFoundError) as error:
        wanted = repository if revision is None else f"{repository} at revision {revision}"
        raise _unavailable(
            f"The model hub has no {wanted}, or not for everybody", instead
        ) from error
    except Exception as error:  # whatever the network does
        raise _unavailable(
            f"There is no folder {repository!r}, and the model hub cannot be reached to fetch "
            f"{repository!r} ({_first_line(error)})",
            f"connect this machine to the network, {instead}",
        ) from error
    return str(commit)


def _prefix(role: Role, wanted: str | None, name: str, prompts: Mapping[str, str]) -> str:
    """Return what to put before a text: as set, as its family wants it, or as the model says."""
    if wanted is not None:
        return wanted
    last = name.rstrip("/").rpartition("/")[2].lower()
    for family, (query, passage) in _FAMILIES:
        if family.search(last):
            return query if role == "query" else passage
    return next((prompts[key] for key in _PROMPT_NAMES[role] if prompts.get(key)), "")


def _limit_tokens(model: "SentenceTransformer", wanted: int | None) -> int | None:
    """Shorten the model's inputs if asked to, and return its limit."""
    limit = model.max_seq_length
    if limit == math.inf:  # a static table: reads everything, and cannot do otherwise
        return None
    if wanted is not None and (limit is None or wanted < limit):
        model.max_seq_length = limit = wanted
    return limit


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' warnings and log lines below errors off the screen."""
    loggers = [logging.getLogger(name) for name in _LIBRARIES]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


@contextmanager
def _without_bars() -> Iterator[None]:
    """Hide the bars for reading a model from disk; those of a download stay."""
    library = import_module("transformers.utils.logging")  # late: it brings torch
    shown = library.is_progress_bar_enabled()
    library.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            library.enable_progress_bar()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _unavailable(what: str, remedy: str) -> EncoderUnavailable:
    return EncoderUnavailable(
        f"{what}. Either {remedy}, or set encoder.model to {BUNDLED!r}, the model that comes with "
        "newsquote."
    )
