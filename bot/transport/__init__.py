"""How updates come in and messages go out.

``polling`` or a ``webhook`` (``pushed``) brings updates; ``intake`` notes each, has it read by itself
(``reading``), lets it wait its turn in a
``fair_queue``, checks it at the gate and has it handled once. ``delivery`` sends through a network
that fails now and then, ``limiter`` waits as long as Telegram asks. ``updates`` and ``addressed``
read what is in a message. What answers there need not be quite Telegram: ``server``.
"""
