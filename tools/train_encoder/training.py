"""The loop: rows of a table, moved a step at a time; stopped and resumed without a trace."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.train_encoder.batches import Sizes, draw
from tools.train_encoder.losses import Bags, likeness_loss, ranking_loss, text_vectors
from tools.train_encoder.material import Material
from tools.train_encoder.ragged import stack

Floats = NDArray[np.float32]

_SORTS = (1.0, 1.0, 1.0, 0.4)  # weight of each sort of pairs
_BETAS = (0.9, 0.999)


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how fast; all that a repetition needs beside the data.

    :ivar rate: of directions, whose length is about 1.
    :ivar weight_rate: of the weights' logarithms; 0 leaves them as they are.
    :ivar warmup: steps in which the rates rise from 0; then they fall to 0 at the end.
    """

    steps: int = 1500
    rate: float = 0.0012
    weight_rate: float = 0.006
    warmup: int = 100
    seed: int = 0
    batch: Sizes = field(default_factory=Sizes)


class Table:
    """Token rows in training: row = exp(log weight) * direction.

    Forms of one word share a direction; each has a weight of its own. The step is Adam's, on what
    was touched only (as torch.optim.SparseAdam's, whose sparse tensors cost more than the step).

    :param directions: float32, shape (size, dim).
    :param log_weights: float32, shape (size,).
    :param shared: for each token the one whose direction it has, often itself; None for all.
    """

    def __init__(
        self,
        directions: NDArray[np.float32],
        log_weights: NDArray[np.float32],
        shared: NDArray[np.int32] | None = None,
    ) -> None:
        own = np.arange(len(directions))
        self._shared = torch.from_numpy((own if shared is None else shared).astype(np.int64))
        self.directions = _Moments(torch.from_numpy(directions.astype(np.float32)))
        self.log_weights = _Moments(torch.from_numpy(log_weights.astype(np.float32))[:, None])
        self.step = 0

    def state(self) -> dict[str, Any]:
        """Return all that a resumed run needs."""
        return {
            "directions": self.directions.state(),
            "log_weights": self.log_weights.state(),
            "step": self.step,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up the state of another run."""
        self.directions = _Moments(*state["directions"])
        self.log_weights = _Moments(*state["log_weights"])
        self.step = state["step"]

    def rows(self, which: Tensor | None = None) -> Tensor:
        """Return rows with their weights as lengths, float32, shape (n, dim)."""
        which = torch.arange(len(self._shared)) if which is None else which
        weights = torch.exp(self.log_weights.values[which])
        # index_select is several times as fast as indexing.
        return weights * self.directions.values.index_select(0, self._shared[which])

    def update(self, which: Tensor, gradient: Tensor, rate: float, weight_rate: float) -> None:
        """Move some rows against the gradient of ``rows(which)``."""
        self.step += 1
        weights = torch.exp(self.log_weights.values[which])
        owners, places = torch.unique(self._shared[which], return_inverse=True)
        directions = self.directions.values.index_select(0, owners)
        scaled = gradient * weights
        logarithms = (scaled * directions.index_select(0, places)).sum(1, keepdim=True)
        summed = torch.zeros_like(directions).index_add_(0, places, scaled)
        self.directions.move(owners, summed, rate, self.step)
        self.log_weights.move(which, logarithms, weight_rate, self.step)


class _Moments:
    """Parameters with Adam's two moments."""

    def __init__(
        self, values: Tensor, mean: Tensor | None = None, square: Tensor | None = None
    ) -> None:
        self.values = values
        self.mean = torch.zeros_like(values) if mean is None else mean
        self.square = torch.zeros_like(values) if square is None else square

    def state(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.values, self.mean, self.square

    def move(self, which: Tensor, gradient: Tensor, rate: float, step: int) -> None:
        first, second = _BETAS
        mean = self.mean.index_select(0, which).mul_(first).add_(gradient, alpha=1 - first)
        square = self.square.index_select(0, which).mul_(second)
        square.addcmul_(gradient, gradient, value=1 - second)
        self.mean.index_copy_(0, which, mean)
        self.square.index_copy_(0, which, square)
        correction = (1 - second**step) ** 0.5 / (1 - first**step)
        move = mean.mul_(correction).div_(square.sqrt_().add_(1e-8))
        self.values.index_add_(0, which, move, alpha=-rate)


def train(
    table: Table,
    material: Material,
    options: Options,
    checkpoint: Path,
    every: int = 250,
    teacher: Floats | None = None,
) -> list[dict[str, float]]:
    """Train from where the checkpoint stands, or from the beginning; return the losses.

    A step draws its pairs from the seed and its own number, so that what follows a checkpoint is
    what would have followed without it.

    :param every: steps between two checkpoints.
    :param teacher: rows of a table to become like, with their weights as lengths, float32, shape
        (size, any); without one, passages are told apart.
    :return: for each checkpoint, its step and the mean loss since the one before.
    """
    history = _resume(table, checkpoint)
    taught = None if teacher is None else torch.from_numpy(teacher)
    started = time.monotonic()
    total = 0.0
    while table.step < options.steps:
        total += _train_step(table, material, options, taught)
        if table.step % every == 0 or table.step == options.steps:
            taken = (table.step - 1) % every + 1
            history.append({"step": table.step, "loss": round(total / taken, 4)})
            total = 0.0
            _save(table, history, checkpoint)
            print(f"{time.monotonic() - started:6.0f} s", history[-1], flush=True)
    return history


def _train_step(
    table: Table, material: Material, options: Options, teacher: Tensor | None
) -> float:
    rng = np.random.default_rng([options.seed, table.step])
    sides = [side for pair in draw(material, options.batch, rng) for side in pair]
    touched = np.unique(np.concatenate([side.flat for side in sides]))
    places = np.zeros(material.size, np.int64)
    places[touched] = np.arange(len(touched))
    which = torch.from_numpy(touched.astype(np.int64))
    rows = table.rows(which).requires_grad_()
    # One pass for all texts: its gradient is as large as all touched rows.
    texts, sizes = Bags.of(stack(sides), places), [*map(len, sides)]
    vectors = torch.split(text_vectors(texts, rows), sizes)
    total = torch.zeros(())
    if teacher is None:
        for weight, questions, passages in zip(_SORTS, vectors[::2], vectors[1::2], strict=True):
            total = total + weight * ranking_loss(questions, passages)
    else:
        taught = torch.split(text_vectors(texts, teacher.index_select(0, which)), sizes)
        for n, weight in enumerate(_SORTS):
            cosines, wanted = (some[2 * n] @ some[2 * n + 1].T for some in (vectors, taught))
            total = total + weight * likeness_loss(cosines, wanted)
    total.backward()
    share = min(1.0, (table.step + 1) / options.warmup) * max(0.02, 1 - table.step / options.steps)
    gradient = torch.zeros_like(rows) if rows.grad is None else rows.grad
    table.update(which, gradient, options.rate * share, options.weight_rate * share)
    return float(total.item())


def _resume(table: Table, checkpoint: Path) -> list[dict[str, float]]:
    if not checkpoint.exists():
        return []
    saved = torch.load(checkpoint, weights_only=True)
    table.restore(saved["table"])
    print(f"resumed at step {table.step}", flush=True)
    history: list[dict[str, float]] = saved["history"]
    return history


def _save(table: Table, history: list[dict[str, float]], checkpoint: Path) -> None:
    written = checkpoint.with_suffix(".new")
    torch.save({"table": table.state(), "history": history}, written)
    written.replace(checkpoint)  # whole or not at all
