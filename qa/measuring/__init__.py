"""How good the answers are.

``dataset`` reads question sets, ``evaluate`` asks them of an index built for it, ``calibrate``
fits the answer score to them.
"""
