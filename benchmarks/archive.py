"""Archives of any size, made of the example articles' words.

An article depends on its number alone: a small archive is the beginning of a larger one, and each
is the same every time. Its words follow Zipf's law as real ones do: the commonest are the examples'
own in the order of their frequency, the rest are put together from pieces of them, so that the
vocabulary grows with the archive. Each article has words of its own subject that it repeats. It
reads as nonsense; engines and parsers find in it the work that real articles give them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from index.articles.files import read_article
from index.articles.finding import find_files
from index.types import Article

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles"
PASSAGES_PER_ARTICLE = 5.5
"""About what 'newsquote index build' makes of one; the exact number is counted there."""

_ZIPF_EXPONENT, _ZIPF_SHIFT = 1.07, 2.7  # Mandelbrot's form of Zipf's law, usual values for text
_FUNCTION_WORDS = 100
_SUBJECT_WORDS = 25
_SUBJECT_SHARE = 0.25  # of an article's words
_WORDS_PER_SENTENCE = (6, 24)
_PARAGRAPHS, _PARAGRAPHS_SPREAD = 13, 1.0  # median, and sigma of the logarithm: few are very long
_SENTENCES, _SENTENCES_SPREAD = 2, 0.6
_FIRST_DAY, _DAYS = datetime(2014, 1, 1, tzinfo=UTC), 3652
_FOLDER = 1000  # files in one
_SEED = 6

_WORDS = {"han": r"[\u4e00-\u9fff]{1,2}", "latin": r"[A-Za-z]+", "cyrillic": r"[а-яёА-ЯЁ]+"}
_SHARES = {"han": 0.85, "latin": 0.1, "cyrillic": 0.05}
_VOCABULARY = {"han": 60_000, "latin": 30_000, "cyrillic": 30_000}


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Words by falling frequency.

    :ivar chances: chance that a word is this one or an earlier one; the last is 1.
    """

    words: tuple[str, ...]
    chances: np.ndarray[tuple[int], np.dtype[np.float64]]
    space: str
    stops: tuple[str, str]

    def draw(self, generator: np.random.Generator, count: int) -> list[str]:
        places = np.searchsorted(self.chances, generator.random(count))
        return [self.words[place] for place in places.tolist()]

    def draw_rarer(self, generator: np.random.Generator, count: int) -> list[str]:
        """Return words that are no function words, those of every rank with the same chance."""
        logs = generator.uniform(np.log(_FUNCTION_WORDS), np.log(len(self.words)), count)
        return [self.words[int(place)] for place in np.exp(logs).tolist()]


def write_archive(folder: Path, articles: int) -> None:
    """Write the first so many articles as files, in the order of their numbers.

    :param folder: made if there is none.
    """
    for number in range(articles):
        path = article_path(folder, number)
        if number % _FOLDER == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article_file(number), encoding="utf-8")


def article_path(folder: Path, number: int) -> Path:
    """Return where an article stands in an archive."""
    return folder / f"{number // _FOLDER:04}" / f"{number:07}.md"


def article_file(number: int) -> str:
    """Return the text of an article file: front matter and body, as static-site mirrors have them.

    :param number: from 0; decides everything.
    """
    generator = np.random.default_rng((_SEED, number))
    language = str(generator.choice(list(_SHARES), p=list(_SHARES.values())))
    vocabulary = _vocabularies()[language]
    subject = vocabulary.draw_rarer(generator, _SUBJECT_WORDS)
    count = _drawn_size(generator, _PARAGRAPHS, _PARAGRAPHS_SPREAD)
    paragraphs = [_paragraph(generator, vocabulary, subject) for _ in range(count)]
    title = vocabulary.space.join(generator.choice(subject, 6).tolist())
    source = f"Source {number % 30}"
    date = _FIRST_DAY + timedelta(days=int(generator.integers(_DAYS)), minutes=number % 1440)
    image = f"https://img.example.com/{number:07}/cover.jpg"
    cover = (
        f'<div><a href="{image}" target="_blank"><img src="{image}" title alt="cover.jpg" '
        'referrerpolicy="no-referrer"></a></div>'
    )
    body = "".join(_marked_up(generator, paragraph, number) for paragraph in paragraphs)
    return (
        f'---\nlayout: post\ntitle: "{title}"\ndate: {date:%Y-%m-%dT%H:%M:%S.000Z}\n'
        f"author: {source}\nfrom: https://www.example.com/articles/{number}\n"
        f"tags: [ {source} ]\ncategories: [ {source} ]\n---\n"
        f"<div>\n{cover}{body}\n</div>\n"
    )


