"""``newsquote index status``, ``dedupe`` and ``prune``: what an index holds."""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from config.settings import Settings
from index.building.inventory import Inventory
from index.generations.folders import STORE, current, generation_names, prune, read_manifest
from index.parts.columns import Columns
from index.parts.database import Store, StoredPassage

if TYPE_CHECKING:
    Actions = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no other name for it


def add_status(actions: "Actions") -> argparse.ArgumentParser:
    """Add ``index status``."""
    parser = actions.add_parser("status", help="show what the index holds")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(action=_status)
    return parser


def add_dedupe(actions: "Actions") -> argparse.ArgumentParser:
    """Add ``index dedupe``."""
    parser = actions.add_parser("dedupe", help="list articles that carry the same report")
    parser.add_argument("--json", action="store_true", help="print one JSON object a group")
    parser.set_defaults(action=_dedupe)
    return parser


def add_prune(actions: "Actions") -> argparse.ArgumentParser:
    """Add ``index prune``."""
    parser = actions.add_parser("prune", help="remove old generations of the index")
    parser.add_argument(
        "--keep",
        type=_at_least_one,
        metavar="N",
        help="generations to keep, the current one included (default: index.keep_generations)",
    )
    parser.set_defaults(action=_prune)
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected at least 1: the current generation stays")
    return number


def _status(args: argparse.Namespace, settings: Settings) -> int:
    index_dir = settings.index.dir
    folder = current(index_dir)
    manifest = read_manifest(folder)
    generations = generation_names(index_dir)
    remembered = len(Inventory(index_dir))
    if args.json:
        status = {
            "generation": folder.name,
            "folder": str(folder),
            **asdict(manifest),
            "generations": generations,
            "remembered_files": remembered,
        }
        print(json.dumps(status, ensure_ascii=False, indent=2))
        return 0
    print(f"generation  {folder.name}")
    print(f"kept        {len(generations)}, this one included")
    print(f"built       {manifest.created}")
    print(f"from        {', '.join(manifest.paths)}")
    print(f"articles    {manifest.articles}")
    print(f"passages    {manifest.passages}, about {manifest.target_chars} characters each")
    print(f"given up    {manifest.dead} passages that still take up room")
    print(f"encoder     {manifest.encoder}")
    print(f"remembered  {remembered} files")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"on disk     {size / 1e6:.1f} MB")
    if manifest.skipped:
        print(f"skipped     {counted(manifest.skipped)}")
    return 0


def counted(skipped: Mapping[str, int]) -> str:
    """Return how many files were skipped, and why."""
    reasons = sorted(skipped.items(), key=lambda item: (-item[1], item[0]))
    counts = ", ".join(f"{count} {reason}" for reason, count in reasons)
    return f"{sum(skipped.values())}: {counts}"


def _dedupe(args: argparse.Namespace, settings: Settings) -> int:
    folder = current(settings.index.dir)
    read_manifest(folder)
    store = Store(folder / STORE)
    groups = articles = 0
    for group in _copies(folder, store):
        groups += 1
        articles += len(group)
        if args.json:
            print(json.dumps([_card(stored) for stored in group], ensure_ascii=False))
            continue
        print(f"{len(group)} articles: {_short(group[0].passage.text)}")
        for stored in group:
            card = _card(stored)
            print("  " + " · ".join(str(value) for value in card.values() if value is not None))
    store.close()
    if not args.json:
        noun = "group" if groups == 1 else "groups"
        print(f"{groups} {noun} of near-copies, {articles} articles")
    return 0


def _copies(folder: Path, store: Store) -> Iterator[list[StoredPassage]]:
    """Yield the first passages that articles have in common, one list a set of articles.

    A report that was carried whole shares all its passages; it is listed once.
    """
    copies = Columns.open(folder).copies
    order = np.argsort(copies, kind="stable")
    edges = np.flatnonzero(np.diff(copies[order])) + 1
    seen: set[tuple[int, ...]] = set()
    for rows in np.split(order, edges):
        if len(rows) == 1:
            continue
        first = {stored.article.id: stored for stored in reversed(store.passages(rows.tolist()))}
        articles = tuple(sorted(first))
        if len(articles) > 1 and articles not in seen:
            seen.add(articles)
            yield [first[article] for article in articles]


def _card(stored: StoredPassage) -> dict[str, Any]:
    article = stored.article
    return {
        "title": article.title,
        "source": article.source,
        "date": article.date.date().isoformat() if article.date else None,
        "path": article.path,
    }


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _prune(args: argparse.Namespace, settings: Settings) -> int:
    keep = args.keep or settings.index.keep_generations
    removed = prune(settings.index.dir, keep=keep)
    for name, size in removed.items():
        print(f"removed {name}: {size / 1e6:.1f} MB freed")
    left = len(generation_names(settings.index.dir))
    print(f"{sum(removed.values()) / 1e6:.1f} MB freed, generations left: {left}")
    return 0
