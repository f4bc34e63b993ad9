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
    :ivar ids: the tokens of each passage in the bundled model's table.
    :ivar scripts: the script of each passage, by its number.
    """

    article: Article
    passages: tuple[Passage, ...]
    bodies: tuple[str, ...]
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
        scripts = [script_number(script(text)) for text in texts]
        bounds = pairwise(accumulate(map(len, cuts), initial=0))
        for article, passages, (start, end) in zip(batch, cuts, bounds, strict=True):
            yield Prepared(
                article=article,
                passages=passages,
                bodies=tuple(bodies[start:end]),
                ids=tuple(ids[start:end]),
                scripts=tuple(scripts[start:end]),
            )


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
