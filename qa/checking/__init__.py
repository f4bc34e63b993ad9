"""Whether a quotation stands in the archive, where, and what was changed.

``marks`` finds the quotations in a text. ``words`` cuts texts into what is compared: words, numbers and
Han characters, folded, without punctuation and spaces. ``candidates`` asks the index for articles that may
hold a quotation, ``verbatim`` looks for it there word for word, and ``meaning`` whether a "not" or a part of a
number was cut off. Where no text holds it, titles are looked into. Where it stands nowhere, ``pieces`` takes it apart by ``alignment`` with what comes nearest,
and ``difference`` tells what was changed. ``speakers`` tells who says the words there. ``check`` puts them together into a ``verdicts.Check``.
"""
