"""What training draws from: the archive in tokens, pairs in tokens, translations of tokens."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import Stemmer
from tokenizers import Tokenizer

from tools.train_encoder.ragged import Ids, Ints, Ragged, Replacements, ragged
from tools.train_encoder.sources import Article, Pair

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;…])")
_SHORT_SENTENCE = 10  # characters: shorter ones go with what follows
_LONG_SENTENCE = 300
_CHUNK = 260  # characters from which a chunk is full
_CHUNK_AT_PARAGRAPH = 120  # and at a paragraph's end
_LEAST_TOKENS = 12  # of a chunk
_MOST_OPTION = 4  # tokens of a translation
PARTICLES = ("to", "a", "an", "the", "of", "be")  # of a gloss: "to run", "a kind of"
_BATCH = 20_000

Sides = tuple[Ragged, Ragged]
"""Two aligned rows of tokens: row *i* of one means what row *i* of the other does."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Articles in tokens; a chunk is what a passage will be.

    :ivar titles: a row an article.
    :ivar sentences: all sentences in order.
    :ivar chunks: int64, shape (chunks + 1,): chunk *i* is sentences ``chunks[i]:chunks[i + 1]``.
    :ivar articles: int64, shape (chunks,): the article of each chunk.
    """

    titles: Ragged
    sentences: Ragged
    chunks: Ints
    articles: Ints

    def frequencies(self, size: int) -> Ints:
        """Return in how many chunks each token of the vocabulary occurs, int64, shape (size,)."""
        bounds = self.sentences.bounds[self.chunks]
        found = np.zeros(size, np.int64)
        for start, end in pairwise(bounds):
            found[np.unique(self.sentences.flat[start:end])] += 1
        return found


@dataclass(frozen=True, slots=True)
class Material:
    """All that batches are drawn from.

    :ivar size: number of tokens in the vocabulary.
    :ivar pairs: by ``"entry"`` or ``"sentence"`` and the two languages, as in ``"sentence zh-en"``.
    :ivar to_english: Chinese tokens to English ones.
    :ivar to_russian: Chinese and English tokens to Russian ones.
    :ivar inflected: English tokens to others of the same stem.
    :ivar fillers: words of questions by language, that tell nothing.
    """

    size: int
    archive: Archive
    pairs: dict[str, Sides]
    to_english: Replacements
    to_russian: Replacements
    inflected: Replacements
    fillers: dict[str, Ids]


FILLERS = {
    "zh": "什么 哪 哪些 哪个 谁 多少 几 为什么 怎么 如何 何时 哪里 是 的 吗 在 了 有 被 由 对 从 以 什么样"
    " 哪一 哪年 年 个 位 一 过 和 与 他 她 它 请问 关于 为何 原因 名字 名称 叫 属于",
    "en": "what which who when where why how many much did do does is was were the a of in to by for"
    " on with from and that are be been has had have name type kind one many year long",
    "ru": "что какои какая какие кто когда где почему сколько как каком какую каких был было была в"
    " на и с по для от из за скольк о год",
}


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> Ragged:
    """Return the texts' known tokens."""
    rows: list[Ids] = []
    for start in range(0, len(texts), _BATCH):
        for encoding in tokenizer.encode_batch_fast(
            list(texts[start : start + _BATCH]), add_special_tokens=False
        ):
            ids = np.array(encoding.ids, np.int32)
            rows.append(ids[ids > 0])
    return ragged(rows)


def read_material(
    articles: Iterable[Article], pairs: Sequence[Pair], tokenizer: Tokenizer
) -> Material:
    """Bring articles and pairs into tokens."""
    size = tokenizer.get_vocab_size()
    vocabulary = tokenizer.get_vocab()
    sides = encode(tokenizer, [p.a for p in pairs]), encode(tokenizer, [p.b for p in pairs])
    particles = [vocabulary[word] for word in PARTICLES if word in vocabulary]
    to_english, to_russian = _translations(pairs, sides, size, particles)
    return Material(
        size=size,
        archive=_read_archive(articles, tokenizer),
        pairs=_sorted_out(pairs, sides),
        to_english=to_english,
        to_russian=to_russian,
        inflected=_inflections(vocabulary),
        fillers={
            language: np.array(
                [vocabulary[w] for w in words.split() if w in vocabulary] or [0], np.int32
            )
            for language, words in FILLERS.items()
        },
    )


