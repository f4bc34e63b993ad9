"""How long the tests wait for what must come."""

PATIENCE_S = 600
"""No machine takes so long, however slow and busy: only what hangs does. The limit for a whole test,
``timeout`` in pyproject.toml, is longer still, so that it is the wait that fails and says for what.
"""
