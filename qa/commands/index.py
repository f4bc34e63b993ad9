"""``newsquote index``: build and update; the other actions are ``index_contents`` and ``verify``."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from config.settings import Settings
from index.building.archive import Archive
from index.building.shares import Share
from index.building.update import Updated
from index.errors import IndexMissing, IndexOutdated, NewsquoteError
from index.generations.manifest import Manifest
from qa.archiving import archive_of
from qa.commands import index_contents, index_generations, verify
from qa.commands.progress import Progress
from qa.commands.remedies import with_remedy

NOTHING_INDEXED = 1
MUST_BE_BUILT_AGAIN = 1


_Action: TypeAlias = Callable[[argparse.Namespace, Settings], int]


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry out the action that ``qa.arguments.index`` has read."""
    actions: dict[str, _Action] = {
        "build": _build,
        "join": _join,
        "import": _import,
        "update": _update,
        "verify": verify.run,
        "status": index_contents.status,
        "sources": index_contents.sources,
        "skipped": index_contents.skipped,
        "dedupe": index_contents.dedupe,
        "prune": index_contents.prune,
        "generations": index_generations.generations,
        "rollback": index_contents.rollback,
    }
    return actions[args.action](args, settings.with_flags(index={"dir": args.index}))


def _build(args: argparse.Namespace, settings: Settings) -> int:
    with Progress(verbose=args.verbose) as progress:
        archive = archive_of(_with_encoder(args, settings), progress)
        share = Share(*args.share) if args.share else None
        manifest = archive.build(args.paths, share=share, bulk=args.bulk, force=args.force)
    progress.say(_summary(manifest, progress.seconds))
    progress.tell_of_files()
    return _built(manifest)


def _join(args: argparse.Namespace, settings: Settings) -> int:
    with Progress(verbose=args.verbose) as progress:
        archive = archive_of(_with_encoder(args, settings), progress)
        manifest = archive.join(args.parts, bulk=args.bulk)
    progress.say(_summary(manifest, progress.seconds))
    return _built(manifest)


def _import(args: argparse.Namespace, settings: Settings) -> int:
    with Progress(verbose=args.verbose) as progress:
        status = archive_of(settings, progress).import_files(args.folders, args.at)
    progress.say(f"{status.name} answers: {_summary(status.manifest, progress.seconds)}")
    return _built(status.manifest)


def _update(args: argparse.Namespace, settings: Settings) -> int:
    settings, progress = _with_encoder(args, settings), Progress(verbose=args.verbose)
    archive = archive_of(settings, progress)
    try:
        if args.watch:
            return _keep_updating(archive, progress, settings, check=args.check)
        updated = _updated(archive, progress, check=args.check)
    except IndexOutdated as error:
        print(f"newsquote: {with_remedy(error)}", file=sys.stderr)
        return MUST_BE_BUILT_AGAIN
    return _built(updated.manifest) if updated.anew else 0


def _updated(archive: Archive, progress: Progress, *, check: bool = False) -> Updated:
    """Update the index and say what that did."""
    progress.restart()
    with progress:
        updated = archive.update(check=check)
    summary = _summary(updated.manifest, progress.seconds)
    if updated.anew:
        progress.say(summary)
    elif updated.changes is None:
        progress.say("nothing has changed; the index is up to date")
    else:
        progress.say(f"{updated.changes}; {summary}")
    progress.tell_of_files()
    return updated


def _keep_updating(archive: Archive, progress: Progress, settings: Settings, *, check: bool) -> int:
    """Update until Ctrl-C or SIGTERM; the models stay open from one time to the next.

    :param check: compare every file's hash the first time; afterwards changes are seen.
    """
    try:
        archive.status()
    except IndexMissing:
        manifest = _updated(archive, progress).manifest
        if not manifest.articles:
            return NOTHING_INDEXED
    checks = iter([check])
    paths = archive.sources().paths
    _watch(paths, lambda: _updated(archive, progress, check=next(checks, False)), settings)
    return 0


def _with_encoder(args: argparse.Namespace, settings: Settings) -> Settings:
    return settings.with_flags(encoder={"model": args.encoder})


def _built(manifest: Manifest) -> int:
    return 0 if manifest.articles else NOTHING_INDEXED


def _watch(paths: Sequence[Path], update: Callable[[], object], settings: Settings) -> None:
    """Update when files have changed, whatever goes wrong in between."""
    from index.building.watch import watch  # noqa: PLC0415 - nobody else needs the library

    def tried() -> bool:
        try:
            update()
        except IndexOutdated:
            raise
        except (NewsquoteError, OSError) as error:
            print(f"newsquote: {with_remedy(error)}; it is tried again", file=sys.stderr)
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


def _summary(manifest: Manifest, seconds: float) -> str:
    return (
        f"{manifest.articles} articles{index_contents.title_only_of(manifest)}, {manifest.passages} passages in {seconds:.1f} s "
        f"({manifest.articles / seconds:.0f} articles/s)"
    )
