"""The shapes of what the API takes and gives, from which OpenAPI is written."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.web.asking import MOST_QUOTES

Span = Annotated[
    list[int], Field(min_length=2, max_length=2, description="First character, one past the last.")
]


class ArticleCard(BaseModel):
    """Where a quote is from."""

    id: str = Field(description="SHA-256 of the article's file: its name in /api/articles/{id}.")
    title: str
    source: str | None
    author: str | None
    date: str | None = Field(description="ISO 8601, with the offset of its time zone.")
    url: str | None
    path: str = Field(description="The file, as it lies in the archive.")
    sha256: str
    language: str = Field(description='"zh-Hans", "zh-Hant", "en", "ru" or "und".')
    truncated: bool = Field(description="The file holds only the beginning of the article.")
    title_only: bool = Field(description="The file holds no text but the title.")


class QuoteShape(BaseModel):
    """A passage, word for word: ``article_text[start:end] == text``."""

    n: int
    text: str
    highlights: list[Span] = Field(description="Spans of the text: the sentence that answers.")
    answer: Span | None = Field(description="Span of the very words that answer.")
    score: float = Field(ge=0, le=1)
    passage_id: int
    paragraphs: list[int]
    start: int
    end: int
    article: ArticleCard
    also: list[ArticleCard] = Field(description="Further articles with the same words.")
    page: str = Field(description="Path of the article on this site, with the quote marked.")
    original: str | None = Field(description="Where it was published, with a text fragment.")


class FacetShape(BaseModel):
    """A value to narrow by, and how many of the articles that stand out have it."""

    value: str
    articles: int


class MentionShape(BaseModel):
    """A name in a question that nothing answers, and how many articles have it."""

    name: str
    articles: int
    more: bool


class AnswerShape(BaseModel):
    """What the archive says; ``answered`` is false when nothing in it answers."""

    question: str
    answered: bool
    quotes: list[QuoteShape]
    near: list[QuoteShape] = Field(description="What comes closest, when nothing answers.")
    score: float
    mention: MentionShape | None
    titles: list[ArticleCard] = Field(
        description="Articles found by their titles, of which the archive has nothing to quote."
    )
    interpreted: dict[str, Any] = Field(description="How the question was understood.")
    elapsed_ms: float
    facets: dict[str, list[FacetShape]]


class Question(BaseModel):
    """A question with what it is narrowed to."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Annotated[str, Field(min_length=1, description="In Chinese, English or Russian.")]
    since: Annotated[
        str, Field(description="Published on or after: 2021, 2021-12, 2021-12-03.")
    ] = ""
    until: Annotated[str, Field(description="Published on or before.")] = ""
    source: Annotated[str, Field(description="Only from this source.")] = ""
    language: Literal["", "zh", "en", "ru"] = ""
    k: Annotated[int | None, Field(ge=1, le=MOST_QUOTES, description="Quotes at most.")] = None
    near: Annotated[bool, Field(description="Add what comes closest when nothing answers.")] = True


class ChangeShape(BaseModel):
    """One run of a word-by-word difference between a quotation and the archive."""

    edit: Literal["same", "replaced", "left_out", "added"]
    quoted: str
    archived: str
    touches: Literal["number", "negation", "name", "words"] | None


class PlaceShape(BaseModel):
    """Where a quotation, or a part of it, stands."""

    text: str
    paragraphs: list[int]
    start: int = Field(description="In the article's text, or in its title.")
    end: int
    quoted: Span = Field(description="Span of the quotation that stands here.")
    difference: list[ChangeShape]
    speaker: str | None
    in_title: bool = Field(description="It stands in the article's title, not in its text.")
    article: ArticleCard
    page: str


class ClaimShape(BaseModel):
    """Where a quotation is said to be from."""

    source: str | None
    author: str | None
    since: str | None
    until: str | None


class CheckShape(BaseModel):
    """What the archive says of one quotation."""

    quotation: str
    start: int = Field(description="Of the quotation in the text.")
    end: int
    verdict: Literal["verified", "altered", "stitched", "misattributed", "not_found"]
    places: list[PlaceShape]
    also: list[ArticleCard]
    claim: ClaimShape | None
    elapsed_ms: float


class ChecksShape(BaseModel):
    """What the archive says of each quotation, in the order of the text."""

    verified: bool = Field(description="All of them are.")
    checks: list[CheckShape]


class ToCheckShape(BaseModel):
    """A quotation, or a text with quotations in it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(description="Where it is said to be from.")] = ""
    author: Annotated[str, Field(description="Who is said to say or write it.")] = ""
    date: Annotated[str, Field(description="When it is said to be published.")] = ""
    each: Annotated[
        bool | None,
        Field(
            description="Check what stands in quotation marks (true) or the text itself (false); "
            "null = what stands in marks, unless nothing or all of it does."
        ),
    ] = None


class FoundPassage(BaseModel):
    """A passage that was considered for a question."""

    text: str
    score: float = Field(ge=0, le=1, description="How well it answers.")
    paragraphs: list[int]
    start: int
    end: int
    article: ArticleCard
    page: str


class FoundPassages(BaseModel):
    """Passages, best first."""

    question: str
    total: int = Field(description="Passages that were considered.")
    offset: int
    passages: list[FoundPassage]


class ArticleShape(ArticleCard):
    """An article as it was extracted."""

    text: str = Field(description="All paragraphs, joined by line breaks.")
    paragraphs: list[str]


class SourceShape(BaseModel):
    """What the archive holds of a source."""

    name: str
    articles: int
    first: str | None = Field(description="Day of the first article, YYYY-MM-DD.")
    last: str | None = Field(description="Day of the last article.")


class SourcesShape(BaseModel):
    """The archive's sources, those with the most articles first."""

    sources: list[SourceShape]


class StatusShape(BaseModel):
    """What is in the index that answers."""

    generation: str
    created: str
    articles: int
    passages: int
    encoder: str
    version: str


class HealthShape(BaseModel):
    """The server answers."""

    status: Literal["ok"]


class ModelShape(BaseModel):
    """A model, as chat programs list it."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsShape(BaseModel):
    """The models that can be chosen: one."""

    object: Literal["list"]
    data: list[ModelShape]


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="allow", strict=True)

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """A message; those of the user are questions, all others are left unread."""

    model_config = ConfigDict(extra="allow", strict=True)

    role: str
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream tells besides."""

    model_config = ConfigDict(extra="allow", strict=True)

    include_usage: bool = False


class ChatRequest(BaseModel):
    """What chat programs send; what steers a writing model (``temperature``...) changes nothing here."""

    model_config = ConfigDict(extra="allow", strict=True)

    model: str = "newsquote"
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1000)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None


class ChatChoice(BaseModel):
    """The one answer."""

    index: int
    message: dict[str, Any]
    finish_reason: Literal["stop"]


class ChatCompletion(BaseModel):
    """An answer, as chat programs read it."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: dict[str, int]
