"""Reading: does a passage answer a question, and which of its words do.

``pairs`` brings a question and a passage into the form in which ``reader`` takes them.
"""
