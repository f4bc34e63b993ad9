"""``newsquote calibrate DATASET...``: fit the answer score to an archive's kind of questions."""

import argparse
import sys

from config.settings import Settings
from qa.commands.progress import Progress
from qa.measuring.archives import evaluation_models
from qa.measuring.calibrate import Sample, calibrate, collect, judge
from qa.retrieval.calibration import FILE, Calibration, load


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Fit, report, and store the calibration with the index; return 0."""
    settings = settings.with_flags(index={"dir": args.index})
    models = evaluation_models(settings)
    by_set: dict[str, list[Sample]] = {}
    with Progress(verbose=args.verbose) as progress:
        for dataset in args.datasets:
            progress.say(f"asking {dataset.name} ...")
            by_set[dataset.name] = collect(
                dataset,
                settings,
                models,
                distractors=args.distractors,
                say=progress,
                track=progress.over,
            )
    fitted = calibrate([sample for samples in by_set.values() for sample in samples])
    before = load(settings.index.dir)
    for name, samples in by_set.items():
        _report(name, samples, before, fitted)
    if args.dry_run:
        sys.stdout.write(fitted.to_json())
    else:
        settings.index.dir.mkdir(parents=True, exist_ok=True)
        (settings.index.dir / FILE).write_text(fitted.to_json(), encoding="utf-8")
        print(f"stored in {settings.index.dir / FILE}")
    return 0


def _report(name: str, samples: list[Sample], before: Calibration, fitted: Calibration) -> None:
    for label, calibration in (("before", before), ("fitted", fitted)):
        fit = judge(samples, calibration)
        if fit is None:
            print(f"{name}: too few questions of one kind")
            return
        print(
            f"{name} {label}: {fit.questions} questions, AUROC {fit.auroc:.3f}, "
            f"false answers at 90% answered {fit.false_answers_at_90:.2f}; "
            f"at 0.5: answers {fit.kept:.2f}, falsely {fit.false_answers:.2f}"
        )
