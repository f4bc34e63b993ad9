"""Text that is no language: the table knows none of its words, and cuts them to shreds.

Whatever is nearest to it is near by chance. The reader has seen no such questions, and may take any name
for an answer to one.
"""

import re

from index.encoders.token_table import TokenTable

LEAST_WORDS = 3
"""A name or two may be spelt in letters that the table seldom sees together: Фанчэнган, Юйчэн."""

LEAST_LETTERS = 1.9
"""Letters of a piece, in the mean of a text. Of 1,657 English and Russian questions two have fewer (XQuAD and
RealTime QA); of random keys in words of 3 to 7, 91 % in Latin letters and all in Cyrillic ones."""

_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile("[㐀-鿿]")


def is_gibberish(text: str, table: TokenTable) -> bool:
    """Tell whether no language has such words; Chinese, whose characters are pieces, is never gibberish."""
    words = _WORD.findall(text.lower())
    if len(words) < LEAST_WORDS or _HAN.search(text):
        return False
    pieces = sum(map(len, table.ids(words)))
    return sum(map(len, words)) < LEAST_LETTERS * pieces
