"""The settings: defaults, a user file, ``.env``, the environment and flags, in that order.

Read once at the edge of a program; what lies deeper gets plain values.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

DEFAULT_FILE = Path(__file__).with_name("default.toml")
USER_FILE = Path("newsquote.toml")
ENV_FILE = Path(".env")
ENV_PREFIX = "NEWSQUOTE_"
ENV_DELIMITER = "__"

Count = Annotated[int, Field(ge=1)]
CountOrAuto = Annotated[int, Field(ge=0)]
UserPath = Annotated[Path, AfterValidator(Path.expanduser)]


class SettingsError(Exception):
    """A setting is unknown or has a value it cannot have; the message says which and where."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ArchiveSettings(_Section):
    """Where the articles are."""

    paths: tuple[UserPath, ...]
    inbox: str


class ExtractSettings(_Section):
    """How files are read."""

    max_bytes: Count
    workers: CountOrAuto


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
    """Where the index lies."""

    dir: UserPath
    keep_generations: Count
    dead_share: Annotated[float, Field(ge=0, le=1)]
    settle_s: Annotated[float, Field(ge=0.1, le=3600)]
    exact_passages: Annotated[int, Field(ge=0)]
    retrain_factor: Annotated[float, Field(ge=1)]


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


class BotSettings(_Section):
    """The Telegram bot."""

    token: SecretStr
    api_url: str
    state: Path
    quotes: Annotated[int, Field(ge=1, le=10)]
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
    encoder: EncoderSettings
    retrieval: RetrievalSettings
    rerank: RerankSettings
    answer: AnswerSettings
    bot: BotSettings
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
                raise SettingsError(_explain(error, name)) from error
        return self.model_copy(update=changed)


def load_settings(user_file: Path | None = None) -> Settings:
    """Read the settings.

    :param user_file: a file that must exist; None reads ``newsquote.toml`` here if there is one.
    :raises SettingsError: for an unknown key, a wrong value or an unreadable file.
    """
    values = _read_toml(DEFAULT_FILE)
    if user_file is None and USER_FILE.is_file():
        user_file = USER_FILE
    if user_file is not None:
        own = _read_toml(user_file)
        reject_unknown((name for name in own if name not in values), str(user_file))
        reject_unknown(_dotted(own), str(user_file))
        values = {section: {**keys, **own.get(section, {})} for section, keys in values.items()}
    reject_unknown(from_environment(os.environ), "the environment")
    try:
        if not any(from_environment(os.environ)) and not ENV_FILE.is_file():
            return Settings(**values)
        # Imported when wanted: it takes half the time in which a question is answered.
        from config.environment import EnvironmentSettings  # noqa: PLC0415 - see above

        return EnvironmentSettings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def known_keys() -> tuple[str, ...]:
    """Every setting as ``section.key``, in the order of ``default.toml``."""
    return tuple(_dotted(_read_toml(DEFAULT_FILE)))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise SettingsError(f"cannot read the settings file {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error


def _dotted(values: Mapping[str, Any]) -> Iterable[str]:
    for section, keys in values.items():
        if isinstance(keys, Mapping):
            yield from (f"{section}.{key}" for key in keys)
        else:
            yield section


def from_environment(names: Iterable[str]) -> Iterable[str]:
    """Yield, as ``section.key``, the settings that names of environment variables mean."""
    for name in names:
        if name.upper().startswith(ENV_PREFIX):
            yield name[len(ENV_PREFIX) :].lower().replace(ENV_DELIMITER, ".")


def reject_unknown(keys: Iterable[str], where: str) -> None:
    """Make sure that all keys are settings.

    :raises SettingsError: for the first that is none; the message names the nearest.
    """
    known = known_keys()
    for key in keys:
        if key not in known:
            import difflib  # noqa: PLC0415 - few runs meet an unknown key

            nearest = difflib.get_close_matches(key, known, n=1, cutoff=0)[0]
            raise SettingsError(f"unknown setting {key!r} in {where}; the nearest is {nearest!r}")


def _explain(error: ValidationError, *section: str) -> str:
    """Name each wrong setting on a line; values stay out of it, since one may be a secret."""
    lines = (
        f"setting {'.'.join(str(part) for part in (*section, *problem['loc']))!r}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)
    )
    return "\n".join(lines)
