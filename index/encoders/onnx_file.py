"""Networks in ONNX Runtime, which tells its makers nothing.

From 1.29 on, the library writes a number for this machine and what it sends to its makers into the cache
folder as soon as it is imported, unless a variable of the environment forbids it.
https://github.com/microsoft/onnxruntime/pull/27379
"""

import os
from pathlib import Path
from typing import Any

_SILENCE = "ORT_DISABLE_TELEMETRY"


def open_network(path: Path, *, threads: int = 1) -> Any:
    """Open a network, whose ``run`` may be called by several threads at once.

    :param threads: that one call takes.
    :raises Exception: of any kind, if it cannot be opened: the library's have none in common.
    """
    os.environ.setdefault(_SILENCE, "1")
    # Imported when wanted: many commands do without. It has no types.
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
