"""The shape of the page's sentences: one ``Texts`` a language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The page's sentences in one language; ``{...}`` is filled in where it is shown.

    :ivar code: IETF tag of the language.
    :ivar name: the language, in itself.
    :ivar languages: names of the languages that passages may be asked for in.
    :ivar verdicts: what may be found of a quotation: its name, and what it means.
    """

    code: str
    name: str
    # Every page.
    tagline: str
    to_content: str
    home: str
    check: str
    sources: str
    promise: str
    page_language: str
    as_json: str
    # The box.
    question: str
    example: str
    ask: str
    narrow: str
    since: str
    until: str
    date_hint: str
    source: str
    language: str
    anything: str
    languages: Mapping[str, str]
    archive_has: str
    # An answer.
    answer_to: str
    small_talk: str
    nothing_found: str
    nothing_more: str
    near_misses: str
    mention: str
    preferred: str
    widened: str
    nearest: str
    archive: str
    more: str
    feed: str
    also: str
    truncated: str
    title_only: str
    only_a_title: str
    no_date: str
    original: str
    copy: str
    copied: str
    cite: str
    # Ways to narrow it down.
    facets: str
    by_source: str
    by_year: str
    by_language: str
    lift: str
    # Over time.
    timeline: str
    timeline_says: str
    # An article.
    author: str
    published: str
    file: str
    quoted_here: str
    # The check of a quotation.
    check_title: str
    check_says: str
    quotation: str
    said_in: str
    said_by: str
    check_button: str
    verdicts: Mapping[str, tuple[str, str]]
    nearest_passage: str
    in_title: str
    taken_out: str
    put_in: str
    # What goes wrong.
    wrong_request: str
    not_found: str
    too_often: str
    busy: str
    failed: str
