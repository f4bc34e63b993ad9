"""``newsquote serve``: the page and the HTTP API."""

import argparse
import gc
import logging
import sys
import urllib.error
import urllib.request
from functools import partial

from config.settings import ServeSettings, Settings
from index.errors import NewsquoteError
from qa.opening import open_service
from qa.web.workers import share_of, shared_folder, split

_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
"""Where a server that listens everywhere is reached from its own machine."""

_HEALTH_S = 5.0

_WARMING = "What has been said?"

_YOUNG_OBJECTS = 10_000
"""New objects after which they are looked at for garbage, instead of Python's 700."""

logger = logging.getLogger(__name__)


class ExtraMissing(NewsquoteError):
    """The libraries of the extra are not installed."""


class NotWell(NewsquoteError):
    """The running server does not answer as it should."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped by a signal.

    :raises ExtraMissing: if newsquote was installed without the extra ``web``.
    :raises CannotListen: if the port is taken.
    """
    settings = settings.with_flags(
        index={"dir": args.index}, serve={"host": args.host, "port": args.port}
    )
    if args.health:
        return _health(settings.serve)
    serving = settings.serve
    shared = shared_folder() if serving.workers > 1 else None
    try:
        # Imported here: the extra may be missing, and that is to be said in a sentence.
        from qa.web.app import create_app  # noqa: PLC0415 - see above
        from qa.web.server import announce, listen, serve  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"the page needs the package {error.name!r}: pip install 'newsquote[web]'"
        ) from error
    set_up_logging(settings)
    _warn_if_open(serving)
    with listen(serving.host, serving.port) as listening:
        ready = partial(announce, listening)
        worker = split(serving.workers, shared, ready) if shared else None
        if isinstance(worker, int):
            return worker
        serving = share_of(serving)
        with open_service(settings) as service:
            service.answer(_WARMING)  # opens what is opened when it is first needed: the reader
            _settle_memory()
            app = create_app(service, serving, shared)
            if worker:
                serve(app, serving, listening, worker.tell_ready, worker.watched)
            else:
                serve(app, serving, listening, ready)
    return 0


def _settle_memory() -> None:
    """Let the collector of garbage pass over what stays until the end, and look at the rest less often.

    An answer makes thousands of objects, nearly all of which go without it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


def set_up_logging(settings: Settings) -> None:
    """Log what is asked for; of the libraries only what is wrong."""
    level = settings.log.level.upper()
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines() if settings.serve.log_format == "json" else logging.Formatter(form)
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object: time, level, logger, message and, after an error, its trace."""
        import json  # noqa: PLC0415 - one setting in two wants it

        line = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _health(settings: ServeSettings) -> int:
    """Ask the running server how it is.

    :raises NotWell: if it does not answer, or has no archive to answer from.
    """
    host = _HERE.get(settings.host, settings.host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/health"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is this machine
    try:
        with opener.open(url, timeout=_HEALTH_S) as response:
            print(response.read().decode().strip())  # noqa: T201 - the command line prints
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise NotWell(f"the server is not well at {url}: {error}") from None
    return 0


def _warn_if_open(settings: ServeSettings) -> None:
    if settings.host in _HERE and not settings.require_key:
        logger.warning(
            "everybody who reaches %s may ask; serve.require_key = true closes the API",
            settings.host,
        )
