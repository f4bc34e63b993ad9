"""Training on several processes, each with its own examples; a checkpoint every few minutes."""

import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
import torch.distributed as processes
from torch import Tensor, nn
from torch.nn import functional

from qa.reading.pairs import Row, row
from qa.reading.reader import VOCABULARY_FILE
from qa.reading.vocabulary import Vocabulary
from tools.train_encoder.sources import read_pairs
from tools.train_reader.examples import Examples, Reading, read_records
from tools.train_reader.network import ReaderNetwork
from tools.train_reader.shipped import Floats, averaged, read_weights

LEARNED, NUMBERS = "reader.pt", "numbers.npy"

_MEETING = "meeting"
_PARTS_OF_BATCH = 3
_SPAN_WEIGHT, _LIST_WEIGHT = 0.5, 0.5
_EVERY = 100


@dataclass(frozen=True, slots=True)
class Options:
    """All that training takes.

    :ivar folder: of e5, unpacked.
    :ivar minutes: that it lasts, with what earlier runs took.
    :ivar begin_with: exported networks to go on from, their average; e5 where there is none.
    """

    data: Path
    examples: Path
    out: Path
    folder: Path
    minutes: float = 90
    leave_out: tuple[str, ...] = ()
    begin_with: tuple[Path, ...] = ()
    layers: int = 8
    workers: int = 2
    questions: int = 4
    translated: int = 2
    said: int = 1
    negatives: int = 3
    rate: float = 1e-4
    warmup: float = 0.05
    seed: int = 0


def train(options: Options) -> None:
    """Train; ``out/reader.pt`` is what has been learned, and where a later run goes on."""
    (options.out / _MEETING).unlink(missing_ok=True)  # of a run that was stopped
    torch.multiprocessing.spawn(_work, (options,), nprocs=options.workers)


def begun(options: Options) -> dict[str, Floats]:
    """Return the weights that training goes on from."""
    networks = [read_weights(path) for path in options.begin_with]
    return averaged(networks, [1 / len(networks)] * len(networks))


