"""Reading: does a passage answer a question, and which of its words do.

``vocabulary`` cuts texts into pieces, ``pairs`` puts question, title and passage in a row, ``reader``
runs the network in ``model``. It knows nothing of archives and rankings.
"""
