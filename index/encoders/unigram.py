"""Cutting runs of characters into the pieces of a vocabulary, as the library of tokenizers does.

Of all ways to cut a run the likeliest is taken: that with the highest sum of its pieces' scores
(Viterbi). A character that is no piece is the unknown token, number 0.

Between two characters that no piece can join where they stand there is always a cut. So runs fall
into segments, most of them one character or a piece of two, which arrays decide. The others are
remembered: news repeats itself.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from sys import maxunicode
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.text.character_map import Codes, codes_of, text_of

Tokens: TypeAlias = NDArray[np.int32]
"""One number a character: that of the piece that begins there, 0 where none does; shape (n,)."""

_BREAK = "\n"
_AROUND_SCORES = b",[]"
_UNKNOWN_PENALTY = 10.0  # the library's: so far is an unknown character below the last of pieces
_TIE = 1e-9  # sums nearer than this may change places by rounding when another is added to both
_LOOKED_BACK = 64  # pieces; what is alike for longer is not looked into
_REMEMBERED, _LONGEST_REMEMBERED = 1 << 17, 32  # segments, 20 MB; characters of one
_CODE_BITS = 21  # of a character
_PAIR, _TRIPLE = 2, 3  # characters
_PAIR_PLACES = 1_000_003  # a prime
_HASH_FACTORS = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D  # odd; one a character
_PLACE_BITS, _SEVERAL = 22, 2


class Unigram:
    """Pieces and their scores. Safe to share between threads.

    :param pieces: in UTF-8, without line breaks, the unknown token first.
    :param scores: numbers, or as they stand after the pieces in JSON.
    """

    def __init__(self, pieces: Sequence[bytes], scores: Sequence[bytes] | Sequence[float]) -> None:
        self._pieces = pieces
        self._scores = scores
        self._numbers = dict(zip(pieces, range(len(pieces)), strict=True))
        self._longest = max(map(len, pieces))
        self._score = cache(lambda number: _value(scores[number]))
        self._runs = _Remembered(self.likeliest)
        self._segments = _Remembered(self._likeliest_of_segment)

    def __len__(self) -> int:
        return len(self._pieces)

    def pieces(self) -> list[str]:
        """Return the pieces, each at its number."""
        return [piece.decode() for piece in self._pieces]

    def cut(self, codes: Codes, begins: NDArray[np.bool_]) -> Tokens:
        """Return the tokens of runs, one run after the other.

        :param codes: the characters of all runs, shape (n,).
        :param begins: whether a run begins there, and True for the end, shape (n + 1,).
        """
        short = self._short
        (places,) = (begins | short.apart(codes)).nonzero()
        starts, lengths = places[:-1], places[1:] - places[:-1]

        tokens = short.characters[codes]
        (pairs,) = (lengths == _PAIR).nonzero()
        firsts = starts[pairs]
        tokens[firsts + 1] = 0
        tokens[firsts] = found = short.pairs_of(codes[firsts], codes[firsts + 1])
        others = lengths > 1
        others[pairs] = found == 0

        text = text_of(codes)
        spans = list(zip(starts[others].tolist(), places[1:][others].tolist(), strict=True))
        cuts = self._segments.of([text[start:end] for start, end in spans])
        joined = b"".join([cut for cut, _ in cuts])
        tokens[others.repeat(lengths)] = np.frombuffer(joined, np.int32)
        for (start, _), (_, tied) in zip(spans, cuts, strict=True):
            if tied and not begins[start]:  # what stands before the segment decides
                first = start - int(begins[start::-1].argmax())
                last = start + 1 + int(begins[start + 1 :].argmax())
                tokens[first:last] = np.frombuffer(self.likeliest(text[first:last])[0], np.int32)
        return tokens

    def recall(self, runs: Sequence[str]) -> list[tuple[bytes, bool]]:
        """Return what ``likeliest`` returns for runs; short ones are remembered."""
        return self._runs.of(runs)

    def likeliest(self, run: str) -> tuple[bytes, bool]:
        """Cut a run.

        :return: its ``Tokens`` as bytes, and whether others were as likely, so that rounding
            may have decided.
        """
        characters = [character.encode() for character in run]
        longest, number_of, score_of = self._longest, self._numbers.get, self._score
        best = [0.0, *[-inf] * len(characters)]
        arrivals = [(0, 0)] * len(best)
        tied = False
        for start, before in enumerate(best):
            piece = b""
            for end, character in enumerate(characters[start : start + longest], start + 1):
                piece += character
                number = number_of(piece)
                if number is not None:
                    score = before + score_of(number)
                elif end == start + 1:
                    number, score = 0, before + self._unknown_score
                elif len(piece) < longest:
                    continue
                else:
                    break
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

    def _likeliest_of_segment(self, segment: str) -> tuple[bytes, bool]:
        """Return what ``likeliest`` returns; sooner for a piece that no cut can be as likely as.

        A cut has a piece that begins with the first character, and one or more that begin with others.

        :param segment: two characters at least.
        """
        number = self._numbers.get(segment.encode())
        if number is not None:
            leads, unknown = self._short.leads, self._unknown_score
            first, *others = [leads.get(character, unknown) for character in segment]
            if self._score(number) > first + max(others) + _TIE:
                return array("i", [number, *[0] * len(others)]).tobytes(), False
        return self.likeliest(segment)

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
        different: set[bytes | float] = {*self._scores}
        return min(map(_value, different)) - _UNKNOWN_PENALTY

    @cached_property
    def _short(self) -> "_Short":
        codes = codes_of(_BREAK.join(map(bytes.decode, self._pieces)) + _BREAK)
        (ends,) = (codes == ord(_BREAK)).nonzero()
        lengths = np.diff(ends, prepend=-1) - 1
        starts = ends - lengths
        left = ends.repeat(lengths + 1) - np.arange(len(codes))
        singles, pairs = np.flatnonzero(lengths == 1), np.flatnonzero(lengths == _PAIR)
        firsts, seconds = codes[starts[pairs]], codes[starts[pairs] + 1]

        characters = np.zeros(maxunicode + 1, np.int32)
        characters[codes[starts[singles]]] = singles
        scores = np.array([_value(score) for score in self._scores])
        # An unknown character's score is below that of piece 0: such pairs are left undecided.
        alone = scores[characters[firsts]] + scores[characters[seconds]]
        keys = np.zeros(len(lengths), np.int64)
        keys[pairs] = np.where(scores[pairs] > alone + _TIE, _keys(firsts, seconds), 0)
        numbers = np.zeros(_PAIR_PLACES, np.int32)
        numbers[keys[pairs] % _PAIR_PLACES] = pairs

        twos, threes = _hashes(codes)
        hashes = np.concatenate((twos[starts[pairs]], threes[left[:-2] >= _TRIPLE]))
        leads: dict[str, float] = {}
        for first, score in zip(text_of(codes[starts]), scores.tolist(), strict=True):
            leads[first] = max(leads.get(first, score), score)
        return _Short(characters, numbers, keys, _HashSet.of(hashes), leads)


@dataclass(frozen=True, slots=True)
class _HashSet:
    """A set of hashes that takes a few others for its own.

    :ivar tags: of the hash that has a place, 0 for none, ``_SEVERAL`` for several.
    """

    tags: NDArray[np.uint8]

    @classmethod
    def of(cls, hashes: Codes) -> "_HashSet":
        """Return the set of some hashes."""
        tags = np.zeros(1 << _PLACE_BITS, np.uint8)
        places, own = _places_and_tags(hashes)
        tags[places] = own
        tags[places[tags[places] != own]] = _SEVERAL
        return cls(tags)

    def lacks(self, hashes: Codes) -> NDArray[np.bool_]:
        """Return for each hash whether it is surely not in the set."""
        places, own = _places_and_tags(hashes)
        found = self.tags.take(places)
        return np.asarray((found != own) & (found != _SEVERAL))


@dataclass(frozen=True, slots=True)
class _Short:
    """What decides short segments.

    :ivar characters: the piece that a character is, 0 for none.
    :ivar numbers: pieces of two characters, each at the remainder of its key; 0 for none.
    :ivar keys: of pieces of two characters that are likelier than these two, 0 for other pieces.
    :ivar joined: pieces of two characters, and any three characters inside a longer piece. What is
        taken for one of them and is not only makes a segment longer.
    :ivar leads: the highest score of the pieces that begin with a character.
    """

    characters: Tokens
    numbers: Tokens
    keys: NDArray[np.int64]
    joined: _HashSet
    leads: Mapping[str, float]

    def apart(self, codes: Codes) -> NDArray[np.bool_]:
        """Return whether no piece can join a character to the one before, shape (n + 1,)."""
        apart = np.ones(len(codes) + 1, np.bool_)
        twos, threes = map(self.joined.lacks, _hashes(codes))
        apart[1:-1] = twos
        apart[1:-2] &= threes
        apart[2:-1] &= threes
        return apart

    def pairs_of(self, firsts: Codes, seconds: Codes) -> Tokens:
        """Return the pieces that pairs of characters are, 0 for those that are undecided."""
        keys = _keys(firsts, seconds)
        numbers = self.numbers.take(keys % _PAIR_PLACES)
        return np.where(self.keys.take(numbers) == keys, numbers, 0)


class _Remembered(dict[str, tuple[bytes, bool]]):
    """What a function returned for short texts; ``lru_cache`` takes several times as long.

    When there are too many, all are forgotten.
    """

    def __init__(self, function: Callable[[str], tuple[bytes, bool]]) -> None:
        super().__init__()
        self._function = function

    def of(self, texts: Sequence[str]) -> list[tuple[bytes, bool]]:
        """Return what the function returns for texts."""
        if len(self) >= _REMEMBERED:
            self.clear()
        return [self[text] for text in texts]

    def __missing__(self, text: str) -> tuple[bytes, bool]:
        value = self._function(text)
        if len(text) <= _LONGEST_REMEMBERED:
            self[text] = value
        return value


def _value(score: bytes | float) -> float:
    return float(score.strip(_AROUND_SCORES) if isinstance(score, bytes) else score)


def _keys(firsts: Codes, seconds: Codes) -> NDArray[np.int64]:
    return firsts.astype(np.int64) << _CODE_BITS | seconds


def _hashes(codes: Codes) -> tuple[Codes, Codes]:
    """Return a hash of every two neighbours, shape (n - 1,), and of every three, (n - 2,)."""
    first, second, third = _HASH_FACTORS
    twos = codes[:-1] * first + codes[1:] * second
    return twos, twos[:-1] + codes[2:] * third


def _places_and_tags(hashes: Codes) -> tuple[Codes, NDArray[np.uint8]]:
    return hashes >> np.uint32(32 - _PLACE_BITS), hashes.astype(np.uint8) | np.uint8(1)
