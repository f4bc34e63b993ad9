"""The loop: rows of a table, moved a step at a time; stopped and resumed without a trace."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.train_encoder.batches import Sizes, draw
from tools.train_encoder.losses import Bags, dense_loss, late_loss
from tools.train_encoder.material import Material
from tools.train_encoder.ragged import Ragged

_DENSE = (1.0, 1.0, 1.0, 0.4)  # weight of each sort of pairs
_LATE_SORTS = 3  # late interaction never sees single words and names
_BETAS = (0.9, 0.999)


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how fast; all that a repetition needs beside the data.

    :ivar late: weight of the late interaction's loss beside the dense one.
    :ivar late_size: pairs of each sort but entries that it is computed on, each sort by itself.
    """

    steps: int = 3000
    rate: float = 0.0012
    weight_rate: float = 0.01
    warmup: int = 100
    late: float = 1.0
    late_size: int = 96
    seed: int = 0
    batch: Sizes = field(default_factory=Sizes)


class Table:
    """Token rows in training: row = exp(log weight) * direction.

    The step is Adam's, on the touched rows only (as torch.optim.SparseAdam's, whose sparse tensors
    cost more than the step itself).
    """

    def __init__(self, rows: NDArray[np.float32], log_weights: NDArray[np.float32]) -> None:
        self.values = torch.from_numpy(np.column_stack([rows, log_weights]).astype(np.float32))
        self.mean = torch.zeros_like(self.values)
        self.square = torch.zeros_like(self.values)
        self.step = 0

    def state(self) -> dict[str, Any]:
        """Return all that a resumed run needs."""
        return {"values": self.values, "mean": self.mean, "square": self.square, "step": self.step}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up the state of another run."""
        self.values, self.mean, self.square = state["values"], state["mean"], state["square"]
        self.step = state["step"]

    def rows(self, which: Tensor | None = None) -> Tensor:
        """Return rows with their weights as lengths, float32, shape (n, dim)."""
        values = self.values if which is None else self.values[which]
        return torch.exp(values[:, -1:]) * values[:, :-1]

    def update(self, which: Tensor, gradient: Tensor, rate: float, weight_rate: float) -> None:
        """Move some rows against the gradient of ``rows(which)``."""
        self.step += 1
        values = self.values[which]
        scale = torch.exp(values[:, -1:])
        logarithm = (gradient * values[:, :-1] * scale).sum(1, keepdim=True)
        change = torch.cat([gradient * scale, logarithm], dim=1)
        first, second = _BETAS
        mean = self.mean[which].mul_(first).add_(change, alpha=1 - first)
        square = self.square[which].mul_(second).addcmul_(change, change, value=1 - second)
        self.mean[which], self.square[which] = mean, square
        correction = (1 - second**self.step) ** 0.5 / (1 - first**self.step)
        move = mean.mul_(correction).div_(square.sqrt_().add_(1e-8))
        move[:, :-1] *= rate
        move[:, -1] *= weight_rate
        self.values[which] = values - move


def train(
    table: Table, material: Material, options: Options, checkpoint: Path, every: int = 250
) -> list[dict[str, float]]:
    """Train from where the checkpoint stands, or from the beginning; return the losses.

    A step draws its pairs from the seed and its own number, so that what follows a checkpoint is
    what would have followed without it.

    :param every: steps between two checkpoints.
    :return: for each checkpoint, its step and the mean losses since the one before.
    """
    history = _resume(table, checkpoint)
    started = time.monotonic()
    sums: dict[str, float] = {}
    while table.step < options.steps:
        for name, loss in _train_step(table, material, options):
            sums[name] = sums.get(name, 0.0) + loss
        if table.step % every == 0 or table.step == options.steps:
            taken = (table.step - 1) % every + 1
            history.append(
                {"step": table.step}
                | {name: round(total / taken, 4) for name, total in sums.items()}
            )
            sums = {}
            _save(table, history, checkpoint)
            print(f"{time.monotonic() - started:6.0f} s", history[-1], flush=True)
    return history


def _train_step(table: Table, material: Material, options: Options) -> Iterator[tuple[str, float]]:
    rng = np.random.default_rng([options.seed, table.step])
    pairs = draw(material, options.batch, rng)
    touched = np.unique(np.concatenate([side.flat for pair in pairs for side in pair]))
    places = np.zeros(material.size, np.int64)
    places[touched] = np.arange(len(touched))
    which = torch.from_numpy(touched.astype(np.int64))
    rows = table.rows(which).requires_grad_()
    total = torch.zeros(())
    for weight, (questions, passages) in zip(_DENSE, pairs, strict=True):
        loss = dense_loss(Bags.of(questions, places), Bags.of(passages, places), rows)
        total = total + weight * loss
    yield "dense", total.item()
    if options.late:
        late = torch.zeros(())
        for pair in pairs[:_LATE_SORTS]:
            questions, passages = (_first(side, options.late_size) for side in pair)
            late = late + late_loss(Bags.of(questions, places), Bags.of(passages, places), rows)
        total = total + options.late * late
        yield "late", late.item()
    total.backward()  # type: ignore[no-untyped-call]  # torch's own
    share = min(1.0, (table.step + 1) / options.warmup) * max(0.02, 1 - table.step / options.steps)
    gradient = torch.zeros_like(rows) if rows.grad is None else rows.grad
    table.update(which, gradient, options.rate * share, options.weight_rate * share)


def _first(rows: Ragged, size: int) -> Ragged:
    return rows.take(np.arange(min(size, len(rows))))


def _resume(table: Table, checkpoint: Path) -> list[dict[str, float]]:
    if not checkpoint.exists():
        return []
    saved = torch.load(checkpoint, weights_only=True)
    table.restore(saved["table"])
    print(f"resumed at step {table.step}", flush=True)
    history: list[dict[str, float]] = saved["history"]
    return history


def _save(table: Table, history: list[dict[str, float]], checkpoint: Path) -> None:
    state = {"table": table.state(), "history": history}
    written = checkpoint.with_suffix(".new")
    torch.save(state, written)
    written.replace(checkpoint)  # whole or not at all
