import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="Linux says which cores are allowed"
)
def test_a_process_counts_the_cores_that_it_may_use() -> None:
    allowed = min(os.sched_getaffinity(0))
    script = f"import os; os.sched_setaffinity(0, {{{allowed}}}); from index.cores import cores; print(cores())"
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout == "1\n"
