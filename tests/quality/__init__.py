"""Figures on real data that is not part of the project; ``python -m tests.quality FOLDER``."""