def questions(texts: Sequence[str], count: int) -> list[str]:
    """Return questions on some texts: a piece of a sentence of each, in its own words."""
    generator = np.random.default_rng(_SEED)
    asked = []
    for place in generator.permutation(len(texts))[:count].tolist():
        clauses = re.split(r"[，。！？；,.!?;\n]+", texts[place])
        clause = max(clauses, key=len).strip()
        spaced = " " in clause
        words = clause.split() if spaced else list(clause)
        start = int(generator.integers(max(len(words) - 8, 1)))
        length = int(generator.integers(5, 10)) if spaced else int(generator.integers(8, 18))
        asked.append((" " if spaced else "").join(words[start : start + length]) + "?")
    return asked


def _paragraph(
    generator: np.random.Generator, vocabulary: _Vocabulary, subject: Sequence[str]
) -> str:
    sentences = []
    for _ in range(_drawn_size(generator, _SENTENCES, _SENTENCES_SPREAD)):
        words = vocabulary.draw(generator, int(generator.integers(*_WORDS_PER_SENTENCE)))
        own = np.flatnonzero(generator.random(len(words)) < _SUBJECT_SHARE)
        for place in own.tolist():
            words[place] = subject[int(generator.integers(len(subject)))]
        comma, stop = vocabulary.stops
        half = len(words) // 2
        parts = (vocabulary.space.join(words[:half]), vocabulary.space.join(words[half:]))
        sentences.append((comma + vocabulary.space).join(parts) + stop)
    return vocabulary.space.join(sentences)


def _marked_up(generator: np.random.Generator, paragraph: str, number: int) -> str:
    """Return a paragraph in the tags that feeds put around and into it."""
    kind = generator.choice(["plain", "linked", "styled", "strong"], p=[0.6, 0.15, 0.15, 0.1])
    address = f"https://www.example.com/articles/{number}/{len(paragraph)}?utm_source=rss"
    middle = len(paragraph) // 2
    if kind == "linked":
        link = f'<a href="{address}" target="_blank" rel="noopener">{paragraph[middle:]}</a>'
        return f"<p>{paragraph[:middle]}{link}</p>"
    if kind == "styled":
        style = 'style="font-size: 16px; color: rgb(51, 51, 51); line-height: 1.75em;"'
        return f"<section {style}><p {style}><span {style}>{paragraph}</span></p></section>"
    if kind == "strong":
        return f"<p><strong>{paragraph[:middle]}</strong>{paragraph[middle:]}<br></p>"
    return f"<p>{paragraph}</p>"


def _drawn_size(generator: np.random.Generator, median: float, spread: float) -> int:
    return max(1, round(generator.lognormal(np.log(median), spread)))


@cache
def _vocabularies() -> dict[str, _Vocabulary]:
    text = "\n".join(_example_texts())
    stops = {"han": ("，", "。"), "latin": (",", "."), "cyrillic": (",", ".")}
    found = {}
    for language, pattern in _WORDS.items():
        common = [word for word, _ in Counter(re.findall(pattern, text)).most_common()]
        words = _extended(common, _VOCABULARY[language], np.random.default_rng(_SEED))
        weights = (np.arange(len(words)) + _ZIPF_SHIFT) ** -_ZIPF_EXPONENT
        space = "" if language == "han" else " "
        found[language] = _Vocabulary(
            words, np.cumsum(weights) / weights.sum(), space, stops[language]
        )
    return found


def _extended(words: list[str], size: int, generator: np.random.Generator) -> tuple[str, ...]:
    """Add words put together from the first half of one and the second half of another."""
    known = dict.fromkeys(words)
    while len(known) < size:
        for first, second in generator.integers(len(words), size=(size, 2)).tolist():
            one, other = words[first], words[second]
            known.setdefault(one[: (len(one) + 1) // 2] + other[len(other) // 2 :])
    return tuple(known)[:size]


def _example_texts() -> Iterator[str]:
    for path in find_files([EXAMPLES]):
        article = read_article(path, max_bytes=10**7) if isinstance(path, Path) else path
        if isinstance(article, Article):
            yield article.text
