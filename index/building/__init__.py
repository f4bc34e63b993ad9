"""From files to the current generation, and keeping it true.

``archive`` is the door: build, update, status, roll back. ``inventory`` knows which files there
are, ``plan`` what is to be done with each, ``prepare`` cuts and tokenises in worker processes,
``writer`` fills the parts, ``write`` makes the whole current. ``verify`` compares an index with
its sources, ``repair`` mends it, ``watch`` calls when files have changed. ``shares`` divides an
archive among machines, ``join`` makes one index of their parts; ``known_vectors`` spares it, and a repair,
what has been encoded already.
"""
