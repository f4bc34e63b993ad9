"""Make the bundled reader: ``python -m tools.train_reader SHARED --out FOLDER``.

Each step leaves a file in the folder, and a run that is resumed goes on from there.
"""

import argparse
import json
import lzma
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from index.encoders.e5 import export as export_e5
from index.encoders.e5 import packed
from qa.reading.reader import NETWORK_FILE, VOCABULARY_FILE
from tools.train_encoder.sources import read_articles, read_pairs
from tools.train_reader.export import export
from tools.train_reader.mining import mine
from tools.train_reader.network import ReaderNetwork
from tools.train_reader.shipped import averaged
from tools.train_reader.training import LEARNED, NUMBERS, Options, begun, train
from tools.train_reader.vocabulary import kept as kept_pieces

_PIECES = 44_000


def main() -> None:
    """Read the command line and make the reader."""
    usual = Options(Path(), Path(), Path(), Path())
    parser = argparse.ArgumentParser(prog="python -m tools.train_reader", description=__doc__)
    parser.add_argument("shared", type=Path, help="folder with encoder/, eval/, news/ and reading/")
    parser.add_argument("--out", type=Path, required=True, help="folder for model/ and the steps")
    parser.add_argument("--minutes", type=float, default=usual.minutes, help="that training lasts")
    parser.add_argument("--rate", type=float, default=usual.rate, help="of learning, at its best")
    parser.add_argument("--workers", type=int, default=usual.workers, help="processes, one a core")
    parser.add_argument(
        "--leave-out",
        type=Path,
        help="file with groups of articles to keep for validation, one a line",
    )
    parser.add_argument(
        "--begin-with",
        type=Path,
        nargs="+",
        default=(),
        metavar="NETWORK",
        help="exported networks whose average is trained further, with the vocabulary beside the first",
    )
    parser.add_argument(
        "--kept",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="of what training began with in the average that is exported",
    )
    given = parser.parse_args()
    if given.kept and not given.begin_with:
        parser.error(
            "--kept: expected what training begins with, found none. Give --begin-with too."
        )
    given.out.mkdir(parents=True, exist_ok=True)
    examples = given.out / "examples.jsonl"
    if not examples.exists():
        draft = examples.with_suffix(".draft")
        mine(given.shared, draft)
        draft.rename(examples)
    data = given.shared / "encoder" / "data"
    if not (given.out / NUMBERS).exists():
        if given.begin_with:
            _take_vocabulary(given.begin_with[0].with_name(VOCABULARY_FILE), given.out)
        else:
            _cut_vocabulary(data, given.shared / "reading", given.out)
    options = replace(
        usual,
        data=data,
        examples=examples,
        out=given.out,
        folder=_e5(given.out),
        minutes=given.minutes,
        workers=given.workers,
        rate=given.rate,
        begin_with=tuple(given.begin_with),
        leave_out=tuple(given.leave_out.read_text("utf-8").split()) if given.leave_out else (),
    )
    train(options)
    _export(options, given.kept)


def _e5(out: Path) -> Path:
    """Return e5's folder, unpacked when it is not there yet."""
    folder = out / "e5"
    if not folder.exists():
        export_e5(folder)
    return folder


def _tokenizer(out: Path) -> Tokenizer:
    return Tokenizer.from_file(str(_e5(out) / "tokenizer.json"))


def _cut_vocabulary(data: Path, reading: Path, out: Path) -> None:
    pieces = kept_pieces(
        _tokenizer(out),
        [score for _, score in packed().pieces],
        _texts(data, reading),
        _PIECES,
    )
    pieces.write(out / VOCABULARY_FILE)
    np.save(out / NUMBERS, pieces.numbers)


def _take_vocabulary(vocabulary: Path, out: Path) -> None:
    """Take over pieces that were kept before."""
    text = vocabulary.read_text("utf-8")
    known = _tokenizer(out).get_vocab()
    numbers = [known[line.partition("\t")[0]] for line in text.splitlines()]
    (out / VOCABULARY_FILE).write_text(text, "utf-8")
    np.save(out / NUMBERS, np.asarray(numbers, np.int64))


def _texts(data: Path, reading: Path) -> Iterator[str]:
    """Yield what the vocabulary is counted in."""
    for article in read_articles(data):
        yield article.title
        yield from article.paragraphs
    for pair in read_pairs(data):
        yield pair.a
        yield pair.b
    for path in sorted(reading.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield record["question"]
                yield from record["positive"]


def _export(options: Options, kept: float) -> None:
    network = ReaderNetwork(
        str(options.folder), np.load(options.out / NUMBERS), options.layers
    ).eval()
    state = torch.load(options.out / LEARNED, weights_only=True)
    network.load_state_dict(state["network"], strict=False)
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    if kept:
        before = {**weights, **begun(options)}
        weights = averaged([weights, before], [1 - kept, kept])
    model = options.out / "model"
    model.mkdir(exist_ok=True)
    export(
        weights,
        model / NETWORK_FILE,
        layers=options.layers,
        heads=network.body.config.num_attention_heads,
        epsilon=network.body.config.layer_norm_eps,
    )
    (model / VOCABULARY_FILE).write_bytes((options.out / VOCABULARY_FILE).read_bytes())


if __name__ == "__main__":
    main()
