"""An archive's index in Milvus: milvus-lite in a file, one server, or a cluster.

A generation is built in the index folder as ever, then *published*: its rows are compared with those
that Milvus holds, and what differs is written. Every row says from which generation it counts and
until which, so old generations go on answering while a new one is written, and beside it.

``client`` is the only module that knows pymilvus, ``faults`` knows what servers say. ``schema`` says what collections and rows look
like, ``numbers`` gives rows and words their numbers, ``packing`` turns texts, tokens and frequencies
into fields, ``rows`` makes rows of a generation. ``difference`` compares them with what is there,
``publish`` writes that. ``records`` knows which generations there are, ``lease`` lets one process write.
``bulk_write`` writes a generation as files
instead, ``bulk_files`` tells of them, ``jobs`` asks the server to import them, ``bulk_import`` makes a generation of them.
``searcher`` answers, with ``covered`` for words that have translations; ``engine`` opens it.
"""
