"""``newsquote eval SET...``: measure retrieval, quoting and declining on question sets."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from config.settings import Settings
from index.errors import NewsquoteError
from qa.commands import status_line
from qa.commands.progress import Progress
from qa.measuring.archives import evaluation_models
from qa.measuring.dataset import corpus_at
from qa.measuring.evaluate import archive_at, evaluate, read_set, strangers_of
from qa.measuring.questions import QuestionSet
from qa.measuring.report import Figures, Report
from qa.opening import open_service

_LABELS = {
    "mrr@10": "MRR@10",
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "ndcg@10": "nDCG@10",
    "bm25_articles_mrr@10": "BM25, articles: MRR@10",
    "bm25_articles_recall@5": "BM25, articles: R@5",
    "bm25_passages_mrr@10": "BM25, passages: MRR@10",
    "bm25_passages_recall@5": "BM25, passages: R@5",
    "first_quote_right": "first quote right",
    "right_among_three": "right among three",
    "highlight_right": "highlight right",
    "answer_in_quote": "answer in top quote",
    "answer_in_highlight": "answer in highlight",
    "declined": "declined",
    "answered_falsely": "answered falsely",
    "answered_falsely_near": "answered falsely, near",
    "answered_falsely_far": "answered falsely, far",
    "auroc": "AUROC of the answer score",
    "false_answers_at_90": "false answers at 90% answered",
}
_LABEL_WIDTH = max(map(len, _LABELS.values()))
_NAMED = 5  # articles named that are not in the archive


class WrongUse(NewsquoteError):
    """Arguments that do not go together; the message says which do."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the reports; return 0.

    :raises WrongUse: if the arguments do not go together.
    """
    _check(args)
    settings = settings.with_flags(encoder={"model": args.encoder})
    with Progress(verbose=args.verbose) as progress:
        _measure(args, settings, progress)
    return 0


def _measure(args: argparse.Namespace, settings: Settings, progress: Progress) -> None:
    for report in _reports(args, settings, progress):
        status_line.clear()
        _say_what_is_missing(report)
        print(json.dumps(report.to_dict(), ensure_ascii=False) if args.json else as_text(report))
        sys.stdout.flush()


def as_text(report: Report) -> str:
    """Return a report as a table: a row a figure, a column for all and one for each language."""
    groups: dict[str, Figures] = {"all": report, **report.by_language}
    others = f" and {report.unanswerable} without an answer" if report.unanswerable else ""
    archive = f"{report.articles} articles, {report.passages} passages"
    lines = [f"{report.dataset}: {report.questions} questions{others}, {archive}"]
    if report.by_language:
        counts = (f"{name} ({one.questions})" for name, one in groups.items())
        lines.append(_row("", counts))
    lines += [
        _row(_LABELS[name], (_cell(one, name) for one in groups.values()))
        for name, value in report.metrics.items()
        if value is not None
    ]
    times = ", ".join(f"{name} {value:.1f} ms" for name, value in report.latency_ms.items())
    lines.append(_row("time of an answer", [times]))
    lines.append(_row("questions a second", [f"{report.questions_per_second:.0f}"]))
    return "\n".join(lines)


def _check(args: argparse.Namespace) -> None:
    """Refuse what does not go together before any work is done."""
    for path in (*args.sets, args.archive, args.distractors, args.unanswerable):
        if path and not path.exists():
            raise WrongUse(f"there is no {path}")
    for path in args.sets:
        if path.is_dir() and not (path / "queries.jsonl").exists():
            raise WrongUse(
                f"{path} has no queries.jsonl, so it is no question set; if it holds the articles, "
                "name the questions, and the folder with --archive"
            )
    files = [path for path in args.sets if not path.is_dir()]
    if files and not (args.archive or args.index):
        raise WrongUse(
            f"{files[0]} is a question file, which has no articles of its own; name what is asked "
            "with --archive FOLDER, or an index that exists with --index DIR"
        )
    if args.archive and args.distractors and corpus_at(args.archive) is None:
        raise WrongUse(
            f"--distractors go beside a corpus, and {args.archive} holds article files; "
            "write them as article files too"
        )
    if args.index and args.distractors:
        raise WrongUse("--distractors go into an index that is made: use --archive, not --index")


def _reports(args: argparse.Namespace, settings: Settings, progress: Progress) -> Iterator[Report]:
    """Measure the sets, each as soon as its archive is there."""
    models = evaluation_models(settings)
    sets = [read_set(path) for path in args.sets]
    if args.sample:
        sets = [one.sample(args.sample) for one in sets]
    strangers = strangers_of(args.unanswerable) if args.unanswerable else []
    for archive, its in _by_archive(args, sets):
        opened = (
            archive_at(archive, settings, models, distractors=args.distractors, say=progress)
            if archive
            else open_service(settings.with_flags(index={"dir": args.index}), models)
        )
        with opened as service:
            yield from evaluate(
                service,
                its,
                strangers=strangers,
                baseline=bool(args.baseline),
                track=progress.over,
            )


def _by_archive(
    args: argparse.Namespace, sets: Sequence[QuestionSet]
) -> Sequence[tuple[Path | None, Sequence[QuestionSet]]]:
    """Return what is asked of which archive: all of one that is named, or each set of its own.

    None stands for the index that is named.
    """
    if args.archive or args.index:
        return [(args.archive, sets)]
    return [(path, [one]) for path, one in zip(args.sets, sets, strict=True)]


def _say_what_is_missing(report: Report) -> None:
    """Name articles that a set calls right and the archive does not have: likely a slip."""
    missing = report.not_in_archive
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        print(
            f"{report.dataset}: {len(missing)} of the articles that answer are not in the archive: "
            f"{', '.join(missing[:_NAMED])}{more}",
            file=sys.stderr,
        )


def _row(label: str, cells: Iterable[str]) -> str:
    return f"  {label:<{_LABEL_WIDTH}}  {'  '.join(f'{cell:<17}' for cell in cells)}".rstrip()


def _cell(figures: Figures, name: str) -> str:
    """``.816 [.78–.85]``: a figure with its interval; a dash where nothing was measured."""
    value = figures.metrics[name]
    if value is None:
        return "-"
    low, high = figures.intervals[name]
    return f"{value:.3f} [{low:.2f}–{high:.2f}]"
