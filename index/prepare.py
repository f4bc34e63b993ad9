"""An article with all that the index keeps of it but its vectors.

Worked out for one article at a time, in the processes that read the files.
"""

from dataclasses import dataclass
from functools import cache

from index.bundled import Ids, TokenTable
from index.columns import script_number
from index.lexical import token_line
from index.passages import cut
from index.text import script
from index.types import Article, Passage


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article, cut and tokenised.

    :ivar bodies: the lexical tokens of each passage, as ``LexicalWriter.add`` takes them.
    :ivar title: the lexical tokens of the title, likewise.
    :ivar ids: the tokens of each passage in the bundled model's table.
    :ivar scripts: the script of each passage, by its number.
    """

    article: Article
    passages: tuple[Passage, ...]
    bodies: tuple[str, ...]
    title: str
    ids: tuple[Ids, ...]
    scripts: tuple[int, ...]


def prepare(article: Article, table: TokenTable, *, target_chars: int) -> Prepared:
    """Cut an article into passages and tokenise them."""
    passages = cut(article.paragraphs, target_chars=target_chars)
    return Prepared(
        article=article,
        passages=passages,
        bodies=tuple(token_line(passage.text) for passage in passages),
        title=token_line(article.title),
        ids=tuple(table.ids([passage.text for passage in passages])),
        scripts=tuple(script_number(script(passage.text)) for passage in passages),
    )


@dataclass(frozen=True, slots=True)
class Preparer:
    """``prepare`` for worker processes: each opens the token table once, when it first needs it."""

    target_chars: int

    def __call__(self, article: Article) -> Prepared:
        """Cut an article into passages and tokenise them."""
        return prepare(article, _table_of_this_process(), target_chars=self.target_chars)


@cache
def _table_of_this_process() -> TokenTable:
    return TokenTable.open()
