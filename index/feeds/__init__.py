"""RSS and Atom feeds to article files in the inbox.

``fetch`` is the story: ``download`` one feed (from public ``addresses`` only), ``parse`` it, make
an ``article_file`` of each entry that is new, and remember in ``state`` what was saved.
"""
