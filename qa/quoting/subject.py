"""What a question is about, as far as the archive mentions it: told when nothing answers.

Who asks how tall somebody is wants to know whether the archive knows nothing of that person, or only
not this. Only a name that stands in the archive letter for letter is told, so that it can be
checked by a search for it.
"""

import re
from collections.abc import Sequence

from index.engines.protocol import Searcher
from index.parts.filters import ANY
from index.text.tokens import HAN, fold, tokens
from qa.types import Mention

MOST = 50
"""Articles that are counted."""

_LEAST_HAN, _LEAST_LETTERS = 2, 3
_BETWEEN = re.compile(
    r"[^\w·]|为什么|什么|多少|多[大高长久远重快宽深]|怎么|怎样|如何|哪[个些里位年天种]?|谁|几[个次岁位]?"
    r"|是否|有没有|[的了在是有和与吗呢被把从到于将及]"
)
"""What stands between the names of a Chinese question, once it is folded."""

_NAME = re.compile(r"[^\W\d_a-zа-яё][\w’'-]*(?:[ -][^\W\d_a-zа-яё][\w’'-]*)*|[^\W\d_]+\d+\w*")
_FIRST_WORD = re.compile(r"^\W*\w+\b")


def mention(question: str, texts: Sequence[str], searcher: Searcher) -> Mention | None:
    """Return the longest name in a question that the archive has, and how often it has it.

    :param texts: passages that came near, with their titles: a name is looked for in these.
    :return: None when it has none of them.
    """
    folded = [fold(text) for text in texts]
    for name in sorted(_names(question, folded), key=len, reverse=True):
        count = _articles(name, searcher)
        if count:
            return Mention(name, min(count, MOST), more=count > MOST)
    return None


def _names(question: str, folded: Sequence[str]) -> list[str]:
    """Return what may be names, as the question writes them, if one of some folded texts has them."""
    if re.search(f"[{HAN}]", question):
        return _han_names(question, folded)
    first = _FIRST_WORD.search(question)
    start = first.end() if first else 0
    found = [match for match in _NAME.finditer(question) if match.start() >= start]
    return [
        match.group()
        for match in found
        if len(match.group()) >= _LEAST_LETTERS
        and any(_stands(fold(match.group()), text) for text in folded)
    ]


def _han_names(question: str, folded: Sequence[str]) -> list[str]:
    asked = fold(question)
    if len(asked) != len(question):  # folding has moved the letters: the question's own are lost
        question = asked
    found, place = [], 0
    for between in [*_BETWEEN.finditer(asked), None]:
        end = between.start() if between else len(asked)
        while place < end:
            last = place
            while last < end and any(asked[place : last + 1] in text for text in folded):
                last += 1
            if last - place >= _LEAST_HAN:
                found.append(question[place:last])
            place = max(last, place + 1)
        place = between.end() if between else end
    return found


def _stands(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _articles(name: str, searcher: Searcher) -> int:
    """Return how many articles have a name letter for letter, at most one more than ``MOST``."""
    words = dict.fromkeys(tokens(name), 1.0)
    rows, sums = searcher.articles_by_words(words, MOST + 1, ANY)
    wanted = fold(name)
    return sum(
        wanted in fold(searcher.article_text(article))
        for article, share in zip(rows.tolist(), sums.tolist(), strict=True)
        if share > len(words) - 1
    )
