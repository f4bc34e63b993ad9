"""Fit the answer score of what was read, on questions kept from training.

    python -m tools.train_reader.fit SHARED --out FOLDER --model FOLDER/model

Every question is asked of an archive in each language that has its answer, and again with that answer
taken away: all passages of the articles that have it. It is changed, too (another year, name, or
something else about the same), or takes the place of one that was written to be missed, and news questions are asked where nobody knows. A passage is right when
its article is, and an answer stands in it. Of the wrong ones, each thing that was done to a question counts
the same; what comes first wrongly though the answer is there counts nothing, for it often answers in words that the
set does not know.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from config.loading import load_settings
from index.text.tokens import SCRIPTS, script
from qa.measuring.archives import evaluation_models, temporary_service
from qa.measuring.metrics import auroc
from qa.reading.reader import BundledReader
from qa.retrieval.calibration import ReadCoefficients, fit_read
from qa.retrieval.numbers import lacks, numbers
from qa.retrieval.reading import READ, READING_WEIGHT, WITHIN
from qa.service import Service
from tools.train_reader.examples import is_kept
from tools.train_reader.mining import NEWS, holds, strangers_to
from tools.train_reader.near_misses import another_number, names, something_else
from tools.train_reader.sources import WRITTEN, Asked, read_worlds

_KEPT = 24
"""Candidates of a question that are kept: when the right ones are left out, eight stay."""

_MOST = 150
"""Questions of a set and pair of languages."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found.

    :ivar date: of its article, in ISO's form; empty where it has none.
    :ivar known: its article answers.
    :ivar holds: an answer stands in it. In an article that is not known to answer, that may be chance.
    """

    relevance: float
    margin: float
    cross_script: bool
    copies: int
    title: str
    text: str
    date: str
    known: bool
    holds: bool

    @property
    def right(self) -> bool:
        """Whether it answers."""
        return self.known and self.holds

    def lacks(self, asked: frozenset[str]) -> float:
        """Return the share of a question's numbers that it lacks."""
        date = datetime.fromisoformat(self.date) if self.date else None
        return lacks(asked, self.title, self.text, date)


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it was asked, with what was found; ``kind`` says what was done to it."""

    kind: str
    source: str
    question: str
    candidates: tuple[Candidate, ...]

    def without_answer(self) -> "Case":
        """Return the case as it would be if no article knew the answer."""
        left = tuple(one for one in self.candidates if not (one.known or one.holds))
        return replace(self, kind="left out", candidates=left)


def collect(shared: Path, out: Path, leave_out: Iterable[str]) -> None:
    """Write all cases to a file; it takes some minutes."""
    settings = load_settings().with_flags(answer={"reader": "off"})
    models = evaluation_models(settings)
    worlds, kept, random = read_worlds(shared), set(leave_out), Random(0)  # noqa: S311 - no secret
    with out.open("w", encoding="utf-8") as file:
        for language, world in worlds.items():
            strangers = _sample(strangers_to(worlds, language), kept, random)
            with temporary_service(world.documents.values(), settings, models) as service:
                for asked in _sample(world.asked, kept, random):
                    for case in _cases(service, asked, language, random):
                        file.write(json.dumps(_written(case), ensure_ascii=False) + "\n")
                for asked in strangers:
                    case = _case(service, "stranger", asked, asked.text, language)
                    file.write(json.dumps(_written(case), ensure_ascii=False) + "\n")


def _sample(asked: Iterable[Asked], kept: set[str], random: Random) -> list[Asked]:
    """Return some questions of each set that were kept from training, novels left out."""
    by_set: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in asked:
        if is_kept(one.group, kept) and one.source != "bipar":
            by_set[one.source, one.language].append(one)
    return [one for some in by_set.values() for one in random.sample(some, min(_MOST, len(some)))]


def _cases(service: Service, asked: Asked, held: str, random: Random) -> Iterator[Case]:
    case = _case(service, "asked", asked, asked.text, held)
    yield case
    right = next((one for one in case.candidates if one.right), None)
    if right is None:
        return
    passage = right.title + right.text
    named = names(asked.text, passage)
    changed = (
        another_number(asked.text, passage, random),
        something_else(named[0], asked.language, right.text, random) if named else None,
    )
    for kind, question in zip(
        ("number", "attribute", "missing"), (*changed, asked.missing), strict=True
    ):
        if question:
            yield _case(service, kind, asked, question, held)


def _case(service: Service, kind: str, asked: Asked, question: str, held: str) -> Case:
    hits = service.search(question)[:_KEPT]
    stored = service.stored(hits)
    answerable = kind == "asked"
    candidates = []
    for hit, one in zip(hits, stored, strict=True):
        candidates.append(
            Candidate(
                relevance=float(hit.relevance),
                margin=float(hit.margin),
                cross_script=bool(hit.cross_script),
                copies=int(hit.copies),
                title=one.article.card.title,
                text=one.passage.text,
                date=one.article.card.date.isoformat() if one.article.card.date else "",
                known=answerable and one.article.card.path in asked.gold,
                holds=answerable and holds(one.passage.text, asked.answers),
            )
        )
    return Case(kind, f"{asked.source} {asked.language}-{held}", question, tuple(candidates))


def _written(case: Case) -> Mapping[str, object]:
    return {
        "kind": case.kind,
        "source": case.source,
        "question": case.question,
        "candidates": [
            [getattr(one, name) for name in Candidate.__slots__] for one in case.candidates
        ],
    }


def read_cases(path: Path) -> Iterator[Case]:
    """Yield what ``collect`` wrote, and each case that has an answer once more without it."""
    with path.open(encoding="utf-8") as lines:
        for values in map(json.loads, lines):
            candidates = tuple(Candidate(*one) for one in values.pop("candidates"))
            case = Case(**values, candidates=candidates)
            yield case
            if any(one.known for one in case.candidates):
                yield case.without_answer()


@dataclass(frozen=True, slots=True)
class Best:
    """The passage of a case that comes first when it is read."""

    case: Case
    candidate: Candidate
    logit: float
    lacks: float

    @property
    def part(self) -> str:
        """The part of the calibration that judges it: "own", or the script of the question."""
        return script(self.case.question) if self.candidate.cross_script else "own"

    @property
    def is_news_from_abroad(self) -> bool:
        """Whether news is asked for in another script than its own."""
        return self.candidate.cross_script and self.case.source.split()[0] in {*NEWS, WRITTEN}


def best(case: Case, reader: BundledReader) -> Best | None:
    """Return what comes first of a case when ``qa.retrieval.reading`` has read it."""
    chosen: list[Candidate] = []
    for one in case.candidates:
        if len(chosen) == READ or one.relevance < case.candidates[0].relevance - WITHIN:
            break
        if all(one.copies != other.copies for other in chosen):
            chosen.append(one)
    readings = reader.read(case.question, [(one.title, one.text) for one in chosen])
    asked = numbers(case.question)
    return max(
        (
            Best(case, one, reading.logit, one.lacks(asked))
            for one, reading in zip(chosen, readings, strict=True)
        ),
        key=lambda it: it.candidate.relevance + READING_WEIGHT * it.logit,
        default=None,
    )


def fitted(found: Sequence[Best], answered: float, abroad: float = 1.0) -> ReadCoefficients:
    """Fit one part, and raise its intercept until enough of the right passages are answered.

    :param answered: share of them that is enough.
    :param abroad: the same of those that answer news questions in another language, if there are any.
        News is told less plainly than an encyclopedia tells, so they alone decide.
    """
    right = np.array([one.candidate.right for one in found])
    margin = np.array([one.candidate.margin for one in found])
    logit = np.array([one.logit for one in found])
    lacks = np.array([one.lacks for one in found])
    one = fit_read(margin, logit, lacks, right, _weights(found, right))
    raw = one.margin * margin + one.logit * logit + one.lacks * lacks
    news = right & np.array([one.is_news_from_abroad for one in found])
    least = (
        np.quantile(raw[news], 1 - abroad) if news.any() else np.quantile(raw[right], 1 - answered)
    )
    return replace(one, intercept=-float(least))


def _weights(found: Sequence[Best], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much each passage counts: right and wrong ones the same, and so the kinds of the wrong ones."""
    kinds = np.array([one.case.kind for one in found])
    wrong = {kind: ~right & (kinds == kind) for kind in {*kinds.tolist()} - {"asked"}}
    share = 0.5 * len(found) / max(sum(some.any() for some in wrong.values()), 1)
    weights = np.where(right, 0.5 * len(found) / max(right.sum(), 1), 0.0)
    for some in wrong.values():
        weights[some] = share / max(some.sum(), 1)
    return weights


