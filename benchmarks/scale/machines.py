"""The machines that the plan counts with."""

from dataclasses import dataclass

_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that can be rented.

    :ivar memory: GiB.
    :ivar disk: GB of NVMe; 0 = none.
    :ivar price: USD an hour.
    :ivar network: Mbit/s that it always has.
    """

    name: str
    processors: int
    memory: int
    disk: int
    price: float
    network: int = 0

    @property
    def memory_bytes(self) -> float:
        """Memory in bytes."""
        return self.memory * _GIB


NODE = Machine("i7i.4xlarge", 16, 128, 3750, 1.5101, 9375)
"""Holds shares of a collection, and searches them."""

SERVICE = Machine("m7i.xlarge", 4, 16, 0, 0.2016)
ASKED = Machine("m7i.2xlarge", 8, 32, 0, 0.4032)
"""Runs newsquote: ranking and reading."""

BUILDER = Machine("m7i.4xlarge", 16, 64, 0, 0.8064)
GPU = Machine("g6.xlarge", 4, 16, 250, 0.8048)
ALONE = (
    Machine("i7i.xlarge", 4, 32, 937, 0.3775),
    Machine("i7i.2xlarge", 8, 64, 1875, 0.755),
    NODE,
    Machine("i7i.8xlarge", 32, 256, 7500, 3.0202),
    Machine("i7i.12xlarge", 48, 384, 11250, 4.5302),
    Machine("i7i.16xlarge", 64, 512, 15000, 6.0403),
    Machine("i7i.24xlarge", 96, 768, 22500, 9.0605),
)
"""One of them holds local files."""
