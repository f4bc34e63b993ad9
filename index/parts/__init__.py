"""The parts of a generation on disk, each with its files: row *i* is passage *i* in all of them.

The database of articles and passages, the vectors with their codes, the words, the token lists,
the columns that filters read, the groups of near-copies. Each part can be written, opened and
searched by itself, and names and checks its own files. FAISS, tantivy and SQLite are met here.
"""
