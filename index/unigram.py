"""Cutting runs of characters into the pieces of a vocabulary, as the library of tokenizers does.

Of all ways to cut a run the likeliest is taken: that with the highest sum of its pieces' scores
(Viterbi). A character that is no piece is the unknown token, number 0.

Between two characters that are neighbours in no piece there is always a cut. So runs fall into
segments, most of them one character or a piece of two, which arrays decide. The others are
remembered: news repeats itself.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from math import inf
from sys import maxunicode
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Tokens: TypeAlias = NDArray[np.int32]
"""One number a character: that of the piece that begins there, 0 where none does; shape (n,)."""

_BREAK = "\n"
_AROUND_SCORES = b",[]"
_UNKNOWN_PENALTY = 10.0  # the library's: so far is an unknown character below the last of pieces
_TIE = 1e-9  # sums nearer than this may change places by rounding when another is added to both
_LOOKED_BACK = 64  # pieces; what is alike for longer is not looked into
_REMEMBERED, _LONGEST_REMEMBERED = 1 << 17, 32  # segments, 20 MB in all; characters of one
_HASH_BITS = 22
_CODE_BITS = 21  # of a character
_PAIR = 2


class Unigram:
    """Pieces and their scores. Safe to share between threads.

    :param pieces: in UTF-8, without line breaks, the unknown token first.
    :param scores: as they stand after the pieces in JSON.
    """

    def __init__(self, pieces: Sequence[bytes], scores: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._scores = scores
        self._numbers = dict(zip(pieces, range(len(pieces)), strict=True))
        self._longest = max(map(len, pieces))
        self._score = cache(lambda number: float(scores[number].strip(_AROUND_SCORES)))
        self._remembered = _Remembered(self.likeliest)

    def __len__(self) -> int:
        return len(self._pieces)

    def cut(self, runs: Sequence[str]) -> Tokens:
        """Return the tokens of runs, one run after the other."""
        text = "".join(runs)
        codes = _codes(text)
        begins = [0, *accumulate(map(len, runs))]
        apart = np.ones(len(codes) + 1, np.bool_)
        apart[1:-1] = ~self._short.neighbours[_hashes(codes)]
        apart[begins] = True
        places = np.flatnonzero(apart)
        starts, lengths = places[:-1], np.diff(places)

        tokens = self._short.characters[codes]
        pairs = np.flatnonzero(lengths == _PAIR)
        firsts = starts[pairs]
        tokens[firsts + 1] = 0
        tokens[firsts] = self._short.pairs_of(codes[firsts], codes[firsts + 1])
        others = lengths > 1
        others[pairs] = tokens[firsts] == 0

        spans = list(zip(starts[others].tolist(), places[1:][others].tolist(), strict=True))
        cuts = self._recall([text[start:end] for start, end in spans])
        joined = b"".join([cut for cut, _ in cuts])
        tokens[np.repeat(others, lengths)] = np.frombuffer(joined, np.int32)
        for (start, _), (_, tied) in zip(spans, cuts, strict=True):
            if tied:  # what stands before the segment decides
                run = bisect_right(begins, start) - 1
                cut, _ = self.likeliest(runs[run])
                tokens[begins[run] : begins[run + 1]] = np.frombuffer(cut, np.int32)
        return tokens

    def _recall(self, segments: Sequence[str]) -> list[tuple[bytes, bool]]:
        """Return what ``likeliest`` returns for each segment."""
        remembered = self._remembered
        if len(remembered) >= _REMEMBERED:
            remembered = self._remembered = _Remembered(self.likeliest)
        return [remembered[segment] for segment in segments]

    def likeliest(self, run: str) -> tuple[bytes, bool]:
        """Cut a run.

        :return: its ``Tokens`` as bytes, and whether others were as likely, so that rounding
            may have decided.
        """
        characters = [character.encode() for character in run]
        best = [0.0, *[-inf] * len(characters)]
        arrivals = [(0, 0)] * len(best)
        tied = False
        for start, before in enumerate(best):
            piece = b""
            for end in range(start + 1, min(start + self._longest, len(characters)) + 1):
                piece += characters[end - 1]
                number = self._numbers.get(piece)
                if number is not None:
                    score = before + self._score(number)
                elif end == start + 1:
                    number, score = 0, before + self._unknown_score
                else:
                    continue
                gain = score - best[end]
                if -_TIE < gain < _TIE:
                    tied |= not self._added_alike(arrivals, (start, number), arrivals[end])
                if gain > 0:
                    best[end], arrivals[end] = score, (start, number)
        tokens = array("i", [0]) * len(characters)
        end = len(characters)
        while end:
            end, number = arrivals[end]
            tokens[end] = number
        return tokens.tobytes(), tied

    def _added_alike(
        self, arrivals: Sequence[tuple[int, int]], one: tuple[int, int], other: tuple[int, int]
    ) -> bool:
        """Tell whether two ways to one place add up the same scores in the same order."""
        for _ in range(_LOOKED_BACK):
            if one == other:
                return True
            if self._score(one[1]) != self._score(other[1]):
                return False
            one, other = arrivals[one[0]], arrivals[other[0]]
        return False

    @cached_property
    def _unknown_score(self) -> float:
        scores = (float(score.strip(_AROUND_SCORES)) for score in set(self._scores))
        return min(scores) - _UNKNOWN_PENALTY

    @cached_property
    def _short(self) -> "_Short":
        codes = _codes(_BREAK.encode().join(self._pieces).decode())
        inside = (codes[:-1] != ord(_BREAK)) & (codes[1:] != ord(_BREAK))
        neighbours = np.zeros(1 << _HASH_BITS, np.bool_)
        neighbours[_hashes(codes)[inside]] = True
        characters = np.zeros(maxunicode + 1, np.int32)
        pairs = {0: 0}
        for number, piece in enumerate(self._pieces):
            text = piece.decode()
            if len(text) == 1:
                characters[ord(text)] = number
            elif len(text) == _PAIR and self._score(number) > _TIE + sum(map(self._alone, text)):
                pairs[ord(text[0]) << _CODE_BITS | ord(text[1])] = number
        keys = sorted(pairs)
        numbers = [pairs[key] for key in keys]
        return _Short(neighbours, characters, np.array(keys, np.int64), np.array(numbers, np.int32))

    def _alone(self, character: str) -> float:
        """Return the score of a character."""
        number = self._numbers.get(character.encode())
        return self._unknown_score if number is None else self._score(number)


@dataclass(frozen=True, slots=True)
class _Short:
    """What decides short segments.

    :ivar neighbours: whether a hash may be that of two neighbours in a piece: a Bloom filter. What
        it takes for neighbours and is not only makes a segment longer.
    :ivar characters: the piece that a character is, 0 for none.
    :ivar keys: of the pieces of two characters that are likelier than these two, ascending.
    :ivar numbers: of these pieces.
    """

    neighbours: NDArray[np.bool_]
    characters: Tokens
    keys: NDArray[np.int64]
    numbers: Tokens

    def pairs_of(self, firsts: NDArray[np.uint32], seconds: NDArray[np.uint32]) -> Tokens:
        """Return the pieces that pairs of characters are, 0 for those that are undecided."""
        keys = firsts.astype(np.int64) << _CODE_BITS | seconds
        places = np.searchsorted(self.keys, keys, "right") - 1
        return np.where(self.keys[places] == keys, self.numbers[places], 0)


class _Remembered(dict[str, tuple[bytes, bool]]):
    """What a function returned for short texts; ``lru_cache`` takes several times as long."""

    def __init__(self, function: Callable[[str], tuple[bytes, bool]]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, text: str) -> tuple[bytes, bool]:
        value = self._function(text)
        if len(text) <= _LONGEST_REMEMBERED:
            self[text] = value
        return value


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _hashes(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return a hash of each two neighbours, shape (n - 1,)."""
    mixed = codes[:-1] * np.uint32(0x9E3779B1) + codes[1:] * np.uint32(0x85EBCA77)
    return mixed >> np.uint32(32 - _HASH_BITS)
