"""What the bot does with an update, one subject a module.

``answering`` questions and the buttons below answers, ``talk`` about itself, ``watching``
questions, ``inline`` mode, ``privacy``, ``administration`` with ``documents``, and ``failures`` of
all these.
"""
