"""``newsquote eval DATASET``: measure retrieval, quoting and declining on a question set."""

import argparse
import json
from pathlib import Path

from config.settings import Settings
from qa.measuring.evaluate import Report, evaluate, evaluation_models

_LABELS = {
    "mrr@10": "MRR@10",
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "ndcg@10": "nDCG@10",
    "answer_in_quote": "answer in top quote",
    "answer_in_highlight": "answer in highlight",
    "auroc": "AUROC of the answer score",
    "false_answers_at_90": "false answers at 90% answered",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``eval``."""
    parser.add_argument("dataset", type=Path, help="folder in BEIR's format")
    parser.add_argument(
        "--distractors", type=Path, metavar="FILE", help="further documents, .jsonl[.gz|.xz]"
    )
    parser.add_argument(
        "--unanswerable",
        type=Path,
        metavar="DATASET",
        help="set whose questions are asked too and should be declined",
    )
    parser.add_argument("--encoder", metavar="MODEL", help="'bundled', a folder or a hub name")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the report; return 0."""
    settings = settings.with_flags(encoder={"model": args.encoder})
    report = evaluate(
        args.dataset,
        settings,
        evaluation_models(settings),
        distractors=args.distractors,
        unanswerable=args.unanswerable,
    )
    print(json.dumps(report.to_dict(), indent=2) if args.json else _as_text(report))
    return 0


def _as_text(report: Report) -> str:
    lines = [f"{report.dataset}: {report.questions} questions, {report.passages} passages"]
    lines += [
        f"  {_LABELS[name]:<30} {value:.3f}"
        for name, value in report.metrics.items()
        if value is not None
    ]
    times = ", ".join(f"{name} {value:.1f} ms" for name, value in report.latency_ms.items())
    lines.append(f"  {'time of an answer':<30} {times}")
    lines.append(f"  {'questions a second':<30} {report.questions_per_second:.0f}")
    return "\n".join(lines)
