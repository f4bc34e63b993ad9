"""From an article file to an ``Article``: what a careful reader would copy out of it.

``files`` finds and reads, ``decode`` makes text of bytes, ``front_matter`` and ``metadata`` read
the head, ``extract`` tells the story of the body: ``html_tree``, then ``lines``, then ``sift``.
What is particular to a site stands in a table (``furniture``), what is particular to a kind of
archive in another (``families``). ``docs/extraction.md`` has the rules, R1 to R17.
"""
