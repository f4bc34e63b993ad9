"""Make the bundled model: ``python -m tools.train_encoder DATA --out FOLDER``."""

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from tools.train_encoder.recipe import ANCHOR, NO_ANCHOR, Recipe, make_model
from tools.train_encoder.sources import LICENCES


def main() -> None:
    """Read the command line and make the model."""
    usual = Recipe()
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
    parser.add_argument(
        "--start", default="", help="folder of an older model, to take up its words and its table"
    )
    parser.add_argument(
        "--no-dictionary", action="store_true", help="do without the words of CC-CEDICT"
    )
    parser.add_argument("--dim", type=int, default=usual.dim, help="numbers a row in the end")
    parser.add_argument(
        "--steps", type=int, default=usual.training.steps, help="of each table's training"
    )
    parser.add_argument(
        "--shortening-steps",
        type=int,
        default=usual.shortening.steps,
        help="in which the joined tables' likeness is learned",
    )
    parser.add_argument("--seed", type=int, default=usual.training.seed)
    parser.add_argument("--threads", type=int, default=1, help="1 gives the same bits everywhere")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    recipe = Recipe(
        leave_out=tuple(sorted(set(given.leave_out))),
        anchor=given.anchor,
        start=given.start,
        dictionary=not given.no_dictionary,
        dim=given.dim,
        training=replace(usual.training, steps=given.steps, seed=given.seed),
        shortening=replace(usual.shortening, steps=given.shortening_steps, seed=given.seed),
    )
    make_model(given.data, given.out, recipe)


if __name__ == "__main__":
    main()
