"""What the bot remembers across restarts, all of it in one SQLite file (``state``).

Conversations and preferences (``chats``), ``answers`` whose buttons must go on working,
``watches``, who may use the bot (``access``), and the ``ledger`` of updates taken and not yet
handled. What is kept about a group moves with it (``moves``). Other rooms ask by coroutines: a full disk
or a locked file keeps them waiting, never the event loop.
"""
