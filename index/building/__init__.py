"""From files to the current generation, and keeping it true.

``archive`` is the door: build, update, status, roll back. ``inventory`` knows which files there
are, ``plan`` what is to be done with each, ``prepare`` cuts and tokenises in worker processes,
``writer`` fills the parts, ``write`` makes the whole current. ``verify`` compares an index with
its sources, ``repair`` mends it, ``watch`` calls when files have changed.
"""
