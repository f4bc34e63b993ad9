"""``newsquote verify``: prove every passage against its source file, and mend the index."""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict

from config.settings import Settings
from index.building.verify import verify, verify_passages
from index.engines.home import Home
from index.errors import IndexDamaged, NewsquoteError
from index.generations.damage import damaged_files
from index.generations.folders import current, generation_names
from index.generations.manifest import Manifest, load_manifest
from index.parts.database import FILE, Store
from qa.archiving import archive_of
from qa.commands import status_line
from qa.commands.progress import Progress
from qa.commands.remedies import REMEDIES

ALL_AS_INDEXED, SOMETHING_CHANGED = 0, 1


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print what is not as it was indexed; 0 when all is, 1 when something is not or nothing is there."""
    settings = settings.with_flags(index={"dir": args.index})
    with Progress(verbose=args.verbose) as progress:
        if args.repair:
            archive_of(settings, progress).repair()
        return _checked(args, settings, progress)


def _checked(args: argparse.Namespace, settings: Settings, progress: Progress) -> int:
    archive = archive_of(settings, progress)
    elsewhere = _tell(archive.faults(), progress)
    if archive.home is not None and not generation_names(settings.index.dir):
        return _without_folder(archive.home, elsewhere, as_json=args.json)
    folder = current(settings.index.dir)
    damaged = damaged_files(folder)
    for name in damaged:
        progress.say(
            f"{folder / name}: its SHA-256 is not the one in the manifest, or it is missing; "
            f"{REMEDIES[IndexDamaged]}"
        )
    if FILE in damaged:
        return SOMETHING_CHANGED
    manifest = load_manifest(folder)
    _check_exist(args.passage or (), manifest.passages)
    if not manifest.articles:
        return _empty(manifest, as_json=args.json)
    store = Store(folder)
    max_bytes = settings.extract.max_bytes
    results = (
        verify_passages(store, args.passage, max_bytes=max_bytes)
        if args.passage
        else verify(store, max_bytes=max_bytes)
    )
    files = passages = changed = 0
    total = None if args.passage else manifest.articles
    for checked in progress.over(results, total, "checking", "files"):
        files += 1
        passages += checked.passages
        changed += bool(checked.problems)
        if args.json:
            status_line.clear()
            print(json.dumps(asdict(checked), ensure_ascii=False))
        for problem in checked.problems:
            progress.say(f"{checked.path}: {problem}")
    if not args.json:
        verdict = (
            "all word for word" if not changed else f"{changed} of {files} files not as indexed"
        )
        print(f"{files} files, {passages} passages: {verdict}")
    if changed:
        print(
            "'newsquote index update' reads what has changed; with --check also files that were "
            "edited and kept their size and time",
            file=sys.stderr,
        )
    return SOMETHING_CHANGED if changed or damaged or elsewhere else ALL_AS_INDEXED


def _tell(faults: Iterable[str], progress: Progress) -> int:
    """Say what is wrong where the index was published to; return how much that is."""
    count = 0
    for fault in faults:
        count += 1
        progress.say(f"{fault}; {REMEDIES[IndexDamaged]}")
    return count


def _without_folder(home: Home, faults: int, *, as_json: bool) -> int:
    """Say how the index is where it answers, on a machine that has not built it."""
    if not as_json:
        said = f"{faults} faults" if faults else "all as it was written"
        print(
            f"generation {home.current()}: {said}; the articles are held against it where it is built"
        )
    return SOMETHING_CHANGED if faults else ALL_AS_INDEXED


def _empty(manifest: Manifest, *, as_json: bool) -> int:
    """Say that there is nothing to prove."""
    said = f"the index is empty: no article was found in {', '.join(manifest.paths)}"
    if as_json:
        print(said, file=sys.stderr)
    else:
        print(f"0 files, 0 passages: {said}")
    return SOMETHING_CHANGED


def _check_exist(passages: Iterable[int], count: int) -> None:
    for number in passages:
        if not 0 <= number < count:
            if not count:
                raise NewsquoteError("there is no passage in the index: it is empty")
            raise NewsquoteError(
                f"there is no passage {number} in the index, which has {count}, counted from 0; "
                "take the passage_id that 'newsquote ask --json' gives"
            )
