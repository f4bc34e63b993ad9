"""``newsquote serve``: a page for people and an HTTP API for programs, in one process on one port.

Every request passes ``envelope`` (its id, time, log, headers) and ``gate`` (host, origin, sizes, keys,
limits). ``pages`` and ``api`` answer it; what touches the archive goes through the ``desk``, which
lets so many questions be worked on at once and so many wait. ``server`` keeps slow and hostile
connections from costing more than a socket.

Nothing of it is imported unless its command is called: it needs the extra ``web``.
"""