class _Learner:
    """The network on its way, with what a later run needs to go on.

    :ivar spent: seconds of training, with those of earlier runs.
    """

    def __init__(self, options: Options) -> None:
        numbers = np.load(options.out / NUMBERS)
        self._options = options
        self._path = options.out / LEARNED
        self._vocabulary = Vocabulary.open(options.out / VOCABULARY_FILE)
        self._network = ReaderNetwork(str(options.folder), numbers, options.layers)
        self._network.train()
        self._trained = [one for one in self._network.parameters() if one.requires_grad]
        self._optimiser = torch.optim.AdamW(self._trained, lr=options.rate, weight_decay=0.01)
        self._halves = _has_bfloat16()
        self.spent, self.step = 0.0, 0
        if options.begin_with:
            weights = begun(options)
            state = {name: torch.from_numpy(values) for name, values in weights.items()}
            self._network.load_state_dict(state, strict=False)  # pieces stay e5's
        if self._path.exists():
            state = torch.load(self._path, weights_only=True)
            self._network.load_state_dict(state["network"], strict=False)  # pieces stay e5's
            self._optimiser.load_state_dict(state["optimiser"])
            self.spent, self.step = state["spent"], state["step"]

    def learn(self, readings: list[Reading], share: float) -> tuple[float, float, float]:
        """Take a step together with the other processes, and return this one's losses.

        :param share: of the training that has gone by, in [0, 1).
        """
        warmup = self._options.warmup
        for group in self._optimiser.param_groups:
            group["lr"] = self._options.rate * min(share / warmup, (1 - share) / (1 - warmup))
        losses = _step(
            self._network, self._trained, readings, self._vocabulary, halves=self._halves
        )
        _average(self._trained, self._options.workers)
        nn.utils.clip_grad_norm_(self._trained, 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return losses

    def save(self) -> None:
        """Write what has been learned; all of it, or nothing."""
        learned = {
            name: value
            for name, value in self._network.state_dict().items()
            if "word_embeddings" not in name
        }
        state = {
            "network": learned,
            "optimiser": self._optimiser.state_dict(),
            "spent": self.spent,
            "step": self.step,
        }
        draft = self._path.with_suffix(".draft")
        torch.save(state, draft)
        draft.rename(self._path)


def _work(number: int, options: Options) -> None:
    """Be one of the processes; the first one has the clock, reports and saves."""
    torch.set_num_threads(1)
    processes.init_process_group(
        "gloo",
        init_method=f"file://{options.out / _MEETING}",
        rank=number,
        world_size=options.workers,
    )
    torch.manual_seed(options.seed)
    learner = _Learner(options)
    records, _ = read_records(options.examples, options.leave_out)
    random = Random(f"{options.seed}-{number}-{learner.step}")  # noqa: S311 - no secret
    examples = Examples(records, read_pairs(options.data), random)
    began, seen = time.monotonic() - learner.spent, []
    while (share := _agreed(time.monotonic() - began) / (60 * options.minutes)) < 1:
        drawn = examples.draw(
            options.questions, options.translated, options.said, options.negatives
        )
        seen.append(learner.learn(drawn, share))
        learner.spent = 60 * options.minutes * share
        if number == 0 and learner.step % _EVERY == 0:
            means = " ".join(f"{mean:.3f}" for mean in np.mean(seen[-_EVERY:], axis=0))
            print(f"{learner.step:6} {learner.spent:7.0f} s  {means}", flush=True)
            if learner.step % (3 * _EVERY) == 0:
                learner.save()
    if number == 0:
        learner.save()
        print("done", learner.step, flush=True)
    processes.destroy_process_group()


def _agreed(seconds: float) -> float:
    """Return what the clock of the first process says: all must stop at the same step."""
    clock = torch.tensor(seconds)
    processes.broadcast(clock, 0)
    return float(clock.item())


def _average(trained: list[nn.Parameter], workers: int) -> None:
    flat = torch.cat([one.grad.flatten() for one in trained if one.grad is not None])
    processes.all_reduce(flat)
    flat /= workers
    place = 0
    for one in trained:
        if one.grad is not None:
            one.grad.copy_(flat[place : place + one.grad.numel()].view_as(one.grad))
            place += one.grad.numel()


def _step(
    network: nn.Module,
    trained: list[nn.Parameter],
    readings: list[Reading],
    vocabulary: Vocabulary,
    *,
    halves: bool,
) -> tuple[float, float, float]:
    """Add up the gradients of some readings, those of a length together.

    :param halves: whether to compute in bfloat16, which takes thirty times as long where it has no instructions.
    """
    rows = [row(vocabulary, one.question, one.title, one.text) for one in readings]
    order = sorted(range(len(rows)), key=lambda place: len(rows[place].ids))
    for one in trained:
        if one.grad is None:
            one.grad = torch.zeros_like(one)
    logits: list[Tensor] = []
    spans: list[Tensor] = []
    size = -(-len(order) // _PARTS_OF_BATCH)
    for begin in range(0, len(order), size):
        part = order[begin : begin + size]
        ids, mask = padded([rows[place].ids for place in part], vocabulary.end)
        with torch.autocast("cpu", torch.bfloat16, enabled=halves):
            said, span = network(ids, mask)
        logits.append(said.float())
        spans.append(_span_loss(span.float(), [(rows[place], readings[place]) for place in part]))
    said = torch.cat(logits)
    wanted = torch.tensor([float(readings[place].answers) for place in order])
    answers = functional.binary_cross_entropy_with_logits(said, wanted)
    ranked = _list_loss(said, [readings[place] for place in order])
    span = torch.stack(spans).sum() / max(1, sum(one.span is not None for one in readings))
    loss = answers + _LIST_WEIGHT * ranked + _SPAN_WEIGHT * span
    loss.backward()
    return answers.item(), ranked.item(), span.item()


def padded(rows: list[Any], filling: int) -> tuple[Tensor, Tensor]:
    """Return rows of one length, and which places are filled."""
    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), filling)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for place, one in enumerate(rows):
        ids[place, : len(one)] = torch.from_numpy(one)
        mask[place, : len(one)] = 1
    return ids, mask


def _list_loss(said: Tensor, readings: list[Reading]) -> Tensor:
    """Return how far the right passage is from being first among those of its question."""
    losses = []
    for place, one in enumerate(readings):
        if one.answers:
            others = [at for at, other in enumerate(readings) if other.asked == one.asked]
            if len(others) > 1:
                losses.append(torch.logsumexp(said[others], 0) - said[place])
    return torch.stack(losses).mean() if losses else said.sum() * 0


def _span_loss(span: Tensor, read: list[tuple[Row, Reading]]) -> Tensor:
    total = span.sum() * 0
    for place, (one, reading) in enumerate(read):
        if reading.span is None:
            continue
        first = int(np.searchsorted(one.starts, reading.span[0], "right")) - 1
        last = int(np.searchsorted(one.starts, reading.span[1], "left")) - 1
        if first < 0 or last < first or reading.span[1] > int(one.starts[-1]) + 40:
            continue
        until = one.passage + len(one.starts)
        logits = span[place, one.passage : until]
        wanted = torch.tensor([first, last])
        total = total + functional.cross_entropy(logits.T, wanted)
    return total


def _has_bfloat16() -> bool:
    """Tell whether this processor has instructions for bfloat16."""
    known: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()  # since torch 2.11
    return bool(known.get("avx512_bf16"))
