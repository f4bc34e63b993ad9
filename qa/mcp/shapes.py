"""What the tools take and give: the schemas that clients see are made from these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.checking.marks import LONGEST
from qa.checking.verdicts import Edit, Touched, Verdict

MOST_QUOTES = 50
_Day = Annotated[str, Field(max_length=100, examples=["2022", "2022-05", "2022-05-12"])]
_Name = Annotated[str, Field(max_length=200)]
_Span = Annotated[list[int], Field(description="First character, and one past the last.")]


class Arguments(BaseModel):
    """What a tool takes; what it does not know is an error."""

    model_config = ConfigDict(extra="forbid")


class Search(Arguments):
    """What ``search`` takes: a single string, as deep-research clients require."""

    query: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2000,
            description="A question, a name or keywords, in any of the languages.",
        ),
    ]


class Fetch(Arguments):
    """What ``fetch`` takes: a single string, as deep-research clients require."""

    id: Annotated[str, Field(max_length=200, description="An id that search has given.")]


class Ask(Arguments):
    """What ``ask`` takes."""

    question: Annotated[
        str, Field(min_length=1, max_length=2000, description="In Chinese, English or Russian.")
    ]
    since: Annotated[_Day | None, Field(description="Published on or after.")] = None
    until: Annotated[_Day | None, Field(description="Published on or before.")] = None
    source: Annotated[_Name | None, Field(description="Only this source; see sources.")] = None
    language: Annotated[
        Literal["zh", "en", "ru"] | None, Field(description="Only passages in this language.")
    ] = None
    k: Annotated[int, Field(ge=1, le=MOST_QUOTES, description="Quotes at most.")] = 5
    offset: Annotated[
        int, Field(ge=0, le=1000, description="Quotes to skip: next_offset of the page before.")
    ] = 0


class VerifyQuote(Arguments):
    """What ``verify_quote`` takes."""

    text: Annotated[
        str, Field(min_length=1, max_length=LONGEST, description="The quotation, word for word.")
    ]
    source: Annotated[_Name | None, Field(description="The source that it is said to be from.")] = (
        None
    )
    author: Annotated[_Name | None, Field(description="Who is said to say or write it.")] = None
    date: Annotated[_Day | None, Field(description="When it is said to be published.")] = None


class Sources(Arguments):
    """What ``sources`` takes."""

    offset: Annotated[
        int, Field(ge=0, description="Sources to skip: next_offset of the page before.")
    ] = 0


class Result(BaseModel):
    """An article that was found."""

    id: str
    title: str
    url: str


class SearchResults(BaseModel):
    """What ``search`` gives."""

    results: list[Result] = Field(description="Articles, best first.")


class Document(BaseModel):
    """What ``fetch`` gives."""

    id: str
    title: str
    text: str = Field(description="The article's whole extracted text.")
    url: str
    metadata: dict[str, str] = Field(description="source, author, date, language, sha256.")


class ArticleShape(BaseModel):
    """Where words stand."""

    id: str = Field(description="For fetch, and for the resource article://ID.")
    title: str
    source: str | None
    author: str | None
    date: str | None = Field(description="ISO 8601, with the offset of its time zone.")
    language: str
    url: str
    truncated: bool = Field(description="The archive holds only the beginning of the article.")
    title_only: bool = Field(description="The archive holds no text of the article but its title.")


class QuoteShape(BaseModel):
    """A quote, word for word: ``article_text[start:end] == text``."""

    text: str
    highlights: list[_Span] = Field(description="Spans of the text: the sentences that answer.")
    answer: _Span | None = Field(description="Span of the very words that answer.")
    score: float = Field(ge=0, le=1)
    paragraphs: list[int]
    start: int
    end: int
    article: ArticleShape
    also: list[ArticleShape] = Field(description="Further articles that carry the same words.")


class AnswerShape(BaseModel):
    """What ``ask`` gives."""

    answered: bool = Field(description="False when nothing in the archive answers.")
    quotes: list[QuoteShape]
    near: list[QuoteShape] = Field(
        description="When nothing answers: what comes closest, and does not."
    )
    titles: list[ArticleShape] = Field(
        description="Articles found by their titles, of which the archive has nothing to quote."
    )
    interpreted: dict[str, Any] = Field(description="How the question was understood.")
    next_offset: int | None = Field(description="For more quotes; null when there are no more.")


class ChangeShape(BaseModel):
    """A run of a word-by-word difference."""

    edit: Edit
    quoted: str
    archived: str
    touches: Touched | None


class PlaceShape(BaseModel):
    """Where a quotation, or a part of it, stands."""

    text: str = Field(description="The archive's own words.")
    paragraphs: list[int]
    start: int = Field(description="In the article's text, or in its title.")
    end: int
    quoted: _Span = Field(description="The span of the quotation that stands here.")
    difference: list[ChangeShape]
    speaker: str | None
    in_title: bool = Field(description="It stands in the article's title, not in its text.")
    article: ArticleShape


class CheckShape(BaseModel):
    """What ``verify_quote`` gives."""

    verdict: Verdict
    places: list[PlaceShape]
    also: list[ArticleShape] = Field(description="Further articles that carry the same words.")


class SourceShape(BaseModel):
    """What the archive holds of a source."""

    name: str = Field(description="As ask and verify_quote take it.")
    articles: int
    first: str | None = Field(description="Day of its first article.")
    last: str | None = Field(description="Day of its last article.")


class SourcesShape(BaseModel):
    """What ``sources`` gives, those with the most articles first."""

    sources: list[SourceShape]
    total: int
    next_offset: int | None = Field(description="For more sources; null when there are no more.")