def main() -> None:
    """Read the command line, and print coefficients and what they reach."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_reader.fit", description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for what was found")
    parser.add_argument("--model", type=Path, required=True, help="folder of the reader")
    parser.add_argument("--leave-out", type=Path, help="as for training")
    parser.add_argument("--answered", type=float, default=0.932, help="share of the right passages")
    parser.add_argument("--across", type=float, default=0.93, help="of those in another script")
    parser.add_argument("--abroad", type=float, default=0.85, help="of those in foreign news")
    given = parser.parse_args()
    path = given.out / "cases.jsonl"
    if not path.exists():
        leave_out = given.leave_out.read_text("utf-8").split() if given.leave_out else []
        draft = path.with_suffix(".draft")
        collect(given.shared, draft, leave_out)
        draft.rename(path)
    reader = BundledReader(given.model)
    read = (one for case in read_cases(path) if (one := best(case, reader)))
    found = [one for one in read if one.candidate.known or not one.candidate.holds]
    parts = {
        part: fitted([one for one in found if one.part == part], answered, given.abroad)
        for part, answered in (("own", given.answered), *((one, given.across) for one in SCRIPTS))
    }
    for part, coefficients in parts.items():
        print(part, coefficients)
    _report(found, parts)


def _report(found: Sequence[Best], parts: Mapping[str, ReadCoefficients]) -> None:
    """Print for each set how often what comes first is right, and what is answered."""
    sets: dict[str, list[Best]] = defaultdict(list)
    for one in found:
        sets[one.case.source].append(one)
    for source, some in sets.items():
        scores: dict[str, list[float]] = defaultdict(list)
        for one in some:
            kind = one.case.kind
            if kind == "asked":
                kind = "right" if one.candidate.right else "wrong"
            scores[kind].append(parts[one.part].score(one.candidate.margin, one.logit, one.lacks))
        right, others = (
            scores["right"],
            [score for kind, of in scores.items() if kind != "right" for score in of],
        )
        first = len(right) / max(1, len(right) + len(scores["wrong"]))
        area = auroc(np.array(right), np.array(others)) if right and others else float("nan")
        answered = " ".join(
            f"{kind} {np.mean(np.array(of) >= 0.5):.2f} ({len(of)})"  # noqa: PLR2004 - even chances
            for kind, of in sorted(scores.items())
        )
        print(f"{source}: right first {first:.3f}, AUROC {area:.3f}; answered: {answered}")


if __name__ == "__main__":
    main()
