"""What the bot remembers across restarts, all of it in one SQLite file (``state``).

Conversations and preferences (``chats``), ``answers`` whose buttons must go on working,
``watches``, who may use the bot (``access``), and the ``ledger`` of updates taken and not yet
handled.
"""
