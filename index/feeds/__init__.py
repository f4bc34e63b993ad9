"""RSS and Atom feeds to article files in the inbox.

``fetch`` is the story: ``download`` one feed (from public ``addresses`` only), ``parse`` it
(``beside`` keeps captions from taking an article's place), know each entry by its ``identity``,
make an ``article_file`` of what is new, and remember in ``state`` what was saved.
"""
