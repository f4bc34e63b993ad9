"""Which sentence of a quote answers."""

from collections.abc import Sequence

import numpy as np

from index.bundled import TokenTable


def best_sentence(
    question: str, text: str, spans: Sequence[tuple[int, int]], table: TokenTable
) -> tuple[int, int] | None:
    """Return the span of the sentence that answers, or None when there is none.

    :param spans: the sentences of ``text``.
    """
    if not spans:
        return None
    (asked,) = table.ids([question])
    asked = np.unique(asked)
    unit, weights = table.unit(asked), table.weights[asked]
    scores = []
    for ids in table.ids([text[start:end] for start, end in spans]):
        if len(ids) and len(asked):
            best = np.maximum(unit @ table.unit(np.unique(ids)).T, 0).max(axis=1)
            scores.append(float(weights @ best))
        else:
            scores.append(0.0)
    return spans[int(np.argmax(scores))]
