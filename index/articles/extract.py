"""The text of an article file -> its title, metadata and paragraphs. Pure; no file is touched.

The stages follow the order in which a careful reader works. What a caption or a credit line looks
like is data, in ``index.articles.furniture``; so is how an archive's files begin, in ``families``.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import cache
from itertools import takewhile
from pathlib import PurePath

from bs4 import BeautifulSoup

from index.articles.families import FAMILIES, Family, take_opening
from index.articles.front_matter import FrontMatter, split_front_matter
from index.articles.furniture import Rules
from index.articles.html_tree import parse, text_of
from index.articles.lines import Block, read_blocks
from index.articles.main_part import main_part
from index.articles.markdown import rendered
from index.articles.metadata import LONGEST_TITLE, Metadata, read_metadata, stem_of, with_origin
from index.articles.opening import take_labelled
from index.articles.origin import said_of_origin
from index.articles.pages import page_fields
from index.articles.shapes import is_finished, is_heading
from index.articles.sift import sift
from index.text.dates import date_in_name
from index.text.language import language
from index.types import Paragraph

_ESCAPED_TAG = re.compile(r"&lt;(?:p|div|section|span)\b", re.IGNORECASE)
_BEFORE_SITE = ("", *"-–—_|｜·")
_TAG_OR_TEXT = re.compile(r"<[a-zA-Z/!][^<>]*>|[^<]+|<")
_HTML = re.compile(
    r"\s*+(?:<!--.*?-->\s*)?<(?:!doctype|html|head|body|div|article|main|section|header|p|table|ul|ol"
    r"|figure|blockquote|h[1-6]|br|center)\b",
    re.IGNORECASE | re.DOTALL,
)
_FIRST_BOX = re.compile(r"\s*+<(figure|center|p|blockquote|h[1-6])\b")
_TEXT_BEHIND = re.compile(r"[ \t]*\n[ \t]*\n(?=[^\s<])")
_BLANK_BEFORE_BLOCK = re.compile(
    r"\n(?<!\s\n)\s*+(?=</?(?:div|p|section|article|header|footer|figure|figcaption|ul|ol|li|h[1-6]|blockquote)\b)"
)
"""White space that no reader sees, a third of the nodes of pretty-printed HTML."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a file's text yields. See ``index.types`` for the fields.

    :ivar title_only: there is no paragraph, and the head gives the title.
    """

    metadata: Metadata
    title: str
    language: str
    paragraphs: tuple[Paragraph, ...]
    truncated: bool
    title_only: bool = False


@cache
def default_rules() -> Rules:
    """Return the rule table of ``index.articles.furniture``, made ready once."""
    return Rules()


def extract(
    text: str,
    name: str,
    rules: Rules | None = None,
    families: Sequence[Family] = FAMILIES,
    zone: tzinfo | None = None,
) -> Extraction:
    """Return the article in a file's text, as a careful reader would copy it out.

    :param name: the file's name, with that of its folder where it is called ``index``; it is the
        title if the text has none, its suffix tells plain text from Markdown where there is no HTML.
    :param rules: what is no part of an article, if not the table of ``furniture``.
    :param families: how files begin; the last has no marks.
    :param zone: in which days are told; None = as they are written.
    :raises ArticleError: if the front matter cannot be read.
    """
    rules = rules or default_rules()
    # 1. The head, and the archive's own lines under it: a timestamp, a link, a rule (R11).
    front = split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"), name)
    front = take_labelled(take_opening(front, families))
    # 2. HTML that was escaped once (R6); Markdown and plain text become HTML.
    is_html = _is_html(front.body, name)
    body = _unescaped(front.body) if is_html else rendered(front.body, name)
    # 3. One parse, by Beautiful Soup.
    soup = parse(_BLANK_BEFORE_BLOCK.sub("", body))
    # 4. The lines a reader sees (R7 to R9), without elements that are no text (R11, R12).
    bare = not front.fields
    main = main_part(soup, rules) if bare and is_html else soup
    blocks, applied = read_blocks(main, rules)
    # 5. What the head says (R1 to R5); without one, what the page says of itself.
    head = FrontMatter(page_fields(soup, blocks), "") if bare else front
    metadata = read_metadata(head, name, families, zone)
    title = (
        metadata.title or _heading_above(blocks, bare=bare) or _only_heading(soup) or stem_of(name)
    )
    title = title[:LONGEST_TITLE]
    # 6. Where the text says it is from (R4, R5).
    said = said_of_origin(blocks, main, title)
    metadata = with_origin(metadata, said)
    if metadata.date is None and (day := date_in_name(title, zone or UTC)):
        metadata = replace(metadata, date=day)
    blocks = [block for number, block in enumerate(blocks) if number not in said.lines]
    # 7. Lines that are no paragraphs (R10 to R15, R17).
    blocks, dropped = sift(
        blocks,
        rules,
        is_page=bare and is_html,
        is_markdown=not is_html,
        author=metadata.author,
        source=metadata.source,
    )
    # 8. Headings move to the paragraphs under them (R10); the title is not repeated (R16).
    paragraphs = _paragraphs(blocks, title)
    sample = "\n".join([title, *(paragraph.text for paragraph in paragraphs[:20])])
    truncated = any(rule.kind == "paywall" for rule in applied | dropped)
    tongue = language(sample, told=metadata.language)
    title_only = not (paragraphs or bare) and metadata.title is not None
    return Extraction(metadata, title, tongue, paragraphs, truncated, title_only)


def _is_html(body: str, name: str) -> bool:
    if PurePath(name).suffix.lower() in {".html", ".htm"}:
        return True
    return _HTML.match(body) is not None and not _is_above_markdown(body)


def _is_above_markdown(body: str) -> bool:
    """Whether the HTML that a text begins with is one box, as of a picture, above Markdown."""
    box = _FIRST_BOX.match(body)
    if box is None:
        return False
    closing = f"</{box[1]}>"
    end = body.find(closing, box.end())
    return end >= 0 and _TEXT_BEHIND.match(body, end + len(closing)) is not None


def _unescaped(body: str) -> str:
    """Undo one escaping where the mirror escaped the paragraphs (R6).

    An article about HTML may mention escaped tags; it has more real paragraphs than those. Real
    tags keep their attributes as they are.
    """
    if "&lt;" not in body:
        return body
    if len(_ESCAPED_TAG.findall(body)) <= body.count("<p>") + body.count("<p "):
        return body
    return _TAG_OR_TEXT.sub(_unescape_text, body)


def _unescape_text(match: re.Match[str]) -> str:
    piece = match[0]
    return piece if piece.startswith("<") else html.unescape(piece)


def _heading_above(blocks: Sequence[Block], *, bare: bool) -> str | None:
    """Return the heading above the text (R1).

    Where there is a head, or several headings are alike, one below the first level is of a section.
    """
    above = takewhile(lambda block: not is_finished(block) or block.is_heading, blocks)
    first = next((block.text for block in above if block.tag == "h1"), None)
    if first is not None or not bare or not blocks or not blocks[0].is_heading:
        return first
    alike = sum(block.tag == blocks[0].tag for block in blocks)
    return blocks[0].text if alike == 1 else None


def _only_heading(soup: BeautifulSoup) -> str | None:
    """Return the title that stands in an element of the page's, above the article."""
    header = soup.find("header")
    found = header.find_all("h1", limit=2) if header is not None else []
    return (text_of(found[0]) or None) if len(found) == 1 else None


def _paragraphs(blocks: list[Block], title: str) -> tuple[Paragraph, ...]:
    """Hang the paragraphs under their headings; a line that only repeats the title is neither."""
    paragraphs: list[Paragraph] = []
    heading: str | None = None
    for block in blocks:
        if not paragraphs and _repeats(block.text, title):
            continue
        if is_heading(block):
            heading = block.text
        else:
            paragraphs.append(Paragraph(block.text, heading))
    return tuple(paragraphs)


def _repeats(text: str, title: str) -> bool:
    """Whether a line is the title, with or without the site's name behind it, or a rubric before it."""
    line, whole = _squashed(text), _squashed(title)
    if line.endswith(whole) and line[: -len(whole)].endswith(("|", "｜")):
        return len(line) < 2 * len(whole)
    return whole.startswith(line) and whole[len(line) : len(line) + 1] in _BEFORE_SITE


def _squashed(text: str) -> str:
    return "".join(text.split())
