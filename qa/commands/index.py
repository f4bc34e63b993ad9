"""``newsquote index build`` and ``newsquote index status``."""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from config.settings import Settings
from index.articles import map_articles, reports
from index.build import Prepared, Preparer, build
from index.bundled import TokenTable
from index.encoder import show_progress
from index.generation import Manifest, current, read_manifest
from index.types import Skipped
from qa.service import encoder_of

_EVERY_S = 0.5
"""Seconds between two lines of progress."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``index``."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    make = actions.add_parser("build", help="read the articles and make a new index")
    make.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; or archive.paths"
    )
    make.add_argument("--encoder", metavar="MODEL", help="'bundled', a folder or a hub name")
    make.set_defaults(action=_build)
    show = actions.add_parser("status", help="show what the index holds")
    show.add_argument("--json", action="store_true", help="print it as JSON")
    show.set_defaults(action=_status)
    for action in (make, show):
        action.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry out the action."""
    status: int = args.action(args, settings.with_flags(index={"dir": args.index}))
    return status


def _build(args: argparse.Namespace, settings: Settings) -> int:
    settings = settings.with_flags(encoder={"model": args.encoder})
    # Absolute, so that sources are found from wherever 'verify' is called.
    paths = [path.absolute() for path in args.paths or settings.archive.paths]
    table = TokenTable.open()
    encoder = encoder_of(settings, table, progress=show_progress)
    began = time.perf_counter()
    progress = _Progress(began)
    items = map_articles(
        Preparer(settings.passages.target_chars),
        paths,
        max_bytes=settings.extract.max_bytes,
        workers=settings.extract.workers,
    )
    manifest = build(
        map(_reported, items),
        settings.index.dir,
        encoder,
        table,
        paths=paths,
        target_chars=settings.passages.target_chars,
        keep=settings.index.keep_generations,
        progress=progress,
    )
    progress.end()
    sys.stderr.write(_summary(manifest, time.perf_counter() - began))
    return 0 if manifest.articles else 1


def _status(args: argparse.Namespace, settings: Settings) -> int:
    folder = current(settings.index.dir)
    manifest = read_manifest(folder)
    if args.json:
        status = {"generation": folder.name, "folder": str(folder), **asdict(manifest)}
        print(json.dumps(status, ensure_ascii=False, indent=2))
        return 0
    print(f"generation  {folder.name}")
    print(f"built       {manifest.created}")
    print(f"from        {', '.join(manifest.paths)}")
    print(f"articles    {manifest.articles}")
    print(f"passages    {manifest.passages}, about {manifest.target_chars} characters each")
    print(f"encoder     {manifest.encoder}")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"on disk     {size / 1e6:.1f} MB")
    if manifest.skipped:
        print(f"skipped     {_counted(manifest.skipped)}")
    return 0


def _reported(item: Prepared | Skipped) -> Prepared | Skipped:
    for report in reports(item if isinstance(item, Skipped) else item.article):
        print(report, file=sys.stderr)
    return item


def _summary(manifest: Manifest, seconds: float) -> str:
    skipped = f"; skipped {_counted(manifest.skipped)}" if manifest.skipped else ""
    return (
        f"{manifest.articles} articles, {manifest.passages} passages in {seconds:.1f} s "
        f"({manifest.articles / seconds:.0f} articles/s){skipped}\n"
    )


def _counted(skipped: Mapping[str, int]) -> str:
    reasons = sorted(skipped.items(), key=lambda item: (-item[1], item[0]))
    counts = ", ".join(f"{count} {reason}" for reason, count in reasons)
    return f"{sum(skipped.values())}: {counts}"


class _Progress:
    """A line on a terminal that counts what is done; nothing when the output is kept."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._shown = began
        self._terminal = sys.stderr.isatty()

    def __call__(self, articles: int, passages: int) -> None:
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
