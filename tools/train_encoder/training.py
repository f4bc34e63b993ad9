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

from tools.train_encoder.batches import Sizes, draw, draw_chunks
from tools.train_encoder.losses import Bags, Crowd, dense_loss, late_loss, text_vectors
from tools.train_encoder.material import Material
from tools.train_encoder.neighbours import chunk_vectors
from tools.train_encoder.ragged import Ids, Ragged, stack

_DENSE = (1.0, 1.0, 1.0, 0.4)  # weight of each sort of pairs
_LATE_SORTS = 3  # late interaction never sees single words and names
_BETAS = (0.9, 0.999)
_CROWD_STAYS = 25  # steps before it is drawn anew


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how fast; all that a repetition needs beside the data.

    :ivar crowd: chunks of the archive that stand beside each batch, drawn anew now and then.
    :ivar late: weight of the late interaction's loss beside the dense one.
    :ivar late_size: pairs of each sort but entries that it is computed on, each sort by itself.
    """

    steps: int = 1800
    rate: float = 0.0015
    weight_rate: float = 0.004
    crowd: int = 2048
    warmup: int = 100
    late: float = 1.0
    late_size: int = 64
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
    neighbours: Ids | None = None,
) -> list[dict[str, float]]:
    """Train from where the checkpoint stands, or from the beginning; return the losses.

    A step draws its pairs from the seed and its own number, so that what follows a checkpoint is
    what would have followed without it.

    :param every: steps between two checkpoints.
    :param neighbours: of each chunk, as ``draw`` takes them.
    :return: for each checkpoint, its step and the mean losses since the one before.
    """
    history, crowd = _resume(table, checkpoint)
    started = time.monotonic()
    sums: dict[str, float] = {}
    while table.step < options.steps:
        if options.crowd and table.step % _CROWD_STAYS == 0:
            crowd = _draw_crowd(table, material, options)
        for name, loss in _train_step(table, material, options, neighbours, crowd):
            sums[name] = sums.get(name, 0.0) + loss
        if table.step % every == 0 or table.step == options.steps:
            taken = (table.step - 1) % every + 1
            history.append(
                {"step": table.step}
                | {name: round(total / taken, 4) for name, total in sums.items()}
            )
            sums = {}
            _save(table, history, crowd, checkpoint)
            print(f"{time.monotonic() - started:6.0f} s", history[-1], flush=True)
    return history


def _train_step(
    table: Table,
    material: Material,
    options: Options,
    neighbours: Ids | None,
    crowd: Crowd | None,
) -> Iterator[tuple[str, float]]:
    rng = np.random.default_rng([options.seed, table.step])
    sizes = options.batch
    chunks = [
        draw_chunks(material, size, rng, neighbours) for size in (sizes.archive, sizes.switched)
    ]
    pairs = draw(material, sizes, chunks, rng)
    articles = [torch.from_numpy(material.archive.articles[some]) for some in chunks]
    touched = np.unique(np.concatenate([side.flat for pair in pairs for side in pair]))
    places = np.zeros(material.size, np.int64)
    places[touched] = np.arange(len(touched))
    which = torch.from_numpy(touched.astype(np.int64))
    rows = table.rows(which).requires_grad_()
    sides = [side for pair in pairs for side in pair]
    # One pass for all texts: its gradient is as large as all touched rows.
    vectors = torch.split(text_vectors(Bags.of(stack(sides), places), rows), [*map(len, sides)])
    total = torch.zeros(())
    for weight, questions, passages, owners in zip(
        _DENSE, vectors[::2], vectors[1::2], [*articles, None, None], strict=True
    ):
        total = total + weight * dense_loss(questions, passages, crowd, owners)
    yield "dense", total.item()
    if options.late:
        late = torch.zeros(())
        for pair in pairs[:_LATE_SORTS]:
            asked, found = (_first(side, options.late_size) for side in pair)
            few = np.unique(np.concatenate([asked.flat, found.flat]))
            some = rows.index_select(0, torch.from_numpy(places[few]))
            within = np.zeros(material.size, np.int64)
            within[few] = np.arange(len(few))
            late = late + late_loss(Bags.of(asked, within), Bags.of(found, within), some)
        total = total + options.late * late
        yield "late", late.item()
    total.backward()  # type: ignore[no-untyped-call]  # torch's own
    share = min(1.0, (table.step + 1) / options.warmup) * max(0.02, 1 - table.step / options.steps)
    gradient = torch.zeros_like(rows) if rows.grad is None else rows.grad
    table.update(which, gradient, options.rate * share, options.weight_rate * share)


def _first(rows: Ragged, size: int) -> Ragged:
    return rows.take(np.arange(min(size, len(rows))))


def _draw_crowd(table: Table, material: Material, options: Options) -> Crowd:
    rng = np.random.default_rng([options.seed, table.step, options.crowd])
    chunks = rng.integers(0, len(material.archive.articles), options.crowd)
    vectors = chunk_vectors(material.archive, chunks, table.rows().numpy())
    return Crowd(torch.from_numpy(vectors), torch.from_numpy(material.archive.articles[chunks]))


def _resume(table: Table, checkpoint: Path) -> tuple[list[dict[str, float]], Crowd | None]:
    if not checkpoint.exists():
        return [], None
    saved = torch.load(checkpoint, weights_only=True)
    table.restore(saved["table"])
    print(f"resumed at step {table.step}", flush=True)
    return saved["history"], Crowd(*saved["crowd"]) if saved["crowd"] else None


def _save(
    table: Table, history: list[dict[str, float]], crowd: Crowd | None, checkpoint: Path
) -> None:
    state = {
        "table": table.state(),
        "history": history,
        "crowd": (crowd.vectors, crowd.articles) if crowd else None,
    }
    written = checkpoint.with_suffix(".new")
    torch.save(state, written)
    written.replace(checkpoint)  # whole or not at all
