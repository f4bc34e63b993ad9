"""``newsquote extract``: article files -> one JSON object a line."""

import argparse
import json
import os
import sys
import time
from collections import Counter
from typing import Any

from config.settings import Settings
from index.articles.files import indexable, read_articles, reports
from index.types import Article, FileReport
from qa.archiving import reading_of


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the articles, the reports and the summary; return the exit status."""
    if hasattr(sys.stdout, "reconfigure"):
        # A path may hold bytes that are no UTF-8; JSON can escape them.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    started = time.perf_counter()
    counts: Counter[str] = Counter()
    mended = title_only = 0
    outcomes = read_articles(args.paths, reading_of(settings))
    try:
        for outcome in outcomes:
            for report in reports(outcome):
                print(report, file=sys.stderr)
            found = indexable(outcome)
            if isinstance(found, FileReport):
                counts[found.reason] += 1
            else:
                counts["kept"] += 1
                title_only += found.card.title_only
                mended += bool(found.reports)
            if isinstance(outcome, Article):
                print(json.dumps(_fields(outcome), ensure_ascii=False))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (| head); nothing more can be said to it, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    print(_summary(counts, mended, title_only, time.perf_counter() - started), file=sys.stderr)
    return 0 if counts["kept"] else 1


def _fields(article: Article) -> dict[str, Any]:
    card = article.card
    return {
        "path": card.path,
        "title": card.title,
        "author": card.author,
        "date": card.date.isoformat() if card.date else None,
        "url": card.url,
        "source": card.source,
        "categories": article.categories,
        "tags": article.tags,
        "language": card.language,
        "truncated": card.truncated,
        "title_only": card.title_only,
        "paragraphs": [
            {"text": paragraph.text, "heading": paragraph.heading}
            for paragraph in article.paragraphs
        ],
    }


def _summary(counts: Counter[str], mended: int, title_only: int, seconds: float) -> str:
    kept = counts["kept"]
    skipped = Counter({reason: count for reason, count in counts.items() if reason != "kept"})
    total = kept + skipped.total()
    remarks = [f"{mended} with remarks", *([f"{title_only} title only"] if title_only else [])]
    reasons = ", ".join(f"{reason} {count}" for reason, count in skipped.most_common())
    return (
        f"read {total}: kept {kept} ({', '.join(remarks)}), skipped {skipped.total()}"
        + (f" ({reasons})" if reasons else "")
        + f"; {total / max(seconds, 1e-9):.0f} articles per second"
    )
