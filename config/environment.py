"""Settings from the environment and ``.env``, over those from the files."""

from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.keys import ENV_DELIMITER, ENV_FILE, ENV_PREFIX, from_environment, reject_unknown
from config.settings import Settings


class EnvironmentSettings(BaseSettings, Settings):
    """All settings, read where any may be set by a variable."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter=ENV_DELIMITER, env_file=ENV_FILE
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the library's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over ``.env`` over what ``load_settings`` read from the files."""
        if isinstance(dotenv_settings, DotEnvSettingsSource):
            reject_unknown(from_environment(dotenv_settings.env_vars), ".env")
        return env_settings, dotenv_settings, init_settings
