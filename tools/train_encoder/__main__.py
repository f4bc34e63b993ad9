"""Make the bundled model: ``python -m tools.train_encoder DATA --out FOLDER``."""

import argparse
from pathlib import Path

import torch

from tools.train_encoder.recipe import ANCHOR, NO_ANCHOR, Recipe, make_model
from tools.train_encoder.sources import LICENCES
from tools.train_encoder.training import Options


def main() -> None:
    """Read the command line and make the model."""
    usual, usual_training = Recipe(), Options()
    parser = argparse.ArgumentParser(prog="python -m tools.train_encoder", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with archive.jsonl.xz and pairs*.jsonl.xz")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for model/, report.json and work/"
    )
    parser.add_argument(
        "--leave-out",
        action="append",
        choices=sorted(set(LICENCES.values())),
        default=[],
        metavar="LICENCE",
        help=f"leave out sources of a licence, any of {sorted(set(LICENCES.values()))}; repeatable",
    )
    parser.add_argument(
        "--anchor",
        default=usual.anchor,
        help=f"English model for the first vectors: {ANCHOR}, a folder, or {NO_ANCHOR}",
    )
    parser.add_argument("--start", default="", help="folder of an older model to join with")
    parser.add_argument(
        "--size", type=int, default=usual.size, help="pieces kept of --start's vocabulary; 0 = all"
    )
    parser.add_argument(
        "--neighbours", type=int, default=usual.neighbours, help="confusable chunks; 0 = none"
    )
    parser.add_argument("--dim", type=int, default=usual.dim)
    parser.add_argument("--steps", type=int, default=usual_training.steps)
    parser.add_argument("--rate", type=float, default=usual_training.rate)
    parser.add_argument("--weight-rate", type=float, default=usual_training.weight_rate)
    parser.add_argument(
        "--late", type=float, default=usual_training.late, help="weight of late interaction's loss"
    )
    parser.add_argument("--seed", type=int, default=usual_training.seed)
    parser.add_argument("--threads", type=int, default=1, help="1 gives the same bits everywhere")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    recipe = Recipe(
        leave_out=tuple(sorted(set(given.leave_out))),
        anchor=given.anchor,
        start=given.start,
        dim=given.dim,
        size=given.size,
        neighbours=given.neighbours,
        training=Options(
            steps=given.steps,
            rate=given.rate,
            weight_rate=given.weight_rate,
            late=given.late,
            seed=given.seed,
        ),
    )
    make_model(given.data, given.out, recipe)


if __name__ == "__main__":
    main()
