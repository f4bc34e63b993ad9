"""The bundled model's tokenizer, ready at once, and quick with many texts.

The library's makes a trie of the vocabulary, which takes longer than answering one question does
otherwise, and to walk it takes several times as long as what is done here. Of the library this one
takes what normalises a text; the runs of the normalised text are cut as it cuts them.
"""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoders.unigram import Unigram
from index.text.character_map import CharacterMap, class_numbers

_BEGIN, _END = b'"vocab":[["', b"]]"
_CLASS = r"\[(?:[^\\\[\]^-]-[^\\\[\]^-])+\]\+"
_CLASSES = re.compile(rf"{_CLASS}(?:\|{_CLASS})*")
"""Patterns that mean the same to Python and to the library."""

_FEW_CHARACTERS = 10_000  # in all: cut run by run sooner than the tables for many are made
_SHORT = 100  # characters at once: cut run by run sooner than all together


class QuickTokenizer:
    """A Unigram tokenizer. Safe to share between threads.

    :param frame: the library's, for its normaliser.
    :param runs: pattern of what is cut; what lies between is left out.
    """

    def __init__(self, frame: Tokenizer, runs: str, unigram: Unigram) -> None:
        self._normalised = CharacterMap(frame.normalizer.normalize_str)
        self._runs = re.compile(runs)
        self._classes = class_numbers(runs[1:-2].split("]+|["))
        self._unigram = unigram
        self._characters = 0

    @classmethod
    def open(cls, content: bytes) -> Self | None:
        """Read a ``tokenizer.json``; None when it is not of the kind that is expected.

        Decoding 80,000 pairs as JSON would take three times as long as cutting them at their
        quotation marks, which is safe where no piece holds one.
        """
        head, _, rest = content.partition(_BEGIN)
        vocabulary, _, tail = rest.partition(_END)
        parts = vocabulary.split(b'"')
        pieces, scores = parts[::2], parts[1::2]
        if b"\\" in vocabulary or len(pieces) != len(scores):
            return None
        frame = b"".join((head, _BEGIN, pieces[0], b'",0]]', tail))
        try:
            values = json.loads(frame)
            model = values["model"]
            kind = model["type"], model["unk_id"], model["byte_fallback"], values["added_tokens"]
            runs = _pattern(values["pre_tokenizer"])
            if kind != ("Unigram", 0, False, []) or not values["normalizer"] or not runs:
                return None
            return cls(Tokenizer.from_buffer(frame), runs, Unigram(pieces, scores))
        except Exception:  # noqa: BLE001 - a bare Exception is what the library raises
            return None

    def get_vocab_size(self) -> int:
        """Return the number of pieces, as the whole tokenizer does."""
        return len(self._unigram)

    def pieces(self) -> list[str]:
        """Return the pieces, each at its number."""
        return self._unigram.pieces()

    def ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return each text's tokens as the whole tokenizer gives them, but for the unknown one.

        :param texts: without lone surrogates.
        :return: int32, shapes (k,).
        """
        characters = sum(map(len, texts))
        self._characters += characters
        if characters > _SHORT and self._characters > _FEW_CHARACTERS:
            return self._many(texts)
        return [self._few(text) for text in texts]

    def _few(self, text: str) -> NDArray[np.int32]:
        cuts = self._unigram.recall(self._runs.findall(self._normalised(text)))
        tokens = np.frombuffer(b"".join([cut for cut, _ in cuts]), np.int32)
        return tokens[tokens > 0]

    def _many(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        codes, ends = self._normalised.codes(texts)
        classes = self._classes.take(codes)
        (kept,) = classes.nonzero()
        classes = classes[kept]
        splits = kept.searchsorted([0, *ends])
        begins = np.ones(len(kept) + 1, np.bool_)
        begins[1:-1] = (kept[1:] - kept[:-1] > 1) | (classes[1:] != classes[:-1])
        begins[splits] = True
        tokens = self._unigram.cut(codes[kept], begins)
        (known,) = tokens.nonzero()
        tokens = tokens[known]
        return [tokens[start:end] for start, end in pairwise(known.searchsorted(splits).tolist())]


def _pattern(pre_tokenizer: Any) -> str:
    """Return the pattern of the runs that a pre-tokenizer keeps; "" for one of another kind."""
    pattern = str(pre_tokenizer["pattern"]["Regex"])
    kind = {"type": "Split", "behavior": "Removed", "invert": True, "pattern": {"Regex": pattern}}
    return pattern if pre_tokenizer == kind and _CLASSES.fullmatch(pattern) else ""