def _sorted_out(pairs: Sequence[Pair], sides: Sides) -> dict[str, Sides]:
    filled = (sides[0].lengths > 0) & (sides[1].lengths > 0)
    rows = defaultdict(list)
    for n in np.flatnonzero(filled).tolist():
        sort = "entry" if pairs[n].is_entry else "sentence"
        rows[f"{sort} {'-'.join(pairs[n].languages)}"].append(n)
    return {
        name: (sides[0].take(np.array(some)), sides[1].take(np.array(some)))
        for name, some in rows.items()
    }


def _read_archive(articles: Iterable[Article], tokenizer: Tokenizer) -> Archive:
    titles: list[str] = []
    sentences: list[str] = []
    chunks, owners = [0], []
    for article in articles:
        for chunk in _chunks(article.paragraphs):
            sentences += chunk
            chunks.append(len(sentences))
            owners.append(len(titles))
        titles.append(article.title)
    encoded = encode(tokenizer, sentences)
    bounds = np.array(chunks, np.int64)
    # A chunk of too few tokens is left out by leaving it without sentences.
    long = np.diff(encoded.bounds[bounds]) >= _LEAST_TOKENS
    within = np.repeat(long, np.diff(bounds)) & (encoded.lengths > 0)
    kept = np.flatnonzero(within)
    counts = np.add.reduceat(np.append(within, 0), bounds[:-1])[long] if len(long) else long
    return Archive(
        titles=encode(tokenizer, titles),
        sentences=encoded.take(kept),
        chunks=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        articles=np.array(owners, np.int64)[long],
    )


def _chunks(paragraphs: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    length = 0
    for paragraph in paragraphs:
        for sentence in _sentences(paragraph):
            chunk.append(sentence)
            length += len(sentence)
            if length >= _CHUNK:
                yield chunk
                chunk, length = [], 0
        if length >= _CHUNK_AT_PARAGRAPH:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _sentences(paragraph: str) -> list[str]:
    found: list[str] = []
    for part in _SENTENCE_END.split(paragraph):
        if found and len(found[-1]) < _SHORT_SENTENCE:
            found[-1] += part
        elif part.strip():
            found.append(part)
    return [sentence[:_LONG_SENTENCE] for sentence in found]


def _translations(
    pairs: Sequence[Pair], sides: Sides, size: int, particles: Sequence[int]
) -> tuple[Replacements, Replacements]:
    """Return Chinese to English, and Chinese or English to Russian, from entries of one token."""
    english: list[tuple[int, Ids]] = []
    russian: list[tuple[int, Ids]] = []
    for n, pair in enumerate(pairs):
        if not pair.is_entry:
            continue
        texts = {
            language: side.flat[side.bounds[n] : side.bounds[n + 1]]
            for language, side in zip(pair.languages, sides, strict=True)
        }
        for source, target, found in (
            ("zh", "en", english),
            ("zh", "ru", russian),
            ("en", "ru", russian),
        ):
            if {source, target} == set(pair.languages):
                old, new = texts[source], texts[target]
                new = new[~np.isin(new, particles)]
                if len(old) == 1 and 0 < len(new) <= _MOST_OPTION:
                    found.append((int(old[0]), new))
    return Replacements.of(size, english), Replacements.of(
        size, russian + _through_english(english, russian)
    )


def _through_english(
    english: Sequence[tuple[int, Ids]], russian: Sequence[tuple[int, Ids]]
) -> list[tuple[int, Ids]]:
    """Return what Chinese tokens are in Russian by way of one English token."""
    by_english = defaultdict(list)
    for token, translation in russian:
        by_english[token].append(translation)
    return [
        (token, option)
        for token, translation in english
        if len(translation) == 1
        for option in by_english[int(translation[0])][:4]
    ]


def _inflections(vocabulary: dict[str, int]) -> Replacements:
    stem = Stemmer.Stemmer("english").stemWord
    families = defaultdict(list)
    for word in sorted(vocabulary):
        if len(word) > 2 and re.fullmatch("[a-z]+", word):  # noqa: PLR2004 - function words have no forms
            families[stem(word)].append(vocabulary[word])
    return Replacements.of(
        len(vocabulary),
        [
            (one, np.array([other], np.int32))
            for family in families.values()
            for one in family
            for other in family
            if one != other
        ],
    )
