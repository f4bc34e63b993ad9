"""The settings, frozen: a section a subject. Read at the edge; what lies deeper gets plain values."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    ValidationError,
)

from config.keys import SettingsError
from config.places import default_index

Count = Annotated[int, Field(ge=1)]
CountOrAuto = Annotated[int, Field(ge=0)]
UserPath = Annotated[Path, AfterValidator(Path.expanduser)]
IndexPath = Annotated[UserPath, BeforeValidator(lambda given: given or default_index())]


def _today(given: Any) -> Any:
    """Return what "yesterday" counts from: one of two words, or a day."""
    if given in ("clock", "archive") or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise ValueError('expected "clock", "archive" or a day such as "2024-06-30"') from None


def _origin(given: str) -> str:
    """Return an origin: scheme and host, and nothing after them."""
    if not re.fullmatch(r"https?://[^\s/?#@]+/?", given):
        raise ValueError('expected an address such as "https://quotes.example.org"')
    return given.rstrip("/")


def _origin_or_nothing(given: str) -> str:
    return _origin(given) if given else ""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ArchiveSettings(_Section):
    """Where the articles are."""

    paths: tuple[UserPath, ...]
    inbox: str


def _zone(name: str) -> str:
    """Return the name of a time zone, or of none."""
    if name:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                'expected a time zone such as "Asia/Shanghai" or "UTC", or "" for days as they are written'
            ) from None
    return name


def _suffix(suffix: str) -> str:
    if not re.fullmatch(r"\.[^\W_][\w+-]*", suffix):
        raise ValueError('expected the end of a file\'s name, such as ".mdx"')
    return suffix.lower()


class ExtractSettings(_Section):
    """How files are read."""

    max_bytes: Count
    workers: CountOrAuto
    timeout: Annotated[float, Field(gt=0)]
    max_memory: Annotated[int, Field(ge=100_000_000)]
    timezone: Annotated[str, AfterValidator(_zone)]
    suffixes: Annotated[tuple[Annotated[str, AfterValidator(_suffix)], ...], Field(min_length=1)]


class FetchSettings(_Section):
    """Where new articles come from."""

    feeds: tuple[str, ...]
    timeout: Annotated[float, Field(gt=0)]
    max_bytes: Count
    max_redirects: Annotated[int, Field(ge=0)]


class PassageSettings(_Section):
    """How paragraphs become passages."""

    target_chars: Annotated[int, Field(ge=50, le=5000)]


class IndexSettings(_Section):
    """Where the index lies, and what keeps it."""

    dir: IndexPath
    engine: Literal["local", "milvus"]
    keep_generations: Count
    dead_share: Annotated[float, Field(ge=0, le=1)]
    settle_s: Annotated[float, Field(ge=0.1, le=3600)]
    exact_passages: Annotated[int, Field(ge=0)]
    retrain_factor: Annotated[float, Field(ge=1)]


def _uri(given: str) -> str:
    """Return the address of a Milvus server, or a file for milvus-lite."""
    if not given or re.fullmatch(r"https?://\S+", given):
        return given
    if not given.endswith(".db") or "://" in given:
        raise ValueError('expected "http://host:19530", or a file whose name ends in ".db"')
    return str(Path(given).expanduser())


class MilvusSettings(_Section):
    """The server that keeps the index, when index.engine is "milvus"."""

    uri: Annotated[str, AfterValidator(_uri)]
    token: SecretStr
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]
    timeout: Annotated[float, Field(gt=0)]


class EncoderSettings(_Section):
    """Which model turns text into vectors."""

    model: Annotated[str, Field(min_length=1)]
    revision: str
    query_prefix: str
    passage_prefix: str
    max_tokens: CountOrAuto
    batch_size: Count
    device: str


class RetrievalSettings(_Section):
    """How passages are found and ranked."""

    candidates: Annotated[int, Field(ge=1, le=1000)]


class RerankSettings(_Section):
    """The cross-encoder, if any."""

    model: str
    depth: Annotated[int, Field(ge=1, le=100)]


class AnswerSettings(_Section):
    """What is quoted, and when nothing is."""

    quotes: Count
    quotes_per_article: Count
    threshold: Annotated[float, Field(ge=0, le=1)]
    reader: Literal["bundled", "off"]
    today: Annotated[Literal["clock", "archive"] | date, PlainValidator(_today)]


class BotSettings(_Section):
    """The Telegram bot."""

    token: SecretStr
    api_url: str
    state: Path
    quotes: Annotated[int, Field(ge=1, le=3)]
    examples: tuple[str, ...]
    rich_messages: bool
    private: bool
    allowed_users: tuple[int, ...]
    allowed_groups: tuple[int, ...]
    admins: tuple[int, ...]
    user_per_minute: Count
    chat_per_minute: Count
    queue: Count
    queue_per_user: Count
    watches_per_user: Annotated[int, Field(ge=0)]
    watch_every: Count
    digest_hour: Annotated[int, Field(ge=0, le=23)]
    tidy_every: Count
    mode: Literal["polling", "webhook"]
    webhook_url: str
    webhook_listen: str
    webhook_port: Annotated[int, Field(ge=1, le=65535)]
    webhook_token: SecretStr
    webhook_certificate: str
    webhook_key: str
    monitor_port: Annotated[int, Field(ge=0, le=65535)]
    monitor_listen: str
    log_format: Literal["text", "json"]


class ServeSettings(_Section):
    """The page and the HTTP API."""

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=0, le=65535)]
    public_url: Annotated[str, AfterValidator(_origin_or_nothing)]
    hosts: tuple[str, ...]
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...]
    proxies: tuple[str, ...]
    keys: UserPath
    require_key: bool
    address_per_minute: CountOrAuto
    key_per_minute: CountOrAuto
    question_chars: Annotated[int, Field(ge=1, le=10_000)]
    quote_chars: Annotated[int, Field(ge=1, le=1_000_000)]
    max_body: Annotated[int, Field(ge=1000)]
    timeout: Annotated[float, Field(gt=0)]
    head_timeout: Annotated[float, Field(gt=0)]
    send_timeout: Annotated[float, Field(gt=0)]
    workers: Count
    connections: Count
    threads: CountOrAuto
    queue: Count
    log_format: Literal["text", "json"]


class LogSettings(_Section):
    """What is logged."""

    level: Literal["debug", "info", "warning", "error"]


class Settings(_Section):
    """All settings, frozen. ``load_settings`` makes one."""

    archive: ArchiveSettings
    extract: ExtractSettings
    fetch: FetchSettings
    passages: PassageSettings
    index: IndexSettings
    milvus: MilvusSettings
    encoder: EncoderSettings
    retrieval: RetrievalSettings
    rerank: RerankSettings
    answer: AnswerSettings
    bot: BotSettings
    serve: ServeSettings
    log: LogSettings

    def with_flags(self, **sections: Mapping[str, Any]) -> "Settings":
        """Return the settings with values from the command line, which win over all else.

        :param sections: values by section and key; None stands for a flag that was not given.
        :raises SettingsError: for a value that the setting cannot have.
        """
        changed = {}
        for name, flags in sections.items():
            section: BaseModel = getattr(self, name)
            given = {key: value for key, value in flags.items() if value is not None}
            try:
                changed[name] = type(section).model_validate(section.model_dump() | given)
            except ValidationError as error:
                raise SettingsError(explain(error, name)) from error
        return self.model_copy(update=changed)


def explain(error: ValidationError, *section: str) -> str:
    """Name each wrong setting on a line; values stay out of it, since one may be a secret."""
    lines = (
        f"setting {'.'.join(str(part) for part in (*section, *problem['loc']))!r}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)
    )
    return "\n".join(lines)
