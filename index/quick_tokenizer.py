"""The tokenizer for a few short texts, ready at once.

The engine of tokenizers needs a tenth of a second to make a trie of a large vocabulary, which is
longer than answering one question takes otherwise. A text is only ever cut into pieces that it
holds: an engine with no other pieces than those cuts it in the same way, and is made in no time.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models

_BEGIN, _END = b'"vocab":[["', b"]]"
_LONGEST = 64
"""Bytes of a piece at most; in a vocabulary of longer ones this module has no part."""


class QuickTokenizer:
    """A Unigram tokenizer whose engine is made anew for each call. Safe to share between threads."""

    def __init__(self, frame: Tokenizer, pieces: Sequence[bytes], scores: Sequence[bytes]) -> None:
        self._frame = frame
        self._pieces = pieces
        self._scores = scores
        self._numbers = dict(zip(pieces, range(len(pieces)), strict=True))

    @classmethod
    def open(cls, content: bytes) -> Self | None:
        """Read a ``tokenizer.json``; None when its vocabulary is not written as expected.

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
            staged = values["normalizer"] and values["pre_tokenizer"]
            if kind != ("Unigram", 0, False, []) or not staged or max(map(len, pieces)) > _LONGEST:
                return None
            return cls(Tokenizer.from_buffer(frame), pieces, scores)
        except Exception:  # noqa: BLE001 - a bare Exception is what the library raises
            return None

    def get_vocab_size(self) -> int:
        """Return the number of pieces, as the whole tokenizer does."""
        return len(self._pieces)

    def ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return each text's tokens, as the whole tokenizer gives them, int32, shapes (k,)."""
        numbers = self._held(texts)
        vocabulary = [(self._pieces[number].decode(), self._score(number)) for number in numbers]
        engine = Tokenizer(models.Unigram(vocabulary, 0, byte_fallback=False))
        engine.normalizer = self._frame.normalizer
        engine.pre_tokenizer = self._frame.pre_tokenizer
        places = np.array(numbers, np.int32)
        return [
            places[encoding.ids]
            for encoding in engine.encode_batch_fast(texts, add_special_tokens=False)
        ]

    def _held(self, texts: Iterable[str]) -> list[int]:
        """Return the numbers of the pieces that decide how texts are cut; the unknown one first."""
        words = {
            word
            for text in texts
            for word, _ in self._frame.pre_tokenizer.pre_tokenize_str(
                self._frame.normalizer.normalize_str(text)
            )
        }
        runs = {
            word[start:end].encode()
            for word in words
            for start in range(len(word))
            for end in range(start + 1, min(start + _LONGEST, len(word)) + 1)
        }
        held = {self._numbers[run] for run in runs & self._numbers.keys()}
        if any(char.encode() not in self._numbers for word in words for char in word):
            held.add(self._least_likely)  # what an unknown character costs hangs on its score
        return [0, *sorted(held - {0})]

    @cached_property
    def _least_likely(self) -> int:
        return min(range(len(self._pieces)), key=self._score)

    def _score(self, number: int) -> float:
        return float(self._scores[number].strip(b",[]"))
