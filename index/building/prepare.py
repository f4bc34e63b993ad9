"""An article with all that the index keeps of it but its vectors.

Worked out in the processes that read the files.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from index.articles.workers import in_batches
from index.encoders.token_table import Ids, TokenTable
from index.parts.filters import script_number
from index.text.passages import cut
from index.text.tokens import script, token_lines
from index.types import Article, Passage

_BATCH = 32  # articles: more gain nothing


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article, cut and tokenised.

    :ivar bodies: the lexical tokens of each passage, as ``LexicalWriter.add`` takes them.
    :ivar words: those of the article, its title among them, each once.
    :ivar ids: the tokens of each passage in the bundled model's table.
    :ivar scripts: the script of each passage, by its number.
    """

    article: Article
    passages: tuple[Passage, ...]
    bodies: tuple[str, ...]
    words: str
    ids: tuple[Ids, ...]
    scripts: tuple[int, ...]


def prepare(
    articles: Iterable[Article], table: TokenTable, *, target_chars: int
) -> Iterator[Prepared]:
    """Cut articles into passages and tokenise them, some at once: one by one takes longer."""
    for batch in in_batches(articles, _BATCH):
        cuts = [cut(article.paragraphs, target_chars=target_chars) for article in batch]
        texts = [passage.text for passages in cuts for passage in passages]
        bodies, ids = token_lines(texts), table.ids(texts)
        titles = token_lines([article.card.title for article in batch])
        scripts = [script_number(script(text)) for text in texts]
        bounds = pairwise(accumulate(map(len, cuts), initial=0))
        for article, title, passages, (start, end) in zip(batch, titles, cuts, bounds, strict=True):
            yield Prepared(
                article=article,
                passages=passages,
                bodies=tuple(bodies[start:end]),
                words=words_of(title, bodies[start:end]),
                ids=tuple(ids[start:end]),
                scripts=tuple(scripts[start:end]),
            )


def words_of(title: str, bodies: Iterable[str]) -> str:
    """Return the lexical tokens of an article, each once, as ``LexicalWriter.add`` takes them.

    :param title: the tokens of its title.
    :param bodies: those of its passages.
    """
    return " ".join(dict.fromkeys(token for line in (title, *bodies) for token in line.split()))


@dataclass(frozen=True, slots=True)
class Preparer:
    """``prepare`` for worker processes: each opens the token table once, when it first needs it."""

    target_chars: int

    def __call__(self, articles: Sequence[Article]) -> list[Prepared]:
        """Cut articles into passages and tokenise them."""
        return list(prepare(articles, _table_of_this_process(), target_chars=self.target_chars))


@cache
def _table_of_this_process() -> TokenTable:
    return TokenTable.open()
