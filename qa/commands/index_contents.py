"""``newsquote index status``, ``sources``, ``skipped``, ``dedupe``, ``prune``, ``rollback``: what an index holds."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from config.settings import Settings
from index.building.status import Status
from index.generations.folders import current
from index.generations.manifest import Manifest, read_manifest
from index.parts.columns import Columns
from index.parts.database import Store
from index.types import Held, StoredPassage
from qa.archiving import archive_of
from qa.commands.progress import counted


def status(args: argparse.Namespace, settings: Settings) -> int:
    """Print what the index holds."""
    found = archive_of(settings).status()
    held: Sequence[Held] = ()
    languages: dict[str, int] = {}
    if found.folder is not None:
        store = Store(found.folder)
        held, languages = store.held(), store.languages()
        store.close()
    days = _days(held)
    print(_as_json(found, days, languages) if args.json else _as_text(found, days, languages))
    return 0


def title_only_of(manifest: Manifest) -> str:
    """Return how many of the articles have no text, to stand behind their number: `` (3 title only)``."""
    return f" ({manifest.title_only} title only)" if manifest.title_only else ""


def sources(args: argparse.Namespace, settings: Settings) -> int:
    """Print the names of the sources, with how many articles each has and from when."""
    folder = current(settings.index.dir)
    read_manifest(folder)
    store = Store(folder)
    held = store.held()
    store.close()
    width = max((len(f"{one.articles:,}") for one in held), default=0)
    for one in held:
        if args.json:
            print(json.dumps(one._asdict(), ensure_ascii=False))
        else:
            # The name comes last: in any script, the columns before it are straight.
            print(f"{one.articles:>{width},}  {_span(one):<21}  {one.source or '(no source)'}")
    return 0


def _days(held: Sequence[Held]) -> tuple[str | None, str | None]:
    """Return the days of the first and the last article."""
    first = min((one.first for one in held if one.first), default=None)
    return first, max((one.last for one in held if one.last), default=None)


def _span(one: Held) -> str:
    return f"{one.first}…{one.last}" if one.first else "no date"


def _as_json(
    status: Status, days: tuple[str | None, str | None], languages: Mapping[str, int]
) -> str:
    values = {
        "generation": status.name,
        "folder": status.folder and str(status.folder),
        **asdict(status.manifest),
        "first": days[0],
        "last": days[1],
        "languages": languages,
        "generations": status.generations,
        "remembered_files": status.remembered_files,
    }
    return json.dumps(values, ensure_ascii=False, indent=2)


def _as_text(
    status: Status, days: tuple[str | None, str | None], languages: Mapping[str, int]
) -> str:
    manifest = status.manifest
    if status.folder is None:  # what only its articles tell is not asked of a server
        return "\n".join(
            [
                f"generation  {status.name}",
                f"kept        {len(status.generations)}, this one included",
                f"built       {manifest.created}, on another machine",
                f"from        {', '.join(manifest.paths)}",
                f"articles    {manifest.articles}",
                f"passages    {manifest.passages}, about {manifest.target_chars} characters each",
                f"encoder     {manifest.encoder}",
            ]
        )
    lines = [
        f"generation  {status.name}",
        f"kept        {len(status.generations)}, this one included",
        f"built       {manifest.created}",
        f"from        {', '.join(manifest.paths)}",
        f"articles    {manifest.articles}{title_only_of(manifest)}",
        f"published   {'…'.join(filter(None, days)) or 'no article has a date'}",
        f"languages   {', '.join(f'{name} {count:,}' for name, count in languages.items())}",
        f"passages    {manifest.passages}, about {manifest.target_chars} characters each",
        f"given up    {manifest.dead} passages that still take up room",
        f"encoder     {manifest.encoder}",
        f"remembered  {status.remembered_files} files",
        f"on disk     {status.bytes / 1e6:.1f} MB",
    ]
    if manifest.skipped:
        lines.append(f"skipped     {counted(manifest.skipped)}")
    return "\n".join(lines)


def skipped(args: argparse.Namespace, settings: Settings) -> int:
    """Print which files came to nothing when the index was made, and why."""
    folder = current(settings.index.dir)
    read_manifest(folder)
    store = Store(folder)
    reasons: Counter[str] = Counter()
    for report in store.skipped():
        reasons[report.reason] += 1
        print(json.dumps(asdict(report), ensure_ascii=False) if args.json else report)
    store.close()
    if not args.json:
        print(f"skipped {counted(reasons)}" if reasons else "no file was skipped")
    return 0


def dedupe(args: argparse.Namespace, settings: Settings) -> int:
    """Print which articles carry the same report."""
    folder = current(settings.index.dir)
    read_manifest(folder)
    store = Store(folder)
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
    card = stored.article.card
    return {
        "title": card.title,
        "source": card.source,
        "date": card.date.date().isoformat() if card.date else None,
        "path": card.path,
    }


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def prune(args: argparse.Namespace, settings: Settings) -> int:
    """Remove old generations; print which, and what that freed."""
    archive = archive_of(settings)
    removed = archive.prune(args.keep or settings.index.keep_generations)
    for name, size in removed.items():
        print(f"removed {name}: {size / 1e6:.1f} MB freed")
    left = len(archive.status().generations)
    print(f"{sum(removed.values()) / 1e6:.1f} MB freed, generations left: {left}")
    return 0


def rollback(args: argparse.Namespace, settings: Settings) -> int:
    """Let an older generation answer again; print which."""
    now = archive_of(settings).rollback(args.generation)
    print(f"{now.name} answers, built {now.manifest.created}")
    return 0
