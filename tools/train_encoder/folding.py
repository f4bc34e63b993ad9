"""Folding of texts inside the tokenizer: its file alone makes both Chinese scripts one.

The engine of tokenizers takes a table of characters only as SentencePiece compiles it.
"""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sentencepiece
from tokenizers import normalizers

import index.text
from index.text.tokens import unaccented

_NORMALIZER_SPEC = 3  # fields of SentencePiece's ModelProto, from sentencepiece_model.proto
_PRECOMPILED_CHARSMAP = 2
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types of protocol buffers


def folding() -> normalizers.Normalizer:
    """Return what ``index.text.tokens.fold`` does, and straight apostrophes."""
    lines = (Path(index.text.__path__[0]) / "variants.txt").read_text(encoding="utf-8").splitlines()
    table = dict(zip(lines[0], lines[1], strict=True)) | {"ё": "е", "’": "'"}
    table |= {chr(old): chr(new) if new else "" for old, new in unaccented().items()}
    return normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Precompiled(_compiled(table))]
    )


def _compiled(table: dict[str, str]) -> bytes:
    """Compile a table of characters: SentencePiece does it when it trains, if only a toy model."""
    model = io.BytesIO()
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as rules:
        rules.writelines(
            f"{ord(old):X}\t{' '.join(f'{ord(char):X}' for char in new)}\n"
            for old, new in sorted(table.items())
        )
        rules.flush()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=(f"hello world 中国 人民 {n}" for n in range(200)),
            model_writer=model,
            vocab_size=40,
            normalization_rule_tsv=rules.name,
            hard_vocab_limit=False,
            minloglevel=2,
        )
    specification = dict(_fields(model.getvalue()))[_NORMALIZER_SPEC]
    return dict(_fields(specification))[_PRECOMPILED_CHARSMAP]


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the numbered fields of a protocol buffer that hold bytes."""
    place = 0

    def varint() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:  # noqa: PLR2004 - the bit that says more follows
                return value

    while place < len(message):
        key = varint()
        match key & 7:
            case 0:
                varint()
            case 1:
                place += 8
            case 2:
                size = varint()
                yield key >> 3, message[place : place + size]
                place += size
            case _:
                place += 4
