"""From scored passages to an answer.

``answer`` chooses what is quoted: threshold, near-copies, an article's share. ``highlight`` finds
the sentence that answers, helped by ``cues`` of what is asked for, and ``excerpt`` how much around
it is quoted. When nothing answers, ``subject`` finds what the archive mentions all the same.
"""
