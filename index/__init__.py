"""From article files to a searchable index: extract, cut into passages, encode, store.

Nothing here knows about questions (see ``qa``) or about Telegram (see ``bot``).
"""
