"""Networks in ONNX Runtime."""

from pathlib import Path
from typing import Any


def open_network(path: Path, *, threads: int = 1) -> Any:
    """Open a network, whose ``run`` may be called by several threads at once.

    :param threads: that one call takes.
    :raises Exception: of any kind, if it cannot be opened: the library's have none in common.
    """
    # Imported when wanted: many commands do without. It has no types.
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
