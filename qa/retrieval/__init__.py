"""From a query to scored passages.

``ranking`` holds the formula: candidates by words and by vectors, then one relevance a passage, of
which ``late_interaction`` (MaxSim) is a part. ``calibration`` makes an answer score of it,
``rerank`` may reorder the best with a cross-encoder, ``retriever`` puts them together for one
opened generation.
"""
