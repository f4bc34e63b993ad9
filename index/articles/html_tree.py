"""HTML -> Beautiful Soup's tree of it, in a quarter of the usual time.

Beautiful Soup's own builder for lxml serves XML, namespaces, filters and several encodings too; its
steps for each tag and text were most of what it took to read an article. Here are those that HTML
needs. The tree is the same, node by node and link by link: a test compares them.
"""

from collections import deque
from functools import cache
from typing import Any, cast

from bs4 import BeautifulSoup, Tag
from bs4.builder import HTMLTreeBuilder, ParserRejectedMarkup
from bs4.element import (
    AttributeValueList,
    Comment,
    Doctype,
    NavigableString,
    PageElement,
    ProcessingInstruction,
)
from lxml import etree

from index.text.whitespace import LINE_BREAK, clean

_VOID = frozenset(HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or ())
_AS_IT_STANDS = frozenset(HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS)
_KIND_INSIDE = HTMLTreeBuilder.DEFAULT_STRING_CONTAINERS
_SPECIAL = _AS_IT_STANDS | _KIND_INSIDE.keys()


def parse(markup: str) -> BeautifulSoup:
    """Return the tree of an HTML document, or of a part of one.

    Every attribute is one string, ``class`` too; nothing is made of names with colons or braces.

    :raises ParserRejectedMarkup: if lxml cannot read it.
    """
    markup = markup.removeprefix("\N{BYTE ORDER MARK}")
    return BeautifulSoup(markup, builder=_Builder(multi_valued_attributes={}))


def text_of(tag: Tag | None) -> str:
    """Return the text of an element on one line, where a ``<br>`` is a space; "" if there is none."""
    if tag is None:
        return ""
    if tag.find("br") is None:
        return clean(tag.get_text())
    pieces = (
        LINE_BREAK if isinstance(node, Tag) else node
        for node in tag.descendants
        if type(node) is NavigableString or (isinstance(node, Tag) and node.name == "br")
    )
    return clean("".join(pieces))


class _Element(Tag):
    """A ``Tag`` that keeps with the class what is the same for all elements of HTML."""

    parser_class = BeautifulSoup
    namespace = prefix = sourceline = sourcepos = None
    next_element = next_sibling = previous_sibling = None
    hidden = known_xml = can_be_empty_element = False
    preserve_whitespace_tags = HTMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    attribute_value_list_class = AttributeValueList
    cdata_list_attributes: dict[str, set[str]] = {}  # noqa: RUF012 - as in Tag; nobody writes it
    _namespaces: dict[str, str] = {}  # noqa: RUF012 - likewise

    def __init__(
        self, name: str, attributes: dict[str, Any], parent: Tag, previous: PageElement | None
    ) -> None:
        self.name = name
        self.attrs = attributes
        self.contents = []
        _link(self, parent, previous)
        if name in _VOID:
            self.can_be_empty_element = True
        elif name in _KIND_INSIDE:
            self.interesting_string_types = {_KIND_INSIDE[name]}


def _link(node: PageElement, parent: Tag, previous: PageElement | None) -> None:
    """Hang a node behind the last child of an element."""
    node.parent = parent
    node.previous_element = previous
    if previous is not None:
        previous.next_element = node
    siblings = parent.contents
    if siblings:
        node.previous_sibling = siblings[-1]
        siblings[-1].next_sibling = node
    siblings.append(node)


class _Events:
    """What lxml's parser reports, made into a tree; elements close in order, the innermost first.

    :ivar data: called with each run of text.
    """

    _parent: Tag
    _last: PageElement | None

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._kinds: list[type[NavigableString]] = []
        self._as_it_stands = 0
        self.data = self._pieces.append

    def begin(self, soup: BeautifulSoup) -> None:
        """Take the root of a new tree."""
        self._parent = soup
        self._last = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element; its attributes, if there are any, come in a dictionary of their own."""
        if self._pieces:
            self._end_text()
        element = _Element(name, attributes or {}, self._parent, self._last)
        self._parent = self._last = element
        if name in _KIND_INSIDE:
            self._kinds.append(_KIND_INSIDE[name])
        elif name in _AS_IT_STANDS:
            self._as_it_stands += 1

    def end(self, name: str) -> None:
        """Close the innermost element."""
        if self._pieces:
            self._end_text()
        parent = self._parent.parent
        if parent is not None:
            self._parent = parent
        if name in _SPECIAL:
            if name in _KIND_INSIDE:
                self._kinds.pop()
            else:
                self._as_it_stands -= 1

    def comment(self, text: str) -> None:
        """Add a comment."""
        self._add(text, Comment)

    def pi(self, target: str, text: str | None) -> None:
        """Add a processing instruction."""
        self._add(f"{target} {text or ''}", ProcessingInstruction)

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Add a document type."""
        self._add(Doctype.for_name_and_ids(name, public, system), Doctype)

    def close(self) -> None:
        """End the tree and let go of it."""
        if self._pieces:
            self._end_text()
        del self._parent, self._last

    def _add(self, text: str, kind: type[NavigableString]) -> None:
        if self._pieces:
            self._end_text()
        self._pieces.append(text)
        self._end_text(kind)

    def _end_text(self, kind: type[NavigableString] | None = None) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if not self._as_it_stands and not text.strip(BeautifulSoup.ASCII_SPACES):
            text = "\n" if "\n" in text else " "
        if kind is None:
            kind = self._kinds[-1] if self._kinds else NavigableString
        node = str.__new__(kind, text)  # their own way is several times longer
        node.hidden = False
        node.next_element = node.next_sibling = node.previous_sibling = None
        _link(node, self._parent, self._last)
        self._last = node


class _Builder(HTMLTreeBuilder):
    """What Beautiful Soup asks for the tree of a text."""

    def feed(self, markup: str | bytes) -> None:
        """Parse a document into the tree of ``self.soup``.

        :raises ParserRejectedMarkup: if lxml cannot read it.
        """
        resting = _resting_parsers()
        try:
            events, parser = resting.pop()
        except IndexError:
            events = _Events()
            parser = etree.HTMLParser(target=events)
        events.begin(cast("BeautifulSoup", self.soup))
        try:
            parser.feed(markup)
            parser.close()  # which calls ``events.close``
        except (UnicodeDecodeError, LookupError, etree.ParserError) as error:
            raise ParserRejectedMarkup(error) from error
        resting.append((events, parser))


@cache
def _resting_parsers() -> deque[tuple[_Events, Any]]:
    """Return the parsers that are in no use: to make one takes as long as to parse a page.

    One that failed does not come back.
    """
    return deque()
