"""From the settings to the archive whose index they name.

Apart from ``qa.opening``: a question does not pay for what only a build needs.
"""

from zoneinfo import ZoneInfo

from config.loading import default_settings
from config.settings import Settings
from index.articles.files import Reading
from index.building.archive import Archive
from index.building.events import Listener, silent
from index.building.options import Options
from index.parts.vectors import Growth
from qa.opening import encoder_choice, engine_choice


def archive_of(settings: Settings, say: Listener = silent) -> Archive:
    """Return the archive whose index the settings name; nothing is opened yet.

    :param say: told how its calls get on.
    """
    return Archive(
        settings.index.dir,
        encoder_choice(settings),
        options_of(settings),
        settings.archive.paths,
        say,
        unset=settings.archive.paths == default_settings().archive.paths,
        engine=engine_choice(settings),
    )


def reading_of(settings: Settings) -> Reading:
    """Return how the settings want files read."""
    extract = settings.extract
    return Reading(
        max_bytes=extract.max_bytes,
        workers=extract.workers,
        seconds=extract.timeout,
        memory=extract.max_memory,
        zone=ZoneInfo(extract.timezone) if extract.timezone else None,
        suffixes=extract.suffixes,
    )


def options_of(settings: Settings) -> Options:
    """Return how the settings want an archive read and written."""
    return Options(
        reading=reading_of(settings),
        target_chars=settings.passages.target_chars,
        keep=settings.index.keep_generations,
        dead_share=settings.index.dead_share,
        growth=Growth(settings.index.exact_passages, settings.index.retrain_factor),
    )
