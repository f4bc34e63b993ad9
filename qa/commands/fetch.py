"""``newsquote fetch``: new entries of RSS and Atom feeds -> article files in the inbox."""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from config.keys import SettingsError
from config.settings import Settings
from index.feeds.download import Limits
from index.feeds.fetch import Report, fetch
from index.inbox import inbox_folder
from qa.commands import status_line
from qa.commands.progress import Progress

_ALL_FETCHED, _SOME_FAILED = 0, 1


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Fetch and report; 0 when every feed was fetched, 1 when one failed."""
    feeds = args.feeds or settings.fetch.feeds
    if not feeds:
        raise SettingsError(
            "expected the address of a feed, found none; name one, or list them in fetch.feeds"
        )
    folder = inbox_folder(settings.archive.paths, args.inbox or settings.archive.inbox)
    if not _is_inside(folder, settings.archive.paths):
        print(f"newsquote: {folder} is in none of archive.paths", file=sys.stderr)
    limits = Limits(settings.fetch.timeout, settings.fetch.max_bytes, settings.fetch.max_redirects)
    failed = False
    with Progress() as progress:
        reports = fetch(feeds, folder, limits)
        for report in progress.over(reports, len(set(feeds)), "fetching", "feeds"):
            failed = failed or report.failed is not None
            for remark in report.remarks:
                progress.say(f"{report.feed}: {remark}")
            line = json.dumps(asdict(report), ensure_ascii=False) if args.json else _line(report)
            status_line.clear()
            print(line, flush=True)
    return _SOME_FAILED if failed else _ALL_FETCHED


def _is_inside(folder: Path, archive: Iterable[Path]) -> bool:
    return any(folder.resolve().is_relative_to(path.resolve()) for path in archive)


def _line(report: Report) -> str:
    if report.failed:
        return f"{report.feed}: failed: {report.failed}"
    if report.waits_until:
        until = datetime.fromtimestamp(report.waits_until).astimezone()
        return f"{report.feed}: not asked before {until:%Y-%m-%d %H:%M}, as its server wishes"
    counts = {
        "new": report.new,
        "updated": report.updated,
        "known": report.known,
        "skipped": report.skipped,
    }
    said = ", ".join(
        f"{count} {name}" for name, count in counts.items() if count or name in {"new", "known"}
    )
    moved = f"; it has moved to {report.moved_to}, change your settings" if report.moved_to else ""
    return f"{report.feed}: {'nothing has changed' if report.unchanged else said}{moved}"
