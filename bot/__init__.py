"""The Telegram bot: a thin rim around ``qa.service``."""

import os

# Questions are answered side by side, each with small matrices: OpenBLAS's further threads would
# spin beside every product. It reads this when NumPy is imported, so it stands before all else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
