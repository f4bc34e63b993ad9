"""How good the answers are.

``dataset`` reads question sets in BEIR's format, ``questions`` question files, both line by line
through ``records``. ``archives`` makes an index for them, ``asking`` asks and judges each question,
``baseline`` ranks by BM25 beside it. ``metrics`` and ``bootstrap`` are the arithmetic, ``report``
the figures, ``evaluate`` all of that in its order. ``calibrate`` fits the answer score.
"""
