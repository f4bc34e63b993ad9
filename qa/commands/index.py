"""``newsquote index``: build, update, status, dedupe, prune, verify."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from config.settings import Settings
from index.articles.files import reports
from index.building.prepare import Prepared
from index.building.update import Options, build_archive, update_archive
from index.encoders.protocol import show_progress
from index.encoders.token_table import TokenTable
from index.errors import IndexMissing, IndexOutdated, NewsquoteError
from index.generations.folders import Manifest, current, read_manifest
from index.parts.vectors import Growth
from index.types import Skipped
from qa.commands.index_contents import add_dedupe, add_prune, add_status, counted
from qa.service import encoder_of

if TYPE_CHECKING:
    from qa.commands.index_contents import Actions

NOTHING_INDEXED = 1
MUST_BE_BUILT_AGAIN = 1

_EVERY_S = 0.5
"""Seconds between two lines of progress."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``index``."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    make = actions.add_parser("build", help="read the articles and make a new index")
    make.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; or archive.paths"
    )
    make.set_defaults(action=_build)
    update = actions.add_parser("update", help="read what has changed since, and nothing else")
    update.add_argument(
        "--watch", action="store_true", help="keep running, and update when files have changed"
    )
    update.set_defaults(action=_update)
    _add_verify(actions)
    for action in (make, update):
        action.add_argument("--encoder", metavar="MODEL", help="'bundled', a folder or a hub name")
    others = (add_status(actions), add_dedupe(actions), add_prune(actions))
    for action in (make, update, *others):
        action.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")


def _add_verify(actions: "Actions") -> None:
    """Add ``index verify``, which is ``verify``."""
    from qa.commands import verify  # noqa: PLC0415 - it imports this module

    parser = actions.add_parser("verify", help="the same as 'newsquote verify'")
    verify.add_arguments(parser)
    parser.set_defaults(action=verify.run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry out the action."""
    status: int = args.action(args, settings.with_flags(index={"dir": args.index}))
    return status


def _build(args: argparse.Namespace, settings: Settings) -> int:
    settings = settings.with_flags(encoder={"model": args.encoder})
    return _build_anew(args.paths or settings.archive.paths, settings)


def _build_anew(paths: list[Path] | tuple[Path, ...], settings: Settings) -> int:
    table = TokenTable.open()
    encoder = encoder_of(settings, table, progress=show_progress)
    began = time.perf_counter()
    progress = Progress(began)
    manifest = build_archive(
        # Absolute, so that sources are found from wherever 'verify' is called.
        [path.absolute() for path in paths],
        settings.index.dir,
        encoder,
        table,
        options(settings),
        report=report,
        progress=progress,
    )
    progress.end()
    sys.stderr.write(_summary(manifest, time.perf_counter() - began))
    return 0 if manifest.articles else NOTHING_INDEXED


def _update(args: argparse.Namespace, settings: Settings) -> int:
    settings = settings.with_flags(encoder={"model": args.encoder})
    try:
        manifest = read_manifest(current(settings.index.dir))
    except IndexMissing:
        status = _build_anew(settings.archive.paths, settings)
        if status or not args.watch:
            return status
        manifest = read_manifest(current(settings.index.dir))
    except IndexOutdated as error:
        print(f"newsquote: {error}", file=sys.stderr)
        return MUST_BE_BUILT_AGAIN
    update = _updater(settings)
    try:
        if not args.watch:
            update()
            return 0
        _watch([Path(path) for path in manifest.paths], update, settings)
    except IndexOutdated as error:
        print(f"newsquote: {error}", file=sys.stderr)
        return MUST_BE_BUILT_AGAIN
    return 0


def _updater(settings: Settings) -> Callable[[], None]:
    """Return a function that updates the index and says what it did; the models stay open."""
    table = TokenTable.open()
    encoder = encoder_of(settings, table, progress=show_progress)

    def update() -> None:
        began = time.perf_counter()
        progress = Progress(began)
        updated = update_archive(
            settings.index.dir,
            encoder,
            table,
            options(settings),
            report=report,
            progress=progress,
        )
        progress.end()
        if updated.changes is None:
            print("nothing has changed; the index is up to date", file=sys.stderr)
            return
        summary = _summary(updated.manifest, time.perf_counter() - began)
        sys.stderr.write(f"{updated.changes}; {summary}")

    return update


def _watch(paths: list[Path], update: Callable[[], None], settings: Settings) -> None:
    """Update until Ctrl-C or SIGTERM, whatever goes wrong in between."""
    from index.building.watch import watch  # noqa: PLC0415 - nobody else needs the library

    def tried() -> bool:
        try:
            update()
        except IndexOutdated:
            raise
        except (NewsquoteError, OSError) as error:
            print(f"newsquote: {error}; it is tried again", file=sys.stderr)
            return False
        return True

    signal.signal(signal.SIGTERM, _interrupt)
    print(f"watching {', '.join(map(str, paths))}", file=sys.stderr)
    try:
        watch(paths, tried, ignored=settings.index.dir, settle_s=settings.index.settle_s)
    except KeyboardInterrupt:
        print("stopped; the index is as it was last said", file=sys.stderr)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def options(settings: Settings) -> Options:
    """Return how the settings want an archive read and written."""
    return Options(
        max_bytes=settings.extract.max_bytes,
        workers=settings.extract.workers,
        target_chars=settings.passages.target_chars,
        keep=settings.index.keep_generations,
        dead_share=settings.index.dead_share,
        growth=Growth(settings.index.exact_passages, settings.index.retrain_factor),
    )


def report(item: Prepared | Skipped) -> None:
    """Print what is to be said of a file that was read."""
    for line in reports(item if isinstance(item, Skipped) else item.article):
        print(line, file=sys.stderr)


def _summary(manifest: Manifest, seconds: float) -> str:
    skipped = f"; skipped {counted(manifest.skipped)}" if manifest.skipped else ""
    return (
        f"{manifest.articles} articles, {manifest.passages} passages in {seconds:.1f} s "
        f"({manifest.articles / seconds:.0f} articles/s){skipped}\n"
    )


class Progress:
    """A line on a terminal that counts what is done; nothing when the output is kept."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._shown = began
        self._terminal = sys.stderr.isatty()

    def __call__(self, articles: int, passages: int) -> None:
        """Show how far it is, now and then."""
        now = time.perf_counter()
        if self._terminal and now - self._shown > _EVERY_S:
            self._shown = now
            rate = articles / (now - self._began)
            line = f"{articles} articles, {passages} passages, {rate:.0f} articles/s"
            sys.stderr.write(f"\r{line}\x1b[K")
            sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
