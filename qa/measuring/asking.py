"""Questions asked of an archive, and what is judged of each: one figure a question, or none.

Every figure is a share in [0, 1]. Which texts and articles are right is told by the question.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from qa.measuring.baseline import Ranking
from qa.measuring.metrics import ndcg, recall, reciprocal_rank
from qa.measuring.questions import Question, Scope
from qa.measuring.tracking import Track, untracked
from qa.service import Service
from qa.types import Answer, Quote

RANKED = 10
"""Articles that count in a ranking."""

SHOWN = 3
"""Quotes that are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what came back.

    :ivar ranking: articles by the relevance of their best passage, best first, ``RANKED`` at most.
    :ivar answer: with ``SHOWN`` quotes at most, or as many near misses.
    :ivar baselines: other rankings of the articles, by their name.
    """

    question: Question
    ranking: Sequence[str]
    answer: Answer
    baselines: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def score(self) -> float:
        """The best answer score of all that is quoted or nearly was; 0 when that is nothing."""
        return max((quote.score for quote in _best_first(self.answer)), default=0.0)


Judge: TypeAlias = Callable[[Asked], float | None]
"""What a question adds to a figure; None when it is not one of those that count."""


def ask_all(
    service: Service,
    questions: Sequence[Question],
    baselines: Mapping[str, Ranking] = MappingProxyType({}),
    track: Track = untracked,
) -> list[Asked]:
    """Ask every question and keep what came back."""
    asking = track(questions, len(questions), "asking", "questions")
    return [_asked(service, question, baselines) for question in asking]


def _asked(service: Service, question: Question, baselines: Mapping[str, Ranking]) -> Asked:
    # The answer first, for its time is measured: what was read for it is remembered.
    answer = service.answer(question.text, quotes=SHOWN, near=True, now=question.asked)
    ranking = [path for path, _ in service.rank_articles(question.text, RANKED, now=question.asked)]
    return Asked(
        question, ranking, answer, {name: rank(question.text) for name, rank in baselines.items()}
    )


def judges(baselines: Iterable[str] = ()) -> dict[str, Judge]:
    """Return what judges a question, by the name of its figure.

    :param baselines: names of rankings to judge beside newsquote's own.
    """
    figures: dict[str, Judge] = {
        "mrr@10": _of_ranking(reciprocal_rank, RANKED),
        "recall@1": _of_ranking(recall, 1),
        "recall@5": _of_ranking(recall, 5),
        "recall@10": _of_ranking(recall, RANKED),
        "ndcg@10": _of_ranking(ndcg, RANKED),
    }
    for name in baselines:
        figures[f"{name}_mrr@10"] = _of_ranking(reciprocal_rank, RANKED, name)
        figures[f"{name}_recall@5"] = _of_ranking(recall, 5, name)
    return figures | {
        "first_quote_right": _of_answers(_first_quote_right),
        "right_among_three": _of_answers(_right_among_three),
        "highlight_right": _of_answers(_highlight_right),
        "answer_in_quote": _of_answers(_answer_in_quote),
        "answer_in_highlight": _of_answers(_answer_in_highlight),
        "declined": _declined,
        "answered_falsely": _answered_falsely(None),
        "answered_falsely_near": _answered_falsely("near"),
        "answered_falsely_far": _answered_falsely("far"),
    }


def _of_ranking(
    metric: Callable[[Sequence[str], Mapping[str, int], int], float], k: int, baseline: str = ""
) -> Judge:
    def judge(asked: Asked) -> float | None:
        ranking = asked.baselines[baseline] if baseline else asked.ranking
        relevant = asked.question.relevant
        return metric(ranking, relevant, k) if relevant else None

    return judge


def _of_answers(holds: Callable[[Asked], bool]) -> Judge:
    """Judge the questions of which it is known what answers them."""

    def judge(asked: Asked) -> float | None:
        return float(holds(asked)) if asked.question.answers else None

    return judge


def _first_quote_right(asked: Asked) -> bool:
    return any(_right(quote, asked.question) for quote in asked.answer.quotes[:1])


def _right_among_three(asked: Asked) -> bool:
    return any(_right(quote, asked.question) for quote in asked.answer.quotes)


def _highlight_right(asked: Asked) -> bool:
    return _first_quote_right(asked) and _marked(asked.answer.quotes[0], asked.question)


def _answer_in_quote(asked: Asked) -> bool:
    return any(_holds(quote.text, asked.question) for quote in _best_first(asked.answer)[:1])


def _answer_in_highlight(asked: Asked) -> bool:
    return any(_marked(quote, asked.question) for quote in _best_first(asked.answer)[:1])


def _declined(asked: Asked) -> float | None:
    return float(not asked.answer.quotes) if asked.question.answerable else None


def _answered_falsely(scope: Scope | None) -> Judge:
    def judge(asked: Asked) -> float | None:
        counts = not asked.question.answerable and scope in (None, asked.question.scope)
        return float(bool(asked.answer.quotes)) if counts else None

    return judge


def _best_first(answer: Answer) -> tuple[Quote, ...]:
    """Return the quotes, or the near misses where nothing answers."""
    return answer.quotes + answer.near


def _right(quote: Quote, question: Question) -> bool:
    """Whether a quote is from a right article and holds an answer."""
    return quote.article.path in question.relevant and _holds(quote.text, question)


def _marked(quote: Quote, question: Question) -> bool:
    return any(_holds(quote.text[start:end], question) for start, end in quote.highlights)


def _holds(text: str, question: Question) -> bool:
    return any(answer in text for answer in question.answers)
