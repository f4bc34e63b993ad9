"""What is asked of a quotation, and what is found: frozen, one type a stage."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.types import Card
from qa.types import Window

Verdict: TypeAlias = Literal["verified", "altered", "stitched", "misattributed", "not_found"]

VERIFIED: Verdict = "verified"
"""Its words stand in the archive, in this order, and are from where they are said to be from."""

ALTERED: Verdict = "altered"
"""Something like it stands in the archive, in other words."""

STITCHED: Verdict = "stitched"
"""Its parts stand in the archive, but apart."""

MISATTRIBUTED: Verdict = "misattributed"
"""It stands in the archive, but not where, or not said by whom, it is said to be."""

NOT_FOUND: Verdict = "not_found"
"""Nothing like it stands in the archive."""

Edit: TypeAlias = Literal["same", "replaced", "left_out", "added"]
"""What a quotation did to a run of the archive's words."""

Touched: TypeAlias = Literal["number", "negation", "name", "words"]
"""What kind of words a change is about."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that somebody quotes.

    :ivar text: the words, without the marks around them.
    :ivar start: of the words in the text that they were found in.
    :ivar end: one past the last character.
    :ivar before: the text in front of it, as far as its sentence goes; "will not “attack”" quotes
        "will not attack" honestly.
    """

    text: str
    start: int = 0
    end: int = 0
    before: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a quotation is said to be from; None says nothing.

    :ivar source: name of the source, as the archive writes it.
    :ivar window: when the article was published.
    :ivar author: who says or writes it.
    """

    source: str | None = None
    window: Window | None = None
    author: str | None = None

    def __bool__(self) -> bool:
        return any(part is not None for part in (self.source, self.window, self.author))


ANYWHERE = Claim()


@dataclass(frozen=True, slots=True)
class Change:
    """One run of a word-by-word difference between a quotation and the archive.

    :ivar quoted: the quotation's words; empty when they were left out.
    :ivar archived: the archive's words; empty when the quotation added some.
    :ivar touches: what kind of words differ; None for the same words.
    """

    edit: Edit
    quoted: str
    archived: str
    touches: Touched | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation, or a part of it, stands.

    :ivar text: the archive's own words: ``article_text[start:end]``, or ``title[start:end]``.
    :ivar paragraphs: numbers of the article's paragraphs that it touches, from 0; none in a title.
    :ivar start: first character in the article's extracted text, or in its title.
    :ivar end: one past the last character.
    :ivar quoted: the span of the quotation's text that stands here.
    :ivar difference: the quotation against the archive, word by word; one run when nothing differs.
    :ivar speaker: who says it there, as far as the article tells, in its words.
    :ivar in_title: it stands in the article's title, not in its text.
    """

    article: Card
    text: str
    paragraphs: tuple[int, ...]
    start: int
    end: int
    quoted: tuple[int, int]
    difference: tuple[Change, ...] = ()
    speaker: str | None = None
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What the archive says of a quotation.

    :ivar places: where it stands, in the order of its words: one place, or one for each part where an
        ellipsis or a seam lies between. Of an altered one the nearest passage. Of one that was not
        found what comes nearest, or none.
    :ivar also: further articles that carry the same words.
    """

    quotation: Quotation
    claim: Claim
    verdict: Verdict
    places: tuple[Place, ...] = ()
    also: tuple[Card, ...] = ()
    elapsed_ms: float = 0.0

    @property
    def verified(self) -> bool:
        """Whether the quotation is as it should be."""
        return self.verdict == VERIFIED

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs from the archive, in the order of the words."""
        return tuple(
            change for place in self.places for change in place.difference if change.edit != "same"
        )
