"""The tables of the bot's state, as one version of them became the next."""

MIGRATIONS = (
    """
    CREATE TABLE updates (  -- taken from Telegram; handled when payload is NULL
        update_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, payload TEXT
    ) STRICT;
    CREATE TABLE turns (
        n INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL, turn TEXT NOT NULL, UNIQUE (chat_id, user_id, message_id)
    ) STRICT;
    CREATE TABLE filters (
        chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL, filters TEXT NOT NULL,
        PRIMARY KEY (chat_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE preferences (user_id INTEGER PRIMARY KEY, language TEXT NOT NULL) STRICT;
    CREATE TABLE answers (
        id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
        question_id INTEGER NOT NULL, message_id INTEGER, asked TEXT NOT NULL,
        places TEXT NOT NULL, at REAL NOT NULL, UNIQUE (chat_id, question_id)
    ) STRICT;
    CREATE TABLE feedback (
        answer_id INTEGER NOT NULL, user_id INTEGER NOT NULL, good INTEGER NOT NULL,
        question TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (answer_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE members (user_id INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT;
    CREATE TABLE invitations (
        code TEXT PRIMARY KEY, user_id INTEGER NOT NULL, at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE watches (
        id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, user_id INTEGER NOT NULL,
        question TEXT NOT NULL, filters TEXT NOT NULL, language TEXT NOT NULL,
        generation TEXT NOT NULL
    ) STRICT;
    CREATE TABLE seen (
        watch_id INTEGER NOT NULL REFERENCES watches ON DELETE CASCADE, quote TEXT NOT NULL,
        PRIMARY KEY (watch_id, quote)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE watches ADD COLUMN thread INTEGER;  -- of a forum, where its news go
    ALTER TABLE watches ADD COLUMN daily INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE watches ADD COLUMN told TEXT NOT NULL DEFAULT '';  -- day of the last digest
    """,
    """
    ALTER TABLE answers ADD COLUMN turn TEXT;  -- what the answer adds to its conversation
    CREATE TABLE moves (  -- groups that have become supergroups
        old_id INTEGER PRIMARY KEY, new_id INTEGER NOT NULL
    ) STRICT;
    """,
)
"""In order; ``PRAGMA user_version`` says how many a file has had. Never change one, add one."""
