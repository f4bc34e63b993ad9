"""Text, whoever asks for it: the ground floor.

How a text is folded and cut into lexical tokens (``tokens``), passages and sentences; in which
language and script it is written; which dates and translations its words stand for. Pure functions
and tables: nothing here knows of files, models or an index.
"""
