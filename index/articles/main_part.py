"""Where the article is in a whole HTML page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from index.articles.furniture import Rules
from index.text.whitespace import clean

_CONTAINERS = frozenset(
    "html body div section article main aside form header footer table tbody tr td center".split()  # noqa: SIM905 - a list of words reads better as words
)
_STRUCTURE = frozenset(("aside", "form", "header", "footer"))
"""What is furniture unless most of the text is in it: old sites wrap whole pages in a form."""
_NEVER_PAGE = frozenset(("head", "script", "style", "template", "noscript", "nav", "svg"))
_LINKS = frozenset(("a", "nav", "button", "select", "label"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "figcaption"))
"""What has no sentences of the article; a heading that holds paragraphs was not closed, and is none."""

_SENTENCE = re.compile(r"[.!?…。！？；]|[，,].*[，,]")
_SENTENCE_CHARS, _CJK_SENTENCE_CHARS = 30, 12
_CJK = re.compile("[\u3040-\u9fff\uac00-\ud7af]")
_MOST, _HALF = 0.8, 0.5
"""Shares of the sentences of a page, in characters."""
_LINKS_OF_MENU = 3
"""A box is a menu or a foot when its sentences are no longer than so many times its links."""


@dataclass(slots=True)
class _Weight:
    """Characters of sentences in an element outside links and headings, and of all inside them."""

    sentences: int = 0
    links: int = 0

    def add(self, other: "_Weight") -> None:
        self.sentences += other.sentences
        self.links += other.links

    @property
    def is_menu(self) -> bool:
        return self.links * _LINKS_OF_MENU >= self.sentences


_Weights: TypeAlias = Mapping[int, _Weight]
"""By the identity of the element."""


def main_part(soup: BeautifulSoup, rules: Rules) -> Tag:
    """Return the smallest element with (almost) all sentences of the article of a page.

    Sentences outside links weigh by their length. A walk goes from the root into the child that has
    most of them, unless there are others before it: a standfirst may stand in a box of its own.
    """
    weights = _weigh(soup, rules)
    part: Tag = soup
    for name in ("article", "main"):
        found = [tag for tag in soup.find_all(name) if id(tag) in weights]
        heaviest = max(found, key=lambda tag: weights[id(tag)].sentences, default=soup)
        if weights[id(heaviest)].sentences > _HALF * weights[id(soup)].sentences:
            part = heaviest
            break
    while True:
        child = _next_part(part, weights)
        if child is None:
            return part
        part = child


def _weigh(soup: BeautifulSoup, rules: Rules) -> _Weights:
    weights: dict[int, _Weight] = {}
    stack: list[tuple[Tag, bool, bool]] = [(soup, False, False)]
    order: list[Tag] = []
    while stack:
        tag, is_linked, is_heading = stack.pop()
        order.append(tag)
        weight = weights[id(tag)] = _Weight()
        for child in tag.contents:
            if type(child) is NavigableString:
                if is_linked or is_heading:
                    weight.links += len(child.strip())
                elif _is_sentence(child) and rules.line(clean(child)) is None:
                    weight.sentences += len(child)
            elif isinstance(child, Tag) and not _is_furniture(child, rules):
                in_heading = child.name in _HEADINGS or (is_heading and child.name != "p")
                stack.append((child, is_linked or child.name in _LINKS, in_heading))
    for tag in reversed(order):  # children come after their parents
        if tag.parent is not None:
            weights[id(tag.parent)].add(weights[id(tag)])
    return weights


def _is_sentence(text: str) -> bool:
    length = len(text)
    if length < _CJK_SENTENCE_CHARS or _SENTENCE.search(text) is None:
        return False
    return length >= _SENTENCE_CHARS or _CJK.search(text) is not None


def _is_furniture(tag: Tag, rules: Rules) -> bool:
    if tag.name in _STRUCTURE:
        return False
    told: dict[str, Any] = tag.attrs
    if rules.element(tag.name, told.get("class"), told.get("id"), None) is None:
        return False
    # Whatever its class says: the box with the page's main part is no furniture.
    return tag.name in _NEVER_PAGE or tag.find("main") is None


def _next_part(part: Tag, weights: _Weights) -> Tag | None:
    """Return the child to go into, or None where the article begins."""
    total = weights[id(part)].sentences
    children = [child for child in part.contents if isinstance(child, Tag) and id(child) in weights]
    heaviest = max(children, key=lambda child: weights[id(child)].sentences, default=None)
    if heaviest is None or heaviest.name not in _CONTAINERS:
        return None
    share = weights[id(heaviest)].sentences / max(total, 1)
    place = next(number for number, child in enumerate(children) if child is heaviest)
    before, after = children[:place], children[place + 1 :]
    if share <= _HALF:
        return None
    if heaviest.name in _STRUCTURE:
        return heaviest if share > _MOST else None
    is_first = not any(weights[id(child)].sentences for child in before)
    is_all = share > _MOST or all(weights[id(child)].is_menu for child in after)
    return heaviest if is_first and is_all else None
