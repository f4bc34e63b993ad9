"""From a query to scored passages.

``ranking`` holds the formula: candidates by words and by vectors, then one relevance a passage, of
which ``late_interaction`` (MaxSim) is a part. ``reading`` lets the best ``hits`` be read with the
question in mind, ``calibration`` makes an answer score of all that, ``rerank`` may reorder the best with
a cross-encoder, ``retriever`` puts them together for one opened generation.
"""
