"""What a question means.

``query`` is the story: ``dates`` (by the table ``date_rules``) and ``sources`` in it become
filters, ``followup`` completes it from the turn before, ``smalltalk`` tells what is no question at
all.
"""
